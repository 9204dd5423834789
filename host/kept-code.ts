// Runs a CommonJS file with the bytecode that the build kept of it, where this Node can use it: a first run spends a sixth of its time on compiling what it runs once.
// Measured on typeorm: a worker is ready 30 ms earlier and reads its files 35 ms faster.

import { readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/** Where the bytecode of a file lies that Node as it runs now can use: its version, its processor and its flags are in the name. */
export const codeOf = (file: string): string => `${file}.${cachedDataVersionTag()}.code`;

/** Bytes in front of the bytecode: checksums of it and of the text that it is for. V8 believes what it is given, and damaged bytecode ends the process or never ends. */
const head = 8;

/** The file as a script. Without bytecode, or with some that is damaged or of another text, it is compiled as usual. */
export function scriptOf(file: string): Script {
  const text = readFileSync(file);
  const cachedData = keptOf(file, text);
  return new Script(Module.wrap(text.toString("utf8")), { filename: file, ...(cachedData ? { cachedData } : {}) });
}

/** Keeps the bytecode that a script of a file has made so far. */
export function keep(file: string, script: Script): void {
  const code = script.createCachedData();
  const sums = Buffer.alloc(head);
  sums.writeUInt32LE(crc32(code), 0);
  sums.writeUInt32LE(crc32(readFileSync(file)), 4);
  writeFileSync(codeOf(file), Buffer.concat([sums, code]));
}

/** Runs the script of a file as a module of its own. */
export function run(file: string, script: Script, require: (id: string) => unknown = createRequire(file)): void {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
}

function keptOf(file: string, text: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(codeOf(file));
    const code = bytes.subarray(head);
    return crc32(code) === bytes.readUInt32LE(0) && crc32(text) === bytes.readUInt32LE(4) ? code : undefined;
  } catch {
    // None is there, or no more than a part of it.
    return undefined;
  }
}
