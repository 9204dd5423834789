// Temporary files beside the file they will replace: a rename then swaps the whole content at once. Removes none but pitlint's own.

import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fchownSync, lstatSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Who owns a file and who may use it. */
export interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Writes bytes, whole or in parts, to a new file in a folder and returns its path. Leaves nothing behind when it throws. */
export function writeTemp(folder: string, bytes: Buffer | Iterable<Uint8Array>, access?: Access): string {
  const path = join(folder, `.pitlint-${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
  const handle = openSync(path, "wx", access ? 0o600 : 0o666);
  try {
    try {
      for (const part of gathered(bytes)) for (let done = 0; done < part.length; ) done += writeSync(handle, part, done);
      if (access) {
        // A new owner clears the set-uid bits, so the mode comes last.
        if (process.getuid && (access.uid !== process.getuid() || access.gid !== process.getgid!())) fchownSync(handle, access.uid, access.gid);
        fchmodSync(handle, access.mode & 0o7777);
      }
    } finally {
      closeSync(handle);
    }
    return path;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** Many small parts as fewer large ones. */
function* gathered(bytes: Buffer | Iterable<Uint8Array>): Iterable<Buffer> {
  if (Buffer.isBuffer(bytes)) return yield bytes;
  let some: Uint8Array[] = [];
  let size = 0;
  for (const part of bytes) {
    some.push(part);
    if ((size += part.length) < 1024 * 1024) continue;
    yield Buffer.concat(some);
    some = [];
    size = 0;
  }
  yield Buffer.concat(some);
}

/** Removes temporary files that a killed run left in a folder: older than an hour, of a process that is gone. Best effort: those it may not remove stay. */
export function sweepTemps(folder: string): void {
  for (const name of namesIn(folder)) {
    const pid = /^\.pitlint-(\d+)-[0-9a-f]{12}\.tmp$/.exec(name)?.[1];
    if (pid === undefined || lives(Number(pid))) continue;
    const path = join(folder, name);
    try {
      const stat = lstatSync(path);
      if (stat.isFile() && Date.now() - stat.mtimeMs > 60 * 60 * 1000) rmSync(path);
    } catch {
      // Another run removed it first, or it belongs to somebody else: neither is in the way of this run.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder may be writable without being readable.
    return [];
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
