// May this work run on after its caller gave up? Clean-up, shutdown, audit and detached work may; and does it run while the caller waits at all?

import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "./compiler.ts";
import { once, type TsFile } from "./parse.ts";
import { references } from "./scope.ts";
import { keyText } from "./value.ts";

/** Names of work that has to finish once it is begun. */
const finishing = /audit|outbox|enqueue|publish|commit|rollback|release|clean-?up/i;
const ending = /shut_?down|tear_?down|dispose|destroy|terminate|drain|disconnect|graceful|(^|_)(close|stop|exit|quit)|[a-z](Close|Stop|Exit)$|(?:^|[a-z])[jJ]ob$/;
/** Callees that keep a callback for later, or promise to finish work after the response. */
const later = /^(on|once|off|addListener|prependListener|addEventListener|setInterval|setTimeout|setImmediate|queueMicrotask|nextTick|schedule|subscribe|defer|waitUntil|after|catch|finally|onAbort|addAbortListener|register|use|get|post|put|patch|delete)$/;

/** Callees that give one piece of work to several callers: none of them may cancel it for the others. */
const sharing = /cache|memo|getOr|dedupe|single_?flight|coalesce|remember|shared?$|dataloader/i;

/** True when work at `node` is meant to finish although the caller of `owner` gave up. Ways up that were gone keep their answer: deep code is asked about at every level. */
export function outlives(file: TsFile, node: Node, owner: Node): boolean {
  const known = once(file, outlives, () => new Map<Node, readonly [Map<Node, boolean>, Map<Node, boolean>]>());
  const answers = known.get(owner) ?? [new Map<Node, boolean>(), new Map<Node, boolean>()];
  known.set(owner, answers);
  const passed: (readonly [Map<Node, boolean>, Node])[] = [];
  let awaited = false;
  let found = false;
  for (let up: Node = node; up && up !== owner.parent && !found; up = up.parent) {
    const said = answers[awaited ? 1 : 0];
    if (said.has(up)) {
      found = said.get(up)!;
      break;
    }
    passed.push([said, up]);
    awaited ||= ts.isAwaitExpression(up);
    found = finishes(file, up, owner, awaited);
  }
  for (const [said, one] of passed) said.set(one, found);
  return found || isDropped(node);
}

function finishes(file: TsFile, up: Node, owner: Node, awaited: boolean): boolean {
  const { parent } = up;
  if (up !== owner && parent && (isShared(file, up, parent) || (!awaited && isKept(up, parent)))) return true;
  if (ts.isCatchClause(up) || (parent && ts.isTryStatement(parent) && parent.finallyBlock === up)) return true;
  if (ts.isVoidExpression(up)) return true;
  if (ts.isCallExpression(up)) {
    const name = calleeName(up);
    if (name !== undefined && (finishing.test(name) || /^(waitUntil|after|setImmediate|queueMicrotask|nextTick)$/.test(name))) return true;
  }
  if (ts.isFunctionLike(up)) {
    const name = functionName(up);
    if (name !== undefined && (finishing.test(name) || ending.test(name))) return true;
  }
  return ts.isStatement(up) && detachedComment(file, up);
}

