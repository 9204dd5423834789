// Arithmetic on values: folds what is known, keeps what is pending, lets unknown and absent through. Reads no file.

import { parseDuration } from "./quantity.ts";
import type { Known, Operator, Span, Value } from "./types.ts";

export const isKnown = <T>(value: Value<T>): value is Known<T> => "known" in value;
export const isAbsent = (value: Value<unknown>): value is { readonly absent: true } => "absent" in value;
export const isUnknown = (value: Value<unknown>): value is { readonly unknown: string } => "unknown" in value;
export const isPending = (value: Value<unknown>): boolean => "ref" in value || "apply" in value || "env" in value;

/** A number that is known; anything else becomes unknown, absent stays absent. */
export function asNumber(value: Value<unknown>): Value<number> {
  if (!isKnown(value)) return value as Value<number>;
  return typeof value.known === "number" && !Number.isNaN(value.known) ? (value as Known<number>) : { unknown: "not a number" };
}

/** Applies an operator, at once when all operands are known, later when one is pending. `at` is the whole expression: the place to change. */
export function apply(operator: Operator, operands: readonly Value<unknown>[], at: readonly Span[]): Value<unknown> {
  if (operands.some(isPending)) return { apply: operator, to: operands, from: at };
  const values: unknown[] = [];
  const from: Span[] = [...at];
  let by: Known<unknown>["by"] = "text";
  for (const one of operands) {
    if (!isKnown(one)) return isUnknown(one) ? one : { unknown: "a part is absent" };
    values.push(one.known);
    from.push(...one.from);
    if (one.by !== "text") by = one.by;
  }
  const result = compute(operator, values);
  return result === undefined ? { unknown: `cannot apply ${operator}` } : { known: result, by, from };
}

function compute(operator: Operator, values: readonly unknown[]): unknown {
  if (operator === "text" || (operator === "+" && values.some((one) => typeof one === "string"))) return values.map(String).join("");
  if (operator === "duration") return typeof values[0] === "string" ? parseDuration(values[0], "ms") : values[0];
  if (operator === "number") return finite(typeof values[0] === "string" ? (/^\s*$/.test(values[0]) ? NaN : Number.parseFloat(values[0])) : Number(values[0]));
  if (!values.every((one) => typeof one === "number")) return undefined;
  const numbers = values as number[];
  const [a, b] = numbers as [number, number];
  switch (operator) {
    case "+": return a + b;
    case "-": return a - b;
    case "*": return a * b;
    case "/": return finite(a / b);
    case "**": return finite(a ** b);
    case "min": return Math.min(...numbers);
    case "max": return Math.max(...numbers);
    case "floor": return Math.floor(a);
  }
}

const finite = (result: number) => (Number.isFinite(result) ? result : undefined);
