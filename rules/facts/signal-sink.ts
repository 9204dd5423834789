// Question: which calls of a file accept an AbortSignal, where would it stand, and is it given? The libraries are rows of a table.

import table from "../defaults/signal-sinks.json" with { type: "json" };
import { canonical, declaredType, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression } from "../../engine/typescript/compiler.ts";
import type { Since } from "../../engine/typescript/framework-signal.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";

interface SinkRow {
  /** Pattern of canonical names; `axios#create().get` is a method of what the call made, `axios#AxiosInstance.get` one of a declared type. */
  readonly callee: string;
  /** Position of the options. "url-first": after a URL, or in its place; "last": after any number of streams; "after-list": behind an optional array. */
  readonly options: number | "url-first" | "last" | "after-list";
  /** The option; `signal` where it is left out. */
  readonly key?: string;
  /** Other options that cancel the call. */
  readonly also?: readonly string[];
  /** The first argument may be a Request that carries its own signal. */
  readonly request?: boolean;
  /** Earlier releases take no signal. */
  readonly since?: Since;
  readonly source: string;
}

export interface SinkSite {
  readonly call: CallExpression;
  readonly index: number;
  readonly key: string;
  readonly since?: Since;
  /** "absent": provably not given; "open": it cannot be told. */
  readonly given: "present" | "absent" | "open";
  /** The expression that is given. */
  readonly signal?: Expression;
}

const rows: readonly (readonly [RegExp, SinkRow])[] = (table as readonly SinkRow[]).map((row) => [new RegExp(row.callee), row]);

/** Every call of a file that accepts a signal. */
export function sinks(file: TsFile): readonly SinkSite[] {
  return once(file, sinks, () => nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).flatMap((call) => {
    const row = rowOf(file, call.expression);
    return row ? [site(file, call, row)] : [];
  }));
}

/** By the names that a callee goes by: the import's own, `maker().method`, `Type.method`. */
function rowOf(file: TsFile, callee: Expression): SinkRow | undefined {
  const own = named(file, canonical(file, callee));
  if (own) return own;
  const expr = bare(callee);
  const method = ts.isPropertyAccessExpression(expr) ? `.${expr.name.text}` : "";
  if (!method && !ts.isIdentifier(expr)) return undefined;
  const receiver = ts.isPropertyAccessExpression(expr) ? expr.expression : expr;
  const end = receiverOf(file, receiver);
  const maker = end.made && makerOf(file, end.made);
  const made = maker === undefined ? undefined : named(file, `${maker}()${method}`);
  if (made || !method) return made;
  const type = end.type ?? declaredType(file, receiver);
  return type === undefined ? undefined : named(file, type + method);
}

/** The row of a name. A file calls the same names over and over. */
function named(file: TsFile, name: string | undefined): SinkRow | undefined {
  if (name === undefined) return undefined;
  const known = once(file, named, noRows);
  let row = known.get(name);
  if (row === undefined) known.set(name, (row = rows.find(([pattern]) => pattern.test(name))?.[1] ?? "none"));
  return row === "none" ? undefined : row;
}

const noRows = () => new Map<string, SinkRow | "none">();

/** Canonical name of the call that made a value; of a chain, its first call. */
function makerOf(file: TsFile, value: Expression): string | undefined {
  let expr: Expression | undefined = value;
  for (let step = 0; expr && step < 12; step++) {
    if (!ts.isCallExpression(expr) && !ts.isNewExpression(expr)) return undefined;
    const name = canonical(file, expr.expression);
    if (name !== undefined) return name;
    if (!ts.isPropertyAccessExpression(expr.expression)) return undefined;
    expr = receiverOf(file, expr.expression.expression).made;
  }
  return undefined;
}

function site(file: TsFile, call: CallExpression, row: SinkRow): SinkSite {
  const key = row.key ?? "signal";
  const { index, options } = place(file, call, row);
  const about = { call, index, key, ...(row.since ? { since: row.since } : {}) };
  if (options === "open") return { ...about, given: "open" };
  if (row.request && call.arguments[0] && isRequest(file, call.arguments[0])) return { ...about, given: "open" };
  const found = option(file, options, key);
  if (found.is === "present") return { ...about, given: "present", signal: found.node };
  const other = (row.also ?? []).map((name) => option(file, options, name).is);
  return { ...about, given: found.is === "absent" && other.every((one) => one === "absent") ? "absent" : "open" };
}

function place(file: TsFile, call: CallExpression, row: SinkRow): { index: number; options: Expression | undefined | "open" } {
  const list = call.arguments;
  const [first, second] = list;
  const open = { index: 0, options: "open" as const };
  if (list.length === 0 || list.some((one) => ts.isSpreadElement(one))) return open;
  const at = (index: number) => ({ index, options: list[index] && functionOf(file, list[index]) ? ("open" as const) : list[index] });
  if (typeof row.options === "number") return at(row.options);
  const literal = (node: Expression) => ts.isObjectLiteralExpression(made(file, node) ?? node);
  if (row.options === "url-first") return literal(first!) ? at(0) : second || isText(file, first!) ? at(1) : open;
  if (row.options === "after-list") return !second ? at(1) : list[2] ? at(2) : literal(second) ? at(1) : ts.isArrayLiteralExpression(made(file, second) ?? second) ? at(2) : open;
  const last = list[list.length - 1]!;
  if (literal(last)) return at(list.length - 1);
  return ts.isIdentifier(last) && /opt|config|init/i.test(last.text) ? open : { index: list.length, options: undefined };
}

/** True for text, templates, URLs, and names that say so. */
function isText(file: TsFile, node: Expression): boolean {
  const expr = made(file, node) ?? node;
  if (ts.isStringLiteralLike(expr) || ts.isTemplateExpression(expr) || (ts.isBinaryExpression(expr) && expr.operatorToken.kind === ts.SyntaxKind.PlusToken)) return true;
  if (ts.isNewExpression(expr)) return /^(#|url#)URL$/.test(canonical(file, expr.expression) ?? "");
  const name = ts.isIdentifier(expr) ? expr.text : ts.isPropertyAccessExpression(expr) ? expr.name.text : "";
  return /(url|uri|href|endpoint|path)$/i.test(name);
}

/** A Request, by how it is made, typed or named; and a path without a host, which only a browser fetches. */
function isRequest(file: TsFile, node: Expression): boolean {
  const expr = made(file, node) ?? node;
  if (ts.isNewExpression(expr)) return /(^|#)Request$/.test(canonical(file, expr.expression) ?? "");
  if (ts.isStringLiteralLike(expr) || ts.isTemplateExpression(expr)) return (ts.isTemplateExpression(expr) ? expr.head.text : expr.text).startsWith("/");
  return /#(Request|RequestInfo)$/.test(declaredType(file, node) ?? "") || (ts.isIdentifier(expr) && /^(\w*[rR]equest|req|input)$/.test(expr.text)) || (ts.isPropertyAccessExpression(expr) && /^(request|req|raw)$/.test(expr.name.text));
}
