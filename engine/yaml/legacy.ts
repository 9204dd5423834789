// What a plain scalar means to YAML 1.1 readers of the Kubernetes family (go-yaml v2). Looks at one word; knows nothing of documents.

import type { Scalar } from "../types.ts";

const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF)$/;
const INTEGER = /^([-+]?)(?:0b([01_]+)|0x([\da-fA-F_]+)|0([0-7_]+)|([1-9][\d_]*))$/;
const FLOAT = /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?$/;

/** The 1.1 reading where it may differ from the core one (`yes`, `010`, `1_000`), else undefined. Base 60 stays text, as in go-yaml: https://github.com/yaml/go-yaml/blob/v2.4.0/resolve.go */
export function legacyReading(source: string): Scalar | undefined {
  if (TRUE.test(source)) return true;
  if (FALSE.test(source)) return false;
  const integer = INTEGER.exec(source);
  if (integer) {
    const [, sign, binary, hex, octal, decimal] = integer;
    const [digits, base] = binary !== undefined ? [binary, 2] : hex !== undefined ? [hex, 16] : octal !== undefined ? [octal, 8] : [decimal ?? "", 10];
    return finite(Number.parseInt(digits.replaceAll("_", ""), base) * (sign === "-" ? -1 : 1));
  }
  return source.includes("_") && FLOAT.test(source) ? finite(Number(source.replaceAll("_", ""))) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** What a plain scalar of this text is in YAML 1.2 (core schema): https://yaml.org/spec/1.2.2/#103-core-schema */
export function coreReading(source: string): Scalar {
  if (/^(?:|~|null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (/^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/.test(source)) return finite(Number(source)) ?? source;
  return source;
}
