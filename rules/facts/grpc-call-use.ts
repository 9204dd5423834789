// What becomes of an RPC call: has it a callback, is its stream read, its promise awaited, its wait bounded from outside? States no fact itself.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";

export type Form = "callback" | "stream" | "iterated" | "promise" | "dropped" | "other";

export interface Use {
  readonly form: Form;
  readonly callback?: Expression;
  /** The stream is written to: the call takes no request. */
  readonly written?: true;
  /** A timer or the caller's end cancels the call. */
  readonly cancelled?: true;
}

/** How a call is used. */
export function useOf(file: TsFile, call: CallExpression): Use {
  const { top, parent } = settledParent(call);
  const dropped = isDropped(file, top, parent);
  const last = call.arguments[call.arguments.length - 1];
  const uses = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? usesOf(file, parent).map(settledParent) : [];
  const more = {
    ...(uses.some((next) => isStreamUse(next.top, next.parent, /^(write|end)$/)) ? { written: true as const } : {}),
    ...(uses.some((next) => isStreamUse(next.top, next.parent, /^(cancel|destroy)$/) && isOnEnd(next.parent)) ? { cancelled: true as const } : {}),
  };
  if (last && isCallback(file, last, dropped)) return { form: "callback", callback: last, ...more };
  if (dropped) return { form: "dropped" };
  if (ts.isAwaitExpression(parent) || (ts.isPropertyAccessExpression(parent) && /^(then|catch|finally)$/.test(parent.name.text))) return { form: "promise" };
  if (ts.isForOfStatement(parent) && parent.awaitModifier && parent.expression === top) return { form: "iterated" };
  if (isStreamUse(top, parent)) return { form: "stream" };
  if (uses.some((next) => isStreamUse(next.top, next.parent))) return { form: "stream", ...more };
  for (const next of uses) {
    if (ts.isForOfStatement(next.parent) && next.parent.awaitModifier && next.parent.expression === next.top) return { form: "iterated" };
    if (ts.isAwaitExpression(next.parent)) return { form: "promise" };
  }
  return { form: "other" };
}

/** The node without its parentheses and casts, and what stands around it. */
export function settledParent(node: Node): { top: Node; parent: Node } {
  let top = node;
  while (ts.isParenthesizedExpression(top.parent) || ts.isAsExpression(top.parent) || ts.isNonNullExpression(top.parent) || ts.isSatisfiesExpression(top.parent)) top = top.parent;
  return { top, parent: top.parent };
}

/** Other places that name a variable. */
export function usesOf(file: TsFile, declared: Node): readonly Identifier[] {
  const { name } = declared as unknown as { name: Identifier };
  return (byText(file).get(name.text) ?? []).filter((one) => one !== name && declaration(file, one) === declared);
}

function byText(file: TsFile): ReadonlyMap<string, readonly Identifier[]> {
  return once(file, byText, () => {
    const table = new Map<string, Identifier[]>();
    for (const one of nodes<Identifier>(file, ts.SyntaxKind.Identifier)) {
      if (ts.isPropertyAccessExpression(one.parent) && one.parent.name === one) continue;
      const list = table.get(one.text);
      if (list) list.push(one);
      else table.set(one.text, [one]);
    }
    return table;
  });
}

const streamMethods = /^(on|once|write|end|read|pipe|cancel|destroy|addListener|removeAllListeners)$/;

function isStreamUse(top: Node, parent: Node, methods = streamMethods): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.expression === top && methods.test(parent.name.text);
}

/** Inside what a timer or an end of the caller runs. */
function isOnEnd(node: Node): boolean {
  for (let up = node; up.parent && !ts.isFunctionDeclaration(up) && !ts.isMethodDeclaration(up); up = up.parent) {
    if (!ts.isCallExpression(up.parent) || up.parent.expression === up) continue;
    const callee = up.parent.expression.getText();
    const [event] = up.parent.arguments;
    if (/(^|\.)(setTimeout|addEventListener)$/.test(callee) || (/\.(on|once)$/.test(callee) && event && ts.isStringLiteralLike(event) && /^(cancelled|abort|aborted|close)$/.test(event.text))) return true;
  }
  return false;
}

/** The value goes nowhere: a statement, or what a Promise executor returns. */
function isDropped(file: TsFile, top: Node, parent: Node): boolean {
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  const owner = ts.isArrowFunction(parent) && parent.body === top ? parent : ts.isReturnStatement(parent) ? enclosing(parent) : undefined;
  return !!owner && ts.isNewExpression(owner.parent) && canonical(file, owner.parent.expression) === "#Promise";
}

function enclosing(node: Node): Node | undefined {
  let up: Node | undefined = node.parent;
  while (up && !ts.isFunctionLike(up)) up = up.parent;
  return up;
}

const callbackName = /(^|[._])(cb|callback|done|next|resolve|reject|handler|fn|respond)$|callback$|handler$/i;

function isCallback(file: TsFile, node: Expression, dropped: boolean): boolean {
  const expr = bare(node);
  if (ts.isArrowFunction(expr) || ts.isFunctionExpression(expr)) return true;
  if (ts.isObjectLiteralExpression(expr) || ts.isNewExpression(expr) || ts.isLiteralExpression(expr)) return false;
  if (ts.isIdentifier(expr)) {
    if (functionOf(file, expr)) return true;
    const declared = declaration(file, expr);
    if (declared && ts.isParameter(declared) && declared.type && (ts.isFunctionTypeNode(declared.type) || /sendUnaryData|requestCallback|Callback/.test(declared.type.getText()))) return true;
  }
  const name = ts.isCallExpression(expr) ? expr.expression.getText() : expr.getText();
  // Nothing reads the result: the last argument can only be what takes the answer.
  if (dropped && !/meta|option|opts|(^|\W)md$/i.test(name) && node.parent && (node.parent as CallExpression).arguments.length > 1) return true;
  return ts.isCallExpression(expr) ? /\.bind$|callback|promis|resolver|handle/i.test(name) : callbackName.test(name);
}

/** Something around the call ends the wait: a race, a wrapper named after what it does, or one that the team states. */
export function isBoundedOutside(file: TsFile, call: Node): boolean {
  for (let up: Node = call; up.parent && !ts.isFunctionDeclaration(up) && !ts.isMethodDeclaration(up); up = up.parent) {
    const { parent } = up;
    if (!ts.isCallExpression(parent) || parent.expression === up) continue;
    const callee = parent.expression.getText().slice(-60);
    if (/(^|\.)race$|timeout|deadline/i.test(callee) && !/setTimeout$/.test(callee)) return true;
    if (file.context.wrappers.includes(canonical(file, parent.expression) ?? "")) return true;
  }
  return false;
}

/** The call runs after the handler: in a timer, a queued job, a background task. */
export function isDetached(call: Node, handler: Node): boolean {
  for (let up: Node = call; up !== handler && up.parent; up = up.parent) {
    if (!(ts.isArrowFunction(up) || ts.isFunctionExpression(up)) || !ts.isCallExpression(up.parent)) continue;
    if (/^(setImmediate|setTimeout|setInterval|waitUntil)$|queue|enqueue|schedule|background|defer|\bjobs?\b/i.test(up.parent.expression.getText().slice(-60))) return true;
  }
  return false;
}
