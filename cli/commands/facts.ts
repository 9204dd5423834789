// `pitlint facts`: every fact that was read, with its place, service and value. For finding out why two places were, or were not, compared.

import { finish } from "../finish.ts";
import { openAt } from "../open.ts";
import { ranges } from "../report/report.ts";
import type { Arguments } from "../arguments.ts";

export async function facts(args: Arguments): Promise<number> {
  const opened = await openAt(args);
  const { session } = opened;
  const { index } = session.result;
  const range = ranges({ text: (path) => session.text(path) });
  for (const kind of session.plan.kinds)
    for (const one of index.list(kind)) {
      if (!opened.asked(one.at.file)) continue;
      const { line, column } = range(one.at).start;
      const whose = one.service === undefined ? "no service" : one.service.replace(/^package:/, "") || "root";
      process.stdout.write(`${opened.display(one.at.file)}:${line}:${column} ${kind.id} [${whose}] ${show(one.value)}\n`);
    }
  return finish(opened, opened.result());
}

/** A value in one line: provenance spans left out. */
function show(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === "from" || (inner !== null && typeof inner === "object" && "file" in inner && "start" in inner) ? undefined : inner)) ?? "";
}
