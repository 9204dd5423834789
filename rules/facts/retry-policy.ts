// Fact: a use of a retry library, with the number of its retries and the delays between them. The libraries are rows of a table.

import table from "../defaults/retries.json" with { type: "json" };
import { imports } from "../../engine/mention.ts";
import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { importSlot } from "../../engine/typescript/import-slot.ts";
import { option, slot, type Option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { Edit, FactKind, Value } from "../../engine/types.ts";

export interface RetryRow {
  readonly library: string;
  /** Pattern of canonical names. */
  readonly callee: string;
  /** Releases for which the row was read. */
  readonly versions: string;
  /** Position of the options. */
  readonly options: number;
  /** The option that sets the delay, where there is none by default. */
  readonly delay?: string;
  readonly immediate?: boolean;
  /** The option that sets the number of retries, and its default; endless without one. */
  readonly count: string;
  readonly counts?: number;
  /** Default of the first delay in ms and of the factor by which it grows. */
  readonly first?: number;
  readonly factor?: number;
  readonly source: string;
}

export interface RetryPolicy {
  readonly row: number;
  /** Absent where the library's default holds. */
  readonly retries: Value<number>;
  /** Of libraries without a delay by default: whether one is set. */
  readonly delay: "none" | "zero" | "set";
  /** Of the others: the options that can spoil the growth, where they are set. */
  readonly growth: Readonly<Record<"minTimeout" | "maxTimeout" | "factor", Value<number>>>;
  readonly edits?: readonly Edit[];
}

export const retryRows: readonly RetryRow[] = table;
const patterns = retryRows.map((row) => new RegExp(row.callee));

export const retryPolicy: FactKind<RetryPolicy> = {
  id: "retry-policy",
  title: "Retry policy",
  ts: {
    mentions: [imports("axios-retry", "cockatiel", "async", "p-retry", "async-retry", "promise-retry", "retry")],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const name = canonical(file, call.expression);
        const index = name === undefined ? -1 : patterns.findIndex((one) => one.test(name));
        const found = index < 0 ? undefined : policyOf(file, call, index);
        if (found) yield { at: span(call.expression), value: found };
      }
    },
  },
};

const absent: Value<number> = { absent: true };

function policyOf(file: TsFile, call: CallExpression, index: number): RetryPolicy | undefined {
  const row = retryRows[index]!;
  const options = optionsOf(file, call, row);
  if (call.arguments.some((one) => ts.isSpreadElement(one))) return undefined;
  const numberOf = (key: string): Value<number> => {
    const found = option(file, options, key);
    return found.is === "present" ? asNumber(found.value) : found.is === "absent" ? absent : { unknown: found.why };
  };
  const growth = { minTimeout: numberOf("minTimeout"), maxTimeout: numberOf("maxTimeout"), factor: numberOf("factor") };
  // `async.retry(5, task)` gives the number alone.
  const number = row.library === "async" && options ? asNumber(value(file, options)) : undefined;
  if (number && "known" in number) return { row: index, retries: { ...number, known: number.known - 1 }, delay: "none", growth };
  const delay = row.delay === undefined ? "set" : delayOf(file, option(file, options, row.delay));
  if (delay === "unknown" || (row.immediate && options !== undefined && sleeps(file, options))) return undefined;
  const edits = row.immediate ? fix(file, call, row, delay) : undefined;
  return { row: index, retries: numberOf(row.count), delay, growth, ...(edits ? { edits } : {}) };
}

/** promise-retry and async take their options before or behind the function. */
function optionsOf(file: TsFile, call: CallExpression, row: RetryRow): Expression | undefined {
  const [first, second] = call.arguments;
  if (row.library === "async") return call.arguments.length < 2 || functionOf(file, first!) ? undefined : first;
  if (row.library === "promise-retry" && first && !functionOf(file, first) && second && functionOf(file, second)) return first;
  return call.arguments[row.options];
}

function delayOf(file: TsFile, found: Option): RetryPolicy["delay"] | "unknown" {
  if (found.is === "absent") return "none";
  if (found.is === "unknown") return "unknown";
  const node = made(file, found.node) ?? found.node;
  const expr = bare(node);
  const constant = ts.isNewExpression(expr) && canonical(file, expr.expression) === "cockatiel#ConstantBackoff" ? expr.arguments?.[0] : ts.isArrowFunction(expr) && !ts.isBlock(expr.body) ? expr.body : expr;
  const ms = constant && value(file, constant);
  return ms && "known" in ms && ms.known === 0 ? "zero" : "set";
}

/** A callback of the policy that may wait itself. */
function sleeps(file: TsFile, options: Expression): boolean {
  return ["onRetry", "retryCondition"].some((key) => {
    const found = option(file, options, key);
    if (found.is !== "present") return false;
    const fn = functionOf(file, found.node);
    return fn ? /sleep|delay|wait\b|waitFor|backoff|setTimeout/i.test(fn.getText()) : key === "onRetry";
  });
}

function fix(file: TsFile, call: CallExpression, row: RetryRow, delay: RetryPolicy["delay"]): readonly Edit[] | undefined {
  if (row.library === "async") return undefined;
  if (delay === "zero") return instead(file, call, row);
  const at = slot(file, call, row.options);
  if (!at) return undefined;
  const write = (text: string, more: readonly Edit[] = []): readonly Edit[] => [...more, { at: at.at, text: at.before + text + at.after }];
  if (row.library === "axios-retry") return write(`retryDelay: ${calleeName(file, call.expression)}.exponentialDelay`);
  const backoff = importSlot(file, call, "cockatiel", "ExponentialBackoff");
  if (!backoff) return undefined;
  const count = option(file, call.arguments[row.options], row.count).is === "absent" ? "maxAttempts: 3" : undefined;
  const wait = delay === "none" ? `backoff: new ${backoff.name}()` : undefined;
  return write([count, wait].filter((one) => one !== undefined).join(", "), backoff.edit && wait ? [backoff.edit] : []);
}

/** Another delay in the place of zero. */
function instead(file: TsFile, call: CallExpression, row: RetryRow): readonly Edit[] | undefined {
  const found = option(file, call.arguments[row.options], row.delay!);
  const expr = found.is === "present" ? bare(found.node) : undefined;
  if (!expr) return undefined;
  if (row.library === "axios-retry") return ts.isArrowFunction(expr) ? [{ at: span(expr), text: `${calleeName(file, call.expression)}.exponentialDelay` }] : undefined;
  const ms = ts.isNewExpression(expr) ? expr.arguments?.[0] : undefined;
  return ms && ts.isNumericLiteral(ms) ? [{ at: span(ms), text: "200" }] : undefined;
}

const calleeName = (file: TsFile, callee: Node) => file.text.slice(callee.getStart(), callee.end);
