// Questions: do two expressions mean the same object, and where does a chain of calls on it end?

import { ts, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";

/** Same object: the same name, or the same field of this class. */
export function sameObject(file: TsFile, a: Expression, b: Expression): boolean {
  return bare(a).getText() === bare(b).getText() || (receiverOf(file, a).made !== undefined && receiverOf(file, a).made === receiverOf(file, b).made);
}

/** Outermost node around an expression that is still the same chain of calls. */
export function chainEnd(node: Node): Node {
  let up = node;
  while (up.parent && ((ts.isPropertyAccessExpression(up.parent) && up.parent.expression === up) || (ts.isCallExpression(up.parent) && up.parent.expression === up) || ts.isNonNullExpression(up.parent))) up = up.parent;
  return up;
}
