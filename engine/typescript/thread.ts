// Threads an AbortSignal through callers. Being written.
import type { LowerInput } from "../lower.ts";
import type { FileEdit, Thread } from "../types.ts";
export async function threadEdits(_thread: Thread, _input: LowerInput): Promise<FileEdit["edits"] | undefined> {
  return undefined;
}