/** A callback given to a cache or the like. */
function isShared(file: TsFile, up: Node, parent: Node): boolean {
  return ts.isFunctionLike(up) && (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && sharing.test(parent.expression.getText(file.tree));
}

/** A promise that is kept for others to wait on: `this.pending ??= load()`, `pending.set(key, load())`. */
function isKept(up: Node, parent: Node): boolean {
  if (ts.isCallExpression(parent)) return parent.expression !== up && calleeName(parent) === "set";
  if (!ts.isBinaryExpression(parent) || parent.right !== up) return false;
  const { FirstAssignment, LastAssignment } = ts.SyntaxKind;
  return parent.operatorToken.kind >= FirstAssignment && parent.operatorToken.kind <= LastAssignment && !ts.isIdentifier(parent.left);
}

/** True when nobody waits for the promise of a call: `fetch(u)` or `fetch(u).catch(log)` as a statement. */
export function isDropped(node: Node): boolean {
  let up = node;
  while (up.parent && ((ts.isPropertyAccessExpression(up.parent) && up.parent.expression === up) || (ts.isCallExpression(up.parent) && up.parent.expression === up) || ts.isParenthesizedExpression(up.parent))) up = up.parent;
  return up.parent !== undefined && ts.isExpressionStatement(up.parent);
}

function detachedComment(file: TsFile, statement: Node): boolean {
  if (!once(file, detachedComment, () => /detached/i.test(file.text))) return false;
  const lead = file.text.slice(statement.pos, statement.getStart(file.tree));
  const rest = file.text.slice(statement.end, file.text.indexOf("\n", statement.end) < 0 ? undefined : file.text.indexOf("\n", statement.end));
  return lead.split("\n").some((line) => line.search(/\/[/*]/) >= 0 && /\bdetached\b/i.test(line.slice(line.search(/\/[/*]/)))) || /^[ \t]*\/\/[^\n]*\bdetached\b/i.test(rest);
}

/** True when code at `node` runs before the call of `owner` is over: no function around it is kept for later. */
export function runsWithin(file: TsFile, node: Node, owner: FunctionLikeDeclaration): boolean {
  const known = once(file, runsWithin, () => new Map<Node, Map<Node, boolean>>());
  const answers = known.get(owner) ?? new Map<Node, boolean>();
  known.set(owner, answers);
  const passed: Node[] = [];
  let within = true;
  for (let up: Node | undefined = node; up && up !== owner && within; up = up.parent) {
    if (answers.has(up)) {
      within = answers.get(up)!;
      break;
    }
    passed.push(up);
    within = !ts.isClassLike(up) && (!ts.isFunctionLike(up) || isCalledAtOnce(file, up));
  }
  for (const one of passed) answers.set(one, within);
  return within;
}

function isCalledAtOnce(file: TsFile, fn: Node): boolean {
  let outer = fn.parent;
  let inner: Node = fn;
  while (ts.isParenthesizedExpression(outer)) (inner = outer), (outer = outer.parent);
  if (ts.isCallExpression(outer) || ts.isNewExpression(outer)) return outer.expression === inner || isCallbackAtOnce(outer);
  if (ts.isVariableDeclaration(outer) && outer.initializer === inner && ts.isIdentifier(outer.name)) return usedAtOnce(file, outer, outer.name.text);
  return ts.isFunctionDeclaration(fn) && fn.name !== undefined && usedAtOnce(file, fn, fn.name.text);
}

function usedAtOnce(file: TsFile, declared: Node, name: string): boolean {
  return references(file, declared, name).every((use) => {
    const { parent } = use;
    if (ts.isCallExpression(parent)) return parent.expression === use || isCallbackAtOnce(parent);
    return false;
  });
}

function isCallbackAtOnce(call: { readonly expression: Expression }): boolean {
  const name = calleeName(call);
  return name === undefined || !later.test(name);
}

/** Last name of what is called: `send` of `client.send(...)`. */
export function calleeName(call: { readonly expression: Expression }): string | undefined {
  const { expression } = call;
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

/** The name a function is known by: its own, its variable's, its property's or its method's. */
export function functionName(fn: Node): string | undefined {
  const own = (fn as FunctionLikeDeclaration).name;
  if (own) return keyText(own);
  const { parent } = fn;
  return parent && (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) ? keyText(parent.name) : undefined;
}

/** What a reader calls this call: `axios.get`, and only the last name where the whole is long. */
export function calleeText(call: CallExpression): string {
  const text = call.expression.getText().replace(/\s+/g, "").replace(/^this\./, "");
  return /^[\w$.?#]{1,32}$/.test(text) ? text : (calleeName(call) ?? "the call");
}
