// The end of a command that shows what was read: says on standard error what was not, and closes the session.

import { exitCode } from "./exit-code.ts";
import { paintFor } from "./paint.ts";
import { problemLines } from "./report/text.ts";
import type { Opened } from "./open.ts";
import type { LintResult } from "../engine/types.ts";

/** Returns the exit code. Findings do not count: nobody asked for them. */
export async function finish({ session, display }: Opened, result: LintResult): Promise<number> {
  for (const line of problemLines(result.problems, { text: (path) => session.text(path), display }, paintFor(process.stderr))) process.stderr.write(line);
  await session.close();
  return exitCode(result);
}
