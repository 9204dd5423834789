// `pitlint services`: which package was linked to which workload, on what evidence, and what was not linked and why.

import { finish } from "../finish.ts";
import { openAt } from "../open.ts";
import type { Arguments } from "../arguments.ts";

export async function services(args: Arguments): Promise<number> {
  const opened = await openAt(args);
  const { session } = opened;
  const { linked, unlinked } = session.result.summary;
  for (const source of [...new Set(linked.map((one) => one.source))].sort()) {
    const links = linked.filter((one) => one.source === source);
    process.stdout.write(`${links[0]!.service} (${source || "."})\n`);
    for (const one of links) process.stdout.write(`  ${one.target}\n    ${one.evidence}\n`);
  }
  if (unlinked.length) process.stdout.write(`${linked.length ? "\n" : ""}not linked\n`);
  for (const one of unlinked) process.stdout.write(`  ${one.name}\n    ${one.reason}\n`);
  return finish(opened, session.result);
}
