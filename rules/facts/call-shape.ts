// The arguments of a call as plain data: enough to write one more argument, or one more option, without the tree.

import { ts, type CallExpression } from "../../engine/typescript/compiler.ts";
import { literalSlot, type Slot } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { Span } from "../../engine/types.ts";

export interface CallShape {
  /** Where an argument can be added. */
  readonly end: Span;
  readonly count: number;
  /** Where an option can be added, by the position of the object literal. */
  readonly literals: Readonly<Record<number, Slot>>;
  /** Arguments are spread: their number is open. */
  readonly spread?: true;
}

export function shapeOf(file: TsFile, call: CallExpression): CallShape {
  const list = call.arguments;
  const last = list[list.length - 1];
  const at = last ? last.end : call.end - 1;
  const literals: Record<number, Slot> = {};
  for (const [index, one] of list.entries()) {
    const found = ts.isObjectLiteralExpression(bare(one)) ? literalSlot(file, one) : undefined;
    if (found) literals[index] = found;
  }
  return { end: { file: "", start: at, end: at }, count: list.length, literals, ...(list.some((one) => ts.isSpreadElement(one)) ? { spread: true as const } : {}) };
}

/** The edit that passes a signal at a position, as the argument itself or under a key; undefined where the place is taken. */
export function passing(shape: CallShape, index: number, key: string | undefined, signal: string): { readonly at: Span; readonly text: string } | undefined {
  const written = key === undefined ? signal : key === signal ? key : `${key}: ${signal}`;
  const literal = shape.literals[index];
  if (literal && key !== undefined) return { at: literal.at, text: literal.before + written + literal.after };
  if (shape.spread || index < shape.count) return undefined;
  const skipped = Array.from({ length: index - shape.count }, () => "undefined");
  return { at: shape.end, text: `${shape.count > 0 ? ", " : ""}${[...skipped, key === undefined ? written : `{ ${written} }`].join(", ")}` };
}
