// Writes one file whole or not at all, over an older one as over nothing. Makes no folders.

import { readFileSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { sweepTemps, writeTemp } from "./temp-file.ts";
import { uninterrupted } from "./uninterrupted.ts";

/** False when the file holds the text already. Follows a link to a file; throws what the system says. */
export function replaceFile(path: string, text: string): Promise<boolean> {
  return uninterrupted(() => {
    const found = statSync(path, { throwIfNoEntry: false });
    const target = found ? realpathSync(path) : path;
    const bytes = Buffer.from(text);
    if (found?.isFile() && readFileSync(target).equals(bytes)) return false;
    sweepTemps(dirname(target));
    const temp = writeTemp(dirname(target), bytes, found);
    try {
      renameSync(temp, target);
    } catch (error) {
      rmSync(temp, { force: true });
      throw error;
    }
    return true;
  });
}
