// What the operating system said, in words for a problem. Computes only.

import type { Problem } from "../engine/types.ts";

/** A failed system call as a short reason: `permission denied (EACCES)`. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${words[code] ?? "the system refused"} (${code})`;
}

/** A file or folder that could not be read. Its content is missing from the result. */
export function unreadable(file: string, error: unknown): Problem {
  const gone = (error as NodeJS.ErrnoException).code === "ENOENT";
  return { kind: "unreadable", file, message: gone ? "is gone; not analysed" : `cannot be read: ${reasonOf(error)}; not analysed`, incomplete: true };
}

const words: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "in use",
  EEXIST: "exists already",
  EFBIG: "file too large",
  EISDIR: "is a folder",
  ELOOP: "too many links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "path too long for the system",
  ENOENT: "no such file or folder",
  ENOSPC: "no space left",
  ENOTDIR: "part of the path is no folder",
  EPERM: "not permitted",
  EROFS: "read-only file system",
};
