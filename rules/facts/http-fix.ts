// Question: which text gives a call of an HTTP client a limit, and where does it go? Writes plain code that needs no import.

import { ts, type Node } from "../../engine/typescript/compiler.ts";
import { literalSlot } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { signalAt, writtenAt } from "../../engine/typescript/signal.ts";
import type { Span } from "../../engine/types.ts";
import type { ClientUse } from "./http-client.ts";
import type { Limit } from "./http-limit.ts";

/** One edit that gives the call a limit of 5 s. */
export interface LimitEdit {
  readonly at: Span;
  readonly text: string;
}

/** The edit; undefined where the text has no place for it. */
export function limitEdit(file: TsFile, use: ClientUse, limit: Limit): LimitEdit | undefined {
  const { row, call, options, index } = use;
  if (row.options === "chain") return chain(file, call);
  const signal = row.signal ? inheritedSignal(file, call) : undefined;
  const adds = signal || !row.adds ? (row.signal ? `signal: ${signal ?? "AbortSignal.timeout(5_000)"}` : undefined) : row.adds;
  if (limit.is === "off") return ts.isNumericLiteral(limit.node) || limit.node.kind === ts.SyntaxKind.FalseKeyword ? { at: span(limit.node), text: "5_000" } : undefined;
  if (!adds || options === "unknown") return undefined;
  const expr = options && bare(options);
  if (expr && ts.isIdentifier(expr) && expr.text === "undefined") return { at: span(expr), text: `{ ${adds} }` };
  // A signal in options that several calls share would run out for all of them at once.
  if (expr && !ts.isObjectLiteralExpression(expr)) return undefined;
  const slot = expr && literalSlot(file, expr);
  if (slot) return { at: slot.at, text: slot.before + adds + slot.after };
  return expr ? undefined : argument(call, index, `{ ${adds} }`);
}

/** A new argument; those before it that are not given become `undefined`. */
function argument(call: ClientUse["call"], index: number, text: string): LimitEdit | undefined {
  const list = call.arguments;
  if (!list) return undefined;
  const before = list[Math.min(index, list.length) - 1];
  if (!before) return { at: { file: "", start: call.end - 1, end: call.end - 1 }, text };
  const missing = ", undefined".repeat(Math.max(0, index - list.length));
  return { at: { file: "", start: before.end, end: before.end }, text: `${missing}, ${text}` };
}

function chain(file: TsFile, call: Node): LimitEdit {
  const [blank] = /^\s*(?=\.)/.exec(file.text.slice(call.end)) ?? [""];
  return { at: { file: "", start: call.end, end: call.end }, text: `${blank}.timeout(5_000)` };
}

/** The AbortSignal that the function around a call is given, joined with a limit of its own. A signal of a framework exists only in some releases. */
function inheritedSignal(file: TsFile, call: Node): string | undefined {
  const source = signalAt(file, call);
  if (!source || source.kind === "framework") return undefined;
  const text = writtenAt(file, call, source);
  const joined = `AbortSignal.any([${text}, AbortSignal.timeout(5_000)])`;
  return source.missing || source.nullable ? `${text} ? ${joined} : AbortSignal.timeout(5_000)` : joined;
}
