// Links and their absence, said in few lines: what has the same reason stands together, and a workload that several files repeat stands once.

import { plural } from "./report/report.ts";
import type { Summary } from "../engine/types.ts";

/** Most names that are shown for one reason: `pitlint services` lists all. */
const most = 8;
/** Up to so many are shown with their files. */
const few = 3;

/** One line for each reason, with the names that it holds for. */
export function unlinkedLines(unlinked: Summary["unlinked"]): readonly string[] {
  const reasons = new Map<string, Map<string, string[]>>();
  for (const { name, reason } of unlinked) {
    const { id, file } = split(name);
    const ids = reasons.get(reason) ?? new Map<string, string[]>();
    reasons.set(reason, ids.set(id, [...(ids.get(id) ?? []), ...(file === undefined ? [] : [file])]));
  }
  return [...reasons].map(([reason, ids]) => {
    // Of many the names are enough: a line that wraps twice is not read.
    const names = [...ids].slice(0, most).map(([id, files]) => (ids.size > few ? id : placed(id, files)));
    return `${reason}: ${names.join(", ")}${ids.size > most ? ` and ${ids.size - most} more` : ""}`;
  });
}

/** One line for each service and workload that are linked on the same evidence. */
export function linkedLines(linked: Summary["linked"]): readonly string[] {
  const rows = new Map<string, { readonly said: string; readonly id: string; readonly evidence: string; readonly files: string[] }>();
  for (const { service, source, target, evidence } of linked) {
    const { id, file } = split(target);
    const key = JSON.stringify([source, id, evidence]);
    const row = rows.get(key) ?? { said: `${service} (${source || "."})`, id, evidence, files: [] };
    rows.set(key, row);
    if (file !== undefined) row.files.push(file);
  }
  return [...rows.values()].map(({ said, id, evidence, files }) => `${said}: ${placed(id, files)}: ${evidence}`);
}

/** How many different workloads these are, whatever files repeat them. */
export function workloadCount(names: readonly string[]): number {
  return new Set(names.map((one) => split(one).id)).size;
}

/** `compose/orders (compose.yaml and 2 more files)`. */
export function placed(id: string, files: readonly string[]): string {
  const [first] = files;
  return first === undefined ? id : `${id} (${first}${files.length > 1 ? ` and ${plural(files.length - 1, "more file")}` : ""})`;
}

/** `Deployment/orders (k8s/orders.yaml)` into both; `package services/orders` has no file. */
export function split(name: string): { readonly id: string; readonly file?: string } {
  const [, id, file] = /^(.*) \(([^()]*)\)$/.exec(name) ?? [];
  return id === undefined || file === undefined ? { id: name } : { id, file };
}
