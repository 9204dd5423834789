// Question: what is done with a request after the call that made it? Looks at chained calls and at the variable that holds it, in one file.

import { ts, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { declaration } from "../../engine/typescript/scope.ts";

/** superagent: `.timeout()` in the chain, or on the variable that holds it. A plugin or an unfinished chain may set it. */
export function finishedWithout(call: Node): "none" | "set" | "unknown" {
  let top = call;
  for (;;) {
    const access = top.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== top || !ts.isCallExpression(access.parent)) break;
    if (access.name.text === "timeout") return "set";
    if (access.name.text === "use") return "unknown";
    top = access.parent;
  }
  const { parent } = top;
  const finished = ts.isAwaitExpression(parent) || ts.isExpressionStatement(parent) || (ts.isCallExpression(top) && ts.isPropertyAccessExpression(top.expression) && /^(then|catch|finally|end)$/.test(top.expression.name.text));
  return finished || returnsAtOnce(parent) ? "none" : "unknown";
}

/** `return superagent.get(url)` in an async function gives the answer, not the request. */
function returnsAtOnce(parent: Node): boolean {
  const owner = ts.isReturnStatement(parent) ? enclosingFunction(parent) : ts.isArrowFunction(parent) ? parent : undefined;
  return !!owner && ts.canHaveModifiers(owner) && !!ts.getModifiers(owner)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
}

/** `const req = http.request()`: a limit set on the request, or a request that others get to see. */
export function handled(file: TsFile, call: Node): boolean {
  let top = call;
  while (ts.isPropertyAccessExpression(top.parent) && top.parent.expression === top && ts.isCallExpression(top.parent.parent)) {
    if (top.parent.name.text === "setTimeout") return true;
    top = top.parent.parent;
  }
  if (ts.isReturnStatement(top.parent) || ts.isArrowFunction(top.parent)) return true;
  return usesOf(file, top).some((use) => {
    const up = use.parent;
    if (ts.isPropertyAccessExpression(up) && up.expression === use) return /^(setTimeout|destroy|abort)$/.test(up.name.text) || /["']timeout["']/.test(ts.isCallExpression(up.parent) ? (up.parent.arguments[0]?.getText() ?? "") : "");
    if (ts.isCallExpression(up)) return !/(^|\.)pipe(line)?$/.test(up.expression.getText());
    return ts.isReturnStatement(up) || ts.isPropertyAssignment(up) || ts.isShorthandPropertyAssignment(up) || ts.isBinaryExpression(up);
  });
}

/** Where the variable that holds a value is used: after it, or in a callback that was written before and runs later. */
export function usesOf(file: TsFile, top: Node): readonly Node[] {
  const holder = ts.isVariableDeclaration(top.parent) ? top.parent : ts.isBinaryExpression(top.parent) && top.parent.right === top && ts.isIdentifier(top.parent.left) ? declaration(file, top.parent.left) : undefined;
  if (!holder) return [];
  return nodes<Node>(file, ts.SyntaxKind.Identifier).filter((one) => ts.isIdentifier(one) && (one.pos > top.end || one.end <= top.pos) && one.parent !== holder && one.parent !== top.parent && declaration(file, one) === holder);
}
