// `pitlint services`: which package was linked to which workload, on what evidence, and what was not linked and why. Lists everything; what several files repeat stands once.

import { finish } from "../finish.ts";
import { openAt } from "../open.ts";
import { split } from "../unlinked.ts";
import type { Arguments } from "../arguments.ts";

export async function services(args: Arguments): Promise<number> {
  const opened = await openAt(args);
  const { session } = opened;
  const { linked, unlinked } = session.result.summary;
  for (const source of [...new Set(linked.map((one) => one.source))].sort()) {
    const links = linked.filter((one) => one.source === source);
    process.stdout.write(`${links[0]!.service} (${source || "."})\n`);
    for (const [target, evidence] of merged(links.map((one) => [one.target, one.evidence] as const))) process.stdout.write(`  ${target}\n    ${evidence}\n`);
  }
  if (unlinked.length) process.stdout.write(`${linked.length ? "\n" : ""}not linked\n`);
  const reasons = new Map<string, string[]>();
  for (const [name, reason] of merged(unlinked.map((one) => [one.name, one.reason] as const))) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  for (const [reason, names] of reasons) process.stdout.write(`  ${reason}\n${names.map((name) => `    ${name}\n`).join("")}`);
  if (linked.some(({ evidence }) => /^E\d/.test(evidence))) process.stdout.write("\nEvidence, the strongest first: E5 pitlint.yaml states it, E4 it is built from there, E3 the image, E2 names, E1 the folder. What fits two packages links nothing.\n");
  return finish(opened, session.result);
}

/** `compose/orders (compose.yaml, compose.dev.yaml)`, for those that are said the same of. */
function merged(rows: readonly (readonly [name: string, said: string])[]): readonly (readonly [name: string, said: string])[] {
  const found = new Map<string, { readonly id: string; readonly said: string; readonly files: string[] }>();
  for (const [name, said] of rows) {
    const { id, file } = split(name);
    const key = JSON.stringify([id, said]);
    const row = found.get(key) ?? { id, said, files: [] };
    found.set(key, row);
    if (file !== undefined) row.files.push(file);
  }
  return [...found.values()].map(({ id, said, files }) => [files.length ? `${id} (${files.join(", ")})` : id, said]);
}
