// What the status item shows: counts, pack versions, and whether the workspace asks for another version of pitlint.

import { packs } from "../rules/packs/index.ts";
import type { Status } from "./protocol.ts";
import type { View } from "./view.ts";

export function statusOf(views: readonly View[], state: Status["state"], version: string, message?: string): Status {
  const wanted = views.flatMap((one) => wantedVersion(one) ?? []).find((one) => !admits(one, version));
  return {
    state, version, packs: packVersions(views[0]),
    findings: views.reduce((sum, one) => sum + one.result.diagnostics.length, 0),
    servicesLinked: views.reduce((sum, one) => sum + new Set(one.result.summary.linked.map((link) => link.source)).size, 0),
    incomplete: views.reduce((sum, one) => sum + new Set(one.result.problems.filter((problem) => problem.incomplete).map((problem) => problem.file)).size, 0),
    ...(wanted === undefined ? {} : { wantedVersion: wanted }),
    ...(message ? { message } : {}),
  };
}

/** The release of each pack that runs at the root of a folder. */
export function packVersions(view: View | undefined): Readonly<Record<string, string>> {
  const pins = view?.folder.session.configFor("pitlint.yaml").pins ?? {};
  return Object.fromEntries(packs.map((pack) => {
    const pin = Object.hasOwn(pins, pack.name) ? pins[pack.name]! : undefined;
    const pinned = pack.releases.findLast((one) => pin !== undefined && (one.version === pin || one.version.startsWith(`${pin}.`)));
    return [pack.name, (pinned ?? pack.releases.at(-1)!).version];
  }));
}

/** What the root's package.json asks for. */
function wantedVersion(view: View): string | undefined {
  const text = view.folder.session.text("package.json");
  const found = text === undefined ? undefined : /"pitlint"\s*:\s*"([\^~]?\d+\.\d+\.\d[\w.-]*)"/.exec(text)?.[1];
  return found;
}

/** Whether a range of package.json (`1.2.3`, `~1.2.3`, `^1.2.3`) admits a version. */
function admits(range: string, version: string): boolean {
  const [, mark = "", low = ""] = /^([\^~]?)(.*)$/.exec(range)!;
  if (!mark || low === version) return low === version;
  const [a, b] = [low, version].map((one) => one.split(/[.-]/, 3).map(Number)) as [number[], number[]];
  const fixed = mark === "~" || a[0] === 0 ? 2 : 1;
  if (a.slice(0, fixed).some((part, index) => part !== b[index])) return false;
  return b[1]! > a[1]! || (b[1] === a[1] && b[2]! >= a[2]!);
}
