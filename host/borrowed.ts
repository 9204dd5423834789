// Files that are read for others alone.

import type { Extract } from "../engine/types.ts";

/**
 * Takes out files that could not be read whole and that nothing in their own text gives a reason to read. They are read again while others ask for them; once nobody does,
 * they must keep no rule silent, as they would not in a first run.
 */
export function forgetBorrowed(extracts: Map<string, Extract>, hasReason: (path: string) => boolean): void {
  for (const [path, { problems }] of extracts) if (problems.some((one) => one.incomplete) && !hasReason(path)) extracts.delete(path);
}
