// `pitlint services`: which package was linked to which workload, on what evidence, and what was not linked and why.

import { openAt } from "../open.ts";
import type { Arguments } from "../arguments.ts";

export async function services(args: Arguments): Promise<number> {
  const { session } = await openAt(args);
  const { linked, unlinked } = session.result.summary;
  for (const source of [...new Set(linked.map((one) => one.source))].sort()) {
    const links = linked.filter((one) => one.source === source);
    process.stdout.write(`${links[0]!.service} (${source || "."})\n`);
    for (const one of links) process.stdout.write(`  ${one.target}\n    ${one.evidence}\n`);
  }
  if (unlinked.length) process.stdout.write(`${linked.length ? "\n" : ""}not linked\n`);
  for (const one of unlinked) process.stdout.write(`  ${one.name}\n    ${one.reason}\n`);
  await session.close();
  return session.result.complete ? 0 : 3;
}
