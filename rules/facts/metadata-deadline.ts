// Question: does a program write a deadline into the metadata of an RPC, where nobody enforces it, and how is it moved into the options? States no fact itself.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, references } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { linesOf } from "../../engine/typescript/wrap.ts";
import { grpcJsOptions } from "./grpc-call-options.ts";
import type { Edit } from "../../engine/types.ts";

export interface MetadataDeadline {
  readonly call: CallExpression;
  readonly key: string;
  readonly edits?: readonly Edit[];
}

/** Writes of a deadline into grpc-js metadata that a client sends. */
export function* metadataDeadlines(file: TsFile): Iterable<MetadataDeadline> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const callee = call.expression;
    const [first, second] = call.arguments;
    if (!ts.isPropertyAccessExpression(callee) || !/^(set|add)$/.test(callee.name.text) || !first || !second) continue;
    const found = value(file, first);
    const key = "known" in found && typeof found.known === "string" ? found.known.toLowerCase() : "";
    if (!/^(deadline|timeout|grpc-timeout)$/.test(key) || !isMetadata(file, callee.expression)) continue;
    const name = bare(callee.expression);
    const declared = ts.isIdentifier(name) ? declaration(file, name) : undefined;
    const takers = declared && ts.isIdentifier(name) ? takersOf(file, declared, name) : [];
    if (takers.some((one) => isReply(one) || givesDeadline(file, one))) continue;
    const edits = takers.length === 1 ? moved(file, call, second, key, takers[0]!) : undefined;
    yield { call, key, ...(edits ? { edits } : {}) };
  }
}

function isMetadata(file: TsFile, node: Expression): boolean {
  const { made, type } = receiverOf(file, node);
  const name = made && ts.isNewExpression(made) ? canonical(file, made.expression) : type;
  return name === "@grpc/grpc-js#Metadata" || name === "grpc#Metadata";
}

/** Calls that are given the metadata. */
function takersOf(file: TsFile, declared: Node, name: Identifier): readonly CallExpression[] {
  return references(file, declared, name.text).flatMap(({ parent }) => (ts.isCallExpression(parent) && parent.arguments.some((one) => ts.isIdentifier(one) && one.text === name.text) ? [parent] : []));
}

/** A server answers with it: `call.sendMetadata(md)`, `callback(null, reply, md)`. */
function isReply({ expression }: CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression) ? /^(sendMetadata|end|sendStatus)$/.test(expression.name.text) : /^(callback|cb|respond|done)$/.test(expression.getText());
}

/** The deadline stands in the options too: the metadata only tells of it. Options that are not read may hold one. */
function givesDeadline(file: TsFile, call: CallExpression): boolean {
  return call.arguments.some((one) => ts.isSpreadElement(one) || ((ts.isObjectLiteralExpression(bare(one)) || /opt(ion)?s$/i.test(one.getText())) && option(file, one, "deadline").is !== "absent"));
}

function moved(file: TsFile, call: CallExpression, written: Expression, key: string, taker: CallExpression): readonly Edit[] | undefined {
  const statement = call.parent;
  // A deadline of one branch stays where it is.
  const ground = statement.parent;
  const open = ts.isExpressionStatement(statement) && (ts.isBlock(ground) || ts.isSourceFile(ground)) && taker.pos >= ground.pos && taker.end <= ground.end;
  const lines = open ? linesOf(file, statement) : undefined;
  const deadline = deadlineOf(file, written, key);
  const last = taker.arguments[taker.arguments.length - 1];
  const { slot } = grpcJsOptions(file, taker, functionOf(file, last) ? last : undefined, 1, undefined);
  if (!lines || !deadline || !slot || slot.metadata) return undefined;
  return [{ at: { file: "", start: lines.start, end: lines.end }, text: "" }, { at: slot.at, text: `${slot.before}deadline: ${deadline}${slot.after}` }];
}

/** Milliseconds of the units of the protocol: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests */
const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1 };

/** The same moment as an option takes it. */
function deadlineOf(file: TsFile, written: Expression, key: string): string | undefined {
  const known = value(file, written);
  if ("known" in known) {
    const [, amount, unit] = /^(\d+)([HMSm]?)$/.exec(String(known.known)) ?? [];
    if (!amount || (unit === "") !== (key === "timeout")) return undefined;
    return `Date.now() + ${digits(Number(amount) * (unit ? units[unit]! : 1))}`;
  }
  const expr = unwritten(file, bare(written));
  return /^(Date\.now\(\)|new Date\()/.test(expr.getText()) ? expr.getText() : undefined;
}

const digits = (ms: number) => String(ms).replace(/\B(?=(\d{3}){1,7}$)/g, "_");

/** The moment in `String(x)`, `x.toString()`, `x.toISOString()` and `${x}`. */
function unwritten(file: TsFile, expr: Expression): Expression {
  if (ts.isTemplateExpression(expr) && expr.head.text === "" && expr.templateSpans.length === 1 && expr.templateSpans[0]!.literal.text === "") return bare(expr.templateSpans[0]!.expression);
  if (!ts.isCallExpression(expr)) return expr;
  if (canonical(file, expr.expression) === "#String" && expr.arguments[0]) return bare(expr.arguments[0]);
  return ts.isPropertyAccessExpression(expr.expression) && /^to(ISO)?String$/.test(expr.expression.name.text) ? bare(expr.expression.expression) : expr;
}
