// Question: where does a function end a span, or give it to somebody who may? What only reads or fills the span is neither.

import { ts, type CallExpression, type Expression, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { calleeName } from "../../engine/typescript/outlive.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, references, type Declaration } from "../../engine/typescript/scope.ts";

export interface SpanUses {
  /** Calls of `end`. */
  readonly ends: readonly CallExpression[];
  /** Places that hand the span on to code that may end it. */
  readonly given: readonly Node[];
}

/** Functions that take a span and never end it: the API's own, and those that say that they only fill it in. */
const fills = /^(setSpan|getSpanContext|setSpanContext|isSpanContextValid|inspect)$|^(set|add|record|annotate)\w*(Attr|Attribute|Attributes|Tags?|Events?|Exception)$/;

/** All that becomes of the span that a name holds; `start` is where it was made. */
export function spanUses(file: TsFile, declared: Declaration, name: string, start: Node): SpanUses {
  const ends: CallExpression[] = [];
  const given: Node[] = [];
  for (const use of references(file, declared, name)) {
    if (use.end <= start.pos && !isInLoop(use, start)) continue;
    const place = placeOf(file, use);
    if (place === "end") ends.push(endCall(use)!);
    else if (place === "given") given.push(use);
  }
  return { ends, given };
}

function placeOf(file: TsFile, use: Identifier): "end" | "given" | "kept" {
  if (endCall(use)) return "end";
  const { top, parent } = outermost(use);
  if (ts.isPropertyAccessExpression(parent) && parent.expression === top) {
    // `span.end` that is not called is a callback.
    return parent.name.text !== "end" || isAssigned(parent) ? "kept" : "given";
  }
  if (ts.isElementAccessExpression(parent)) return "given";
  if (ts.isBinaryExpression(parent)) return isAssigned(top) || /^([!=]==?|&&|instanceof)$/.test(parent.operatorToken.getText()) && (parent.left === top || !parent.operatorToken.getText().startsWith("&")) ? "kept" : "given";
  if (ts.isIfStatement(parent) || ts.isPrefixUnaryExpression(parent) || ts.isTypeOfExpression(parent) || ts.isExpressionStatement(parent)) return "kept";
  if (ts.isConditionalExpression(parent)) return parent.condition === top ? "kept" : "given";
  if (ts.isCallExpression(parent) && parent.expression !== top) return mayEnd(file, parent) ? "given" : "kept";
  return "given";
}

function outermost(use: Expression): { top: Node; parent: Node } {
  let top: Node = use;
  while (ts.isParenthesizedExpression(top.parent) || ts.isNonNullExpression(top.parent) || ts.isAsExpression(top.parent)) top = top.parent;
  return { top, parent: top.parent };
}

/** `span.end()`, also at the end of a chain: `span.setStatus(...).end()`. */
export function endCall(use: Node): CallExpression | undefined {
  for (let up: Node = outermost(use as Expression).top; ; ) {
    const access: Node = up.parent;
    const call = access?.parent;
    if (!access || !ts.isPropertyAccessExpression(access) || access.expression !== up || !call || !ts.isCallExpression(call) || call.expression !== access) return undefined;
    if (access.name.text === "end") return call;
    if (!chains.has(access.name.text)) return undefined;
    up = outermost(call).top;
  }
}

/** Methods of a span that return it. */
export const chains: ReadonlySet<string> = new Set(["setAttribute", "setAttributes", "addEvent", "addLink", "addLinks", "setStatus", "updateName"]);

const isAssigned = (node: Node) => ts.isBinaryExpression(node.parent) && node.parent.left === node && node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;

/** A function that is handed the span may end it, unless its name or its body says otherwise. */
function mayEnd(file: TsFile, call: CallExpression): boolean {
  if (fills.test(calleeName(call) ?? "")) return false;
  const own = ts.isIdentifier(bare(call.expression)) ? functionOf(file, call.expression) : undefined;
  return !own?.body || /\bend|finish|close|[\w(]\([^()]*\bspan\b/i.test(own.body.getText());
}

function isInLoop(use: Node, start: Node): boolean {
  for (let up: Node | undefined = start.parent; up && !ts.isFunctionLike(up); up = up.parent) if (ts.isIterationStatement(up, false) && use.pos >= up.pos && use.end <= up.end) return true;
  return false;
}
