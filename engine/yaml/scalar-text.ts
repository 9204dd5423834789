// How a scalar is written: plain where every reader understands it as meant, quoted elsewhere. Writes one line, never a block scalar.

import type { Scalar, YamlScalar } from "../types.ts";

/** Words and numbers that some reader takes for something else than text, in YAML 1.1 or 1.2. */
const READ_OTHERWISE = /^(?:~|null|y|n|yes|no|on|off|true|false|<<|=|[-+]?(?:\.?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d*)?|0x[\da-f_]*|0o[0-7_]*|0b[01_]*|\.inf|\.nan|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)|\.nan|\d{4}-\d\d?-\d\d?.*)$/i;
const PLAIN = /^[\p{L}\p{N}_./$(][^\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uD800-\uDFFF\uFFFE\uFFFF]*$/u;

/** Whether a text may stand without quotes and is still read as this text. In flow style brackets and commas end a plain scalar. */
export function isPlain(text: string, flow: boolean): boolean {
  if (!PLAIN.test(text) || READ_OTHERWISE.test(text) || text.endsWith(" ") || text.startsWith("...")) return false;
  if (/:(?: |$)| #/.test(text)) return false;
  return !flow || !/[,[\]{}]|:$|:[,[\]{}]/.test(text);
}

/** A scalar as new text. A number, boolean or null is plain; a text is plain where that is safe, else in double quotes. */
export function printScalar(value: Scalar, flow: boolean): string {
  if (typeof value !== "string") return String(value);
  return isPlain(value, flow) ? value : doubleQuoted(value);
}

/**
 * A scalar in place of another: in quotes it stays in its quotes (and so a number stays text), a plain one is quoted when it must be.
 * A number that replaces a number with a unit keeps the unit: 10 for `30s` gives `10s`. Undefined for block scalars.
 */
export function printInstead(old: YamlScalar, value: Scalar, flow: boolean): string | undefined {
  if (old.style === "literal" || old.style === "folded") return undefined;
  const unit = typeof value === "number" && typeof old.value === "string" ? /^[-+]?\d+(?:\.\d+)?([A-Za-zµ%]+)$/.exec(old.value)?.[1] ?? "" : "";
  const next = unit === "" ? value : `${value}${unit}`;
  if (old.style === "plain" || next === null) return printScalar(next, flow);
  return old.style === "single" ? singleQuoted(String(next)) : doubleQuoted(String(next));
}

export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function singleQuoted(text: string): string {
  return /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uD800-\uDFFF\uFFFE\uFFFF]/.test(text) ? doubleQuoted(text) : `'${text.replaceAll("'", "''")}'`;
}
