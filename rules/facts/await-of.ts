// Question: which function waits for the promise of this call, and under which conditions? Climbs from the call; knows no library.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";

export interface Waiting {
  readonly owner: FunctionLikeDeclaration;
  readonly certain: boolean;
  /** Number shared by calls that run side by side. */
  readonly group?: number;
  /** Turns of loops with a known number of turns. */
  readonly times: number;
}

/** The waiting for a call; undefined when nobody waits, or only for the first of several. */
export function awaitOf(file: TsFile, call: Node): Waiting | undefined {
  let waited = false;
  let certain = true;
  let group: number | undefined;
  let times = 1;
  for (let node: Node = call; node.parent; node = node.parent) {
    const up = node.parent;
    if (ts.isFunctionLike(up)) {
      if (!("body" in up) || up.body !== node) return undefined;
      const each: Node = up.parent;
      const maps = ts.isCallExpression(each) && ts.isPropertyAccessExpression(each.expression) && each.expression.name.text === "map" && each.arguments[0] === (up as Node);
      if (!waited && node !== call && !ts.isExpression(node)) return undefined;
      if (!maps) return { owner: up as FunctionLikeDeclaration, certain, times, ...(group === undefined ? {} : { group }) };
      (node = up), (waited = false);
      continue;
    }
    if (ts.isCallExpression(up) && up.expression !== node) {
      const name = canonical(file, up.expression);
      if (name === "#Promise.all" || name === "#Promise.allSettled") group = up.pos;
      else if (!waited) return undefined;
    }
    if (ts.isVoidExpression(up) || (!waited && ts.isExpressionStatement(up))) return undefined;
    if (ts.isAwaitExpression(up) || ts.isReturnStatement(up)) waited = true;
    certain &&= !isBranch(up, node);
    times *= turns(file, up, node);
  }
  return undefined;
}

function isBranch(up: Node, node: Node): boolean {
  if (ts.isIfStatement(up) || ts.isConditionalExpression(up)) return (ts.isIfStatement(up) ? up.expression : up.condition) !== node;
  if (ts.isBinaryExpression(up)) return up.right === node && /^(&&|\|\||\?\?)$/.test(up.operatorToken.getText());
  return ts.isCaseOrDefaultClause(up) || ts.isCatchClause(up);
}

/** `for (let n = 0; n < 3; n++)` has three turns; what is not known counts as one. */
export function turns(file: TsFile, up: Node, node: Node): number {
  if (!ts.isForStatement(up) || up.statement !== node || !up.condition || !ts.isBinaryExpression(up.condition)) return 1;
  const { left, right, operatorToken } = up.condition;
  const first = up.initializer && ts.isVariableDeclarationList(up.initializer) ? up.initializer.declarations[0]?.initializer : undefined;
  const [from, to] = [first, right].map((one) => read(file, one));
  if (!ts.isIdentifier(left) || from === undefined || to === undefined) return 1;
  const count = operatorToken.kind === ts.SyntaxKind.LessThanToken ? to - from : operatorToken.kind === ts.SyntaxKind.LessThanEqualsToken ? to - from + 1 : 1;
  return count >= 1 && count <= 100 ? count : 1;
}

function read(file: TsFile, node: Expression | undefined): number | undefined {
  const found = node && value(file, node);
  return found && "known" in found && typeof found.known === "number" ? found.known : undefined;
}
