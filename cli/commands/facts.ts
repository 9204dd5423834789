// `pitlint facts`: every fact that was read, with its place, service and value. For finding out why two places were, or were not, compared.

import { openAt } from "../open.ts";
import { lineStarts, position } from "../../host/lines.ts";
import type { Arguments } from "../arguments.ts";

export async function facts(args: Arguments): Promise<number> {
  const opened = await openAt(args);
  const { session } = opened;
  const { index } = session.result;
  for (const kind of session.plan.kinds)
    for (const one of index.list(kind)) {
      const { line, column } = position(lineStarts(session.text(one.at.file) ?? ""), one.at.start);
      const whose = one.service === undefined ? "no service" : one.service.replace(/^package:/, "") || "root";
      process.stdout.write(`${opened.display(one.at.file)}:${line}:${column} ${kind.id} [${whose}] ${show(one.value)}\n`);
    }
  await session.close();
  return session.result.complete ? 0 : 3;
}

/** A value in one line: provenance spans left out. */
function show(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === "from" || (inner !== null && typeof inner === "object" && "file" in inner && "start" in inner) ? undefined : inner)) ?? "";
}
