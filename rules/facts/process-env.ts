// Question: is this expression the environment of the process?

import { canonical } from "../../engine/typescript/binding.ts";
import type { Expression } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";

/** `process.env`, or `env` of `node:process`. */
export const isEnvironment = (file: TsFile, node: Expression): boolean => /^#?process#?\.?env$/.test(canonical(file, node) ?? "");
