// Writes a report to a file: whole or not at all, over an older report as over nothing. Makes no folders.

import { lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { reasonOf } from "../../host/failure.ts";
import { sweepTemps, writeTemp } from "../../host/temp-file.ts";
import { uninterrupted } from "../../host/uninterrupted.ts";
import { UsageError } from "../arguments.ts";

/** A file that a report can be written to, as far as could be told before the run. */
export interface Target {
  /** As the user wrote it. */
  readonly to: string;
  /** Absolute; of a file that exists, without links. */
  readonly path: string;
}

/** Looks at a file before the run, so that a misspelt folder costs no time. Throws a UsageError that says what to do. */
export function targetOf(to: string): Target {
  const path = resolve(to);
  const folder = kindOf(to, dirname(path));
  const shown = dirname(to);
  if (!folder) throw refused(to, `there is no folder ${shown}; make it first`);
  if (!folder.isDirectory()) throw refused(to, `${shown} is no folder`);
  const found = kindOf(to, path);
  if (found?.isDirectory()) throw refused(to, "it is a folder; name a file in it");
  if (found?.isFile() && (found.mode & 0o222) === 0) throw refused(to, "it is read-only");
  try {
    return { to, path: found?.isFile() ? realpathSync(path) : path };
  } catch (error) {
    throw refused(to, reasonOf(error));
  }
}

/** Writes a report. A device or a pipe takes it as it comes; a file is swapped whole. Throws a UsageError. */
export async function save({ to, path }: Target, written: string): Promise<void> {
  try {
    await uninterrupted(() => write(path, written));
  } catch (error) {
    throw refused(to, reasonOf(error));
  }
}

function write(path: string, written: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if ((found && !found.isFile()) || /^\/(dev|proc)\//.test(path)) return writeFileSync(path, written);
  sweepTemps(dirname(path));
  const temp = writeTemp(dirname(path), Buffer.from(written), found);
  try {
    renameSync(temp, path);
  } catch (error) {
    rmSync(temp, { force: true });
    throw error;
  }
}

/** What stands at a path, through links; undefined for nothing. */
function kindOf(to: string, path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw refused(to, reasonOf(error));
  }
}

const refused = (to: string, why: string) => new UsageError(`cannot write the report to ${to}: ${why}`);
