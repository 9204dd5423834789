// Questions about the arguments that open a grpc-js channel: are these credentials, does this service config bound calls? States no fact itself.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";

const makesCredentials = /^@grpc\/grpc-js#(credentials|ChannelCredentials)\.(create|combine)\w+$/;

/** True when an expression is channel credentials of grpc-js on some path. */
export function channelCredentials(file: TsFile, node: Expression): boolean {
  const open: Expression[] = [node];
  for (let step = 0; open.length > 0 && step < 20; step++) {
    const next = open.pop()!;
    const found = receiverOf(file, next);
    if (found.type === "@grpc/grpc-js#ChannelCredentials") return true;
    const expr = found.made ?? bare(next);
    if (ts.isConditionalExpression(expr)) open.push(expr.whenTrue, expr.whenFalse);
    else if (ts.isBinaryExpression(expr)) open.push(expr.left, expr.right);
    else if (ts.isCallExpression(expr) && makesCredentials.test(canonical(file, expr.expression) ?? "")) return true;
  }
  return false;
}

/** True when a service config gives some method a timeout, or is not a literal: grpc-js obeys `methodConfig[].timeout`. */
export function setsTimeout(file: TsFile, node: Expression): boolean {
  let expr = made(file, node) ?? node;
  if (ts.isStringLiteralLike(expr)) return /"timeout"\s*:/.test(expr.text);
  if (ts.isCallExpression(expr) && canonical(file, expr.expression) === "#JSON.stringify" && expr.arguments[0]) expr = made(file, expr.arguments[0]) ?? expr;
  if (!ts.isObjectLiteralExpression(expr)) return true;
  const open: Node[] = [expr];
  const seen = new Set<Node>();
  for (let one = open.pop(); one; one = open.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    if (ts.isSpreadAssignment(one) || (ts.isPropertyAssignment(one) && keyText(one.name) === "timeout")) return true;
    if (ts.isIdentifier(one) && !ts.isPropertyAssignment(one.parent)) {
      const declared = declaration(file, one);
      const value = declared && onlyValue(file, declared);
      if (!value) return true;
      open.push(value);
    } else if (ts.isPropertyAssignment(one)) open.push(one.initializer);
    else if (ts.isShorthandPropertyAssignment(one)) open.push(one.name);
    else if (ts.isCallExpression(one)) return true;
    else ts.forEachChild(one, (child) => void open.push(child));
  }
  return false;
}
