// Reads files: bytes first, text only when somebody needs it. Opens regular files only, and changes nothing.

import { isAscii, isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { unreadable } from "./failure.ts";
import type { Problem } from "../engine/types.ts";

/** What tells that a file has not changed since it was read. Times in ms since 1970, with fractions. */
export interface FileStat {
  readonly size: number;
  readonly mtimeMs: number;
  /** Also moves when a tool puts an old mtime back. */
  readonly ctimeMs: number;
}

/** A file as read. */
export interface RawFile {
  readonly path: string;
  /** One character for each byte: all that `decode` needs. */
  readonly latin1: string;
  /** The bytes are their text. */
  readonly ascii: boolean;
  readonly stat: FileStat;
}

export interface Decoded {
  /** Without a byte order mark. */
  readonly text: string;
  /** The file starts with a byte order mark; a fix puts it back. */
  readonly bom: boolean;
  /** False when encoding the text does not give the bytes again: such a file is never fixed. */
  readonly lossless: boolean;
  /** Why it is not lossless. */
  readonly problem?: Problem;
}

/** Larger source files are not read (bytes): the TypeScript parser needs some 80 bytes of memory for each byte of text, the YAML parser up to 480. */
export const sourceCap = 5 * 1024 * 1024;

/** A reader of files below a root. It holds one buffer that all files pass through. */
export function createReader(root: string): (path: string, cap?: number) => RawFile | Problem {
  const scratch = Buffer.allocUnsafeSlow(256 * 1024);
  const base = join(root, "/");
  return (path, cap = sourceCap) => {
    const read = readBytes(base + path, path, cap, scratch);
    if (isProblem(read)) return read;
    const { bytes, stat } = read;
    if (isWide(bytes)) return undecodable(path);
    return { path, latin1: bytes.toString("latin1"), ascii: isAscii(bytes), stat };
  };
}

/** Reads one file as text. */
export function readText(root: string, path: string, cap?: number): Decoded | Problem {
  const raw = createReader(root)(path, cap);
  return isProblem(raw) ? raw : decode(raw);
}

/** The text of a file that was read. Bytes that are no UTF-8 become U+FFFD, and `problem` says so. */
export function decode({ path, latin1, ascii = !/[\x80-\xff]/.test(latin1) }: Pick<RawFile, "path" | "latin1"> & Partial<RawFile>): Decoded {
  if (ascii) return { text: latin1, bom: false, lossless: true };
  const bytes = Buffer.from(latin1, "latin1");
  const bom = latin1.startsWith("\xef\xbb\xbf");
  const text = bytes.toString("utf8", bom ? 3 : 0);
  if (isUtf8(bytes)) return { text, bom, lossless: true };
  return { text, bom, lossless: false, problem: { kind: "undecodable", file: path, message: "holds bytes that are not UTF-8: analysed with replacement characters, never fixed", incomplete: false } };
}

/** The text of content that does not come from disk, one character for each byte, under the rules for files. */
export function textOf(path: string, latin1: string): Decoded | Problem {
  if (latin1.length > sourceCap) return { kind: "too-big", file: path, message: `is too big: ${mebibytes(latin1.length)} MiB, the limit is ${mebibytes(sourceCap)} MiB; not analysed`, incomplete: true };
  return isWide(Buffer.from(latin1.slice(0, 2), "latin1")) ? undecodable(path) : decode({ path, latin1 });
}

/** Reads a regular file of at most `cap` bytes. The bytes may lie in `scratch`: they hold until the next call. */
export function readBytes(absolute: string, path: string, cap: number, scratch?: Buffer): { readonly bytes: Buffer; readonly stat: FileStat } | Problem {
  let handle: number | undefined;
  try {
    // Opening a pipe without O_NONBLOCK waits for ever for somebody to write into it.
    handle = openSync(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: "unreadable", file: path, message: "is no regular file; not analysed", incomplete: true };
    const { size, mtimeMs, ctimeMs } = stat;
    if (size > cap) return { kind: "too-big", file: path, message: `is too big: ${mebibytes(size)} MiB, the limit is ${mebibytes(cap)} MiB; not analysed`, incomplete: true };
    const buffer = scratch && size <= scratch.length ? scratch : Buffer.allocUnsafeSlow(size);
    let length = 0;
    while (length < size) {
      const more = readSync(handle, buffer, length, size - length, null);
      if (more === 0) break;
      length += more;
    }
    return { bytes: buffer.subarray(0, length), stat: { size, mtimeMs, ctimeMs } };
  } catch (error) {
    return unreadable(path, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Tells a problem from what was asked for. */
export function isProblem(value: object): value is Problem {
  return "kind" in value && "incomplete" in value;
}

/** UTF-16 and UTF-32, by byte order mark or by the zero byte that ASCII characters have there. */
function isWide(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
}

function undecodable(path: string): Problem {
  return { kind: "undecodable", file: path, message: "is UTF-16 or binary: save it as UTF-8; not analysed", incomplete: true };
}

const mebibytes = (bytes: number) => (Math.ceil((bytes / 1024 / 1024) * 10) / 10).toString();
