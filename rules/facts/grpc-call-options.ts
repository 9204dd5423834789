// What does an RPC call say about its own limit? Reads deadline, parent, signal and timeoutMs out of its arguments. States no fact itself.

import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { option, slot, literalSlot, type Slot } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import type { GrpcHandler } from "./grpc-handler.ts";
import type { Span } from "../../engine/types.ts";

/** Not set; set to a limit of its own; derived from the caller's; or not to be told. */
export type Limit = "absent" | "own" | "inherited" | "open";

export interface GrpcJsOptions {
  readonly deadline: Limit;
  readonly parent: Limit;
  /** The call's own limit in ms, where it is a plain number from now. */
  readonly ms?: number;
  /** Where a property of the options is written; `metadata`: an argument is missing before the options that typed clients demand. */
  readonly slot?: Slot & { readonly metadata: boolean };
}

/** Reads `client.method(request, metadata?, options?, callback?)`. */
export function grpcJsOptions(file: TsFile, call: CallExpression, callback: Expression | undefined, first: number, handler: GrpcHandler | undefined): GrpcJsOptions {
  const list = call.arguments;
  let metadata = false;
  let options: Expression | undefined;
  let open = list.some((one) => ts.isSpreadElement(one));
  let blank = false;
  for (const [index, one] of list.entries()) {
    if (one === callback) continue;
    const literal = ts.isObjectLiteralExpression(bare(one)) ? one : undefined;
    // The first argument is the request, unless it can only be options.
    if (index < first && !(list.length === (callback ? 2 : 1) && literal && (option(file, literal, "deadline").is === "present" || option(file, literal, "parent").is === "present"))) continue;
    if (isMetadata(file, one)) metadata = true;
    else if (ts.isIdentifier(bare(one)) && bare(one).getText() === "undefined") blank = true;
    else if (literal || ts.isObjectLiteralExpression(bare(receiverOf(file, one).made ?? one))) options = one;
    else open = true;
  }
  if (["interceptors", "interceptor_providers"].some((name) => option(file, options, name).is !== "absent")) open = true;
  if (open) return { deadline: "open", parent: "open" };
  const deadline = limit(file, options, "deadline", handler);
  const parent = option(file, options, "parent");
  return { deadline: deadline.state, parent: parent.is === "absent" ? "absent" : parent.is === "unknown" ? "open" : "inherited", ...(deadline.ms === undefined ? {} : { ms: deadline.ms }), ...place() };

  function place(): { slot?: Slot & { metadata: boolean } } {
    if (options) {
      const found = literalSlot(file, options);
      return found ? { slot: { ...found, metadata: false } } : {};
    }
    if (blank) return {};
    if (callback) return { slot: { at: { file: "", start: callback.getStart(), end: callback.getStart() }, before: "{ ", after: " }, ", metadata: !metadata } };
    const found = slot(file, call, list.length);
    return found ? { slot: { ...found, metadata: !metadata } } : {};
  }
}

function isMetadata(file: TsFile, node: Expression): boolean {
  const found = receiverOf(file, node);
  if (found.made && ts.isNewExpression(found.made)) return /#(\w+\.)*Metadata$/.test(canonical(file, found.made.expression) ?? "");
  const type = found.type ?? declaredType(file, node);
  if (type !== undefined) return /#(\w+\.)*Metadata$/.test(type);
  const expr = bare(node);
  const name = ts.isCallExpression(expr) ? expr.expression.getText() : expr.getText();
  return !ts.isObjectLiteralExpression(found.made ?? expr) && /meta(data)?$|(^|\W)md$/i.test(name.replace(/\.clone$/, ""));
}

/** The state of one option, and its length where it is a number of ms from now. */
export function limit(file: TsFile, options: Expression | undefined, name: string, handler: GrpcHandler | undefined): { state: Limit; ms?: number; at?: Span } {
  const found = option(file, options, name);
  if (found.is === "absent") return { state: "absent" };
  if (found.is === "unknown") return { state: "open" };
  const ms = fromNow(file, found.node);
  return { state: handler ? derivation(file, found.node, handler) : "own", at: span(found.node), ...(ms === undefined ? {} : { ms }) };
}

/** The n of `Date.now() + n`, `AbortSignal.timeout(n)` and of a bare number. */
function fromNow(file: TsFile, node: Expression): number | undefined {
  let expr = bare(receiverOf(file, node).made ?? node);
  if (ts.isNewExpression(expr) && expr.arguments?.[0] && canonical(file, expr.expression) === "#Date") expr = bare(expr.arguments[0]);
  let amount: Expression | undefined = expr;
  if (ts.isBinaryExpression(expr)) amount = expr.operatorToken.kind === ts.SyntaxKind.PlusToken && expr.left.getText() === "Date.now()" ? expr.right : undefined;
  else if (ts.isCallExpression(expr)) amount = canonical(file, expr.expression) === "#AbortSignal.timeout" ? expr.arguments[0] : undefined;
  const known = amount && value(file, amount);
  return known && "known" in known && typeof known.known === "number" && known.known < 1e12 ? known.known : undefined;
}

/** Where the value of an option comes from: the handler's own call or context, the clock, or somewhere that is not read. */
function derivation(file: TsFile, node: Expression, handler: GrpcHandler): Limit {
  const open: Node[] = [node];
  const seen = new Set<Node>();
  let fresh = false;
  for (let one = open.pop(); one && seen.size < 400; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    if (!ts.isIdentifier(one)) {
      if (ts.isNumericLiteral(one)) fresh = true;
      if (ts.isPropertyAccessExpression(one)) open.push(one.expression);
      else ts.forEachChild(one, (child) => void open.push(child));
      continue;
    }
    const declared = declaration(file, one);
    if (!declared) {
      if (one.text === "Date" || one.text === "AbortSignal") fresh = true;
      continue;
    }
    if (within(declared, handler.carrier)) return "inherited";
    if (ts.isBindingElement(declared)) open.push(rootOf(declared));
    else if (ts.isFunctionDeclaration(declared)) declared.body && open.push(declared.body);
    else {
      const only = onlyValue(file, declared);
      const target = only && functionOf(file, only);
      if (only) open.push(target?.body ?? only);
    }
  }
  // A controller may be aborted by anyone: only what is plainly a clock is the call's own.
  return fresh && !/AbortController|\.any\(/.test(node.getText()) ? "own" : "open";
}

function rootOf(element: Node): Node {
  let up = element;
  while (ts.isBindingElement(up)) up = up.parent.parent;
  return ts.isVariableDeclaration(up) && up.initializer ? up.initializer : up;
}

function within(node: Node, ancestor: Node | undefined): boolean {
  for (let up: Node | undefined = node; up && ancestor; up = up.parent) if (up === ancestor) return true;
  return false;
}
