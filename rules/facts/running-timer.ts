// Question: which timers of an asynchronous function go on running after it, because nothing clears them or an error jumps over what does?

import { checkoutFix } from "./checkout-fix.ts";
import { timerCall, watches, type TimerCall } from "./timer-call.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { leaksOf, type Leak } from "../../engine/typescript/release.ts";
import { assignments, bare, declaration, references } from "../../engine/typescript/scope.ts";
import type { Edit } from "../../engine/types.ts";

export interface RunningTimer {
  /** The variable that holds it. */
  readonly name: string;
  /** The expression that makes it, and the timer in it where this file shows it. */
  readonly acquired: Expression;
  readonly timer?: TimerCall;
  /** What clears it: `clearTimeout`, or what would. */
  readonly clear: string;
  readonly leak: Leak | { readonly is: "never" };
  readonly edits?: readonly Edit[];
}

/** The timers of a file that outlive their function. */
export function* runningTimers(file: TsFile): Iterable<RunningTimer> {
  const cleared = clearsOf(file);
  const held = nodes<VariableDeclaration>(file, ts.SyntaxKind.VariableDeclaration).filter((one) => ts.isIdentifier(one.name) && (cleared.has(one) || (one.initializer && timerCall(file, one.initializer))));
  for (const declared of held) {
    const owner = enclosingFunction(declared);
    const name = declared.name.getText();
    const releases = cleared.get(declared) ?? [];
    const acquired = owner && isAsync(owner) ? acquiredBy(file, declared, name, owner, releases) : undefined;
    if (!owner || !acquired) continue;
    const timer = timerCall(file, acquired);
    const harms = timer && watches(file, timer);
    if (harms !== "acts" && (timer?.unref || isUnref(file, declared, name))) continue;
    const clear = releases[0] ? releases[0].expression.getText().replace(/^.*\./, "") : "clearTimeout";
    const about = { name, acquired, clear, ...(timer ? { timer } : {}) };
    const fix = (where: string) => (isPlain(owner, declared, releases) ? checkoutFix(file, acquired as CallExpression, declared, releases, `${releases[0]?.expression.getText() ?? clear}(${name})`, where) : undefined);
    if (releases.length === 0) {
      if (harms !== "acts" || timer?.repeats || timer?.unref || isUnref(file, declared, name) || !awaitsAfter(file, owner, acquired)) continue;
      const edits = fix("open");
      yield { ...about, leak: { is: "never" }, ...(edits ? { edits } : {}) };
      continue;
    }
    const leak = leaksOf({ owner, acquired, releases }).find((one) => one.is === "throw" || (one.at !== acquired && harms !== undefined && harms !== "works"));
    if (!leak) continue;
    const edits = leak.is === "throw" ? fix(leak.where) : fix("open");
    yield { ...about, leak, ...(edits ? { edits } : {}) };
  }
}

/** Calls of `clearTimeout` and `clearInterval`, by the variable that they clear. */
function clearsOf(file: TsFile): ReadonlyMap<Node, readonly CallExpression[]> {
  const found = new Map<Node, CallExpression[]>();
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const argument = call.arguments[0] && bare(call.arguments[0]);
    if (!argument || !ts.isIdentifier(argument) || !/clear(Timeout|Interval)/.test(call.expression.getText()) || !/^(#|#globalThis\.|timers#)clear(Timeout|Interval)$/.test(canonical(file, call.expression) ?? "")) continue;
    const declared = declaration(file, argument);
    if (declared && ts.isVariableDeclaration(declared)) found.set(declared, [...(found.get(declared) ?? []), call]);
  }
  return found;
}

/** The one expression that makes the timer, where nobody else gets hold of it. */
function acquiredBy(file: TsFile, declared: VariableDeclaration, name: string, owner: FunctionLikeDeclaration, releases: readonly CallExpression[]): Expression | undefined {
  const values = [declared.initializer, ...assignments(file, declared)].filter((one): one is Expression => one !== undefined && !isEmpty(one));
  const [only] = values;
  if (!only || values.length > 1 || !references(file, declared, name).every((use) => isOwn(use, releases))) return undefined;
  const expr = bare(only);
  if (!ts.isCallExpression(expr) && !ts.isConditionalExpression(expr)) return undefined;
  for (let up = enclosingFunction(only); up && up !== owner; up = enclosingFunction(up))
    if (!isExecutor(up) || releases.some((one) => one.pos >= up!.pos && one.end <= up!.end)) return undefined;
  return only;
}

const isEmpty = (node: Expression) => node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");

const isExecutor = (fn: Node) => ts.isNewExpression(fn.parent) && fn.parent.expression.getText() === "Promise" && fn.parent.arguments?.[0] === fn;

/** A use that lets nobody else clear the timer. */
function isOwn(use: Node, releases: readonly CallExpression[]): boolean {
  let node = use;
  while (ts.isNonNullExpression(node.parent) || ts.isAsExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (releases.some((one) => one === parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return /^(unref|ref|hasRef|refresh)$/.test(parent.name.text);
  if (ts.isIfStatement(parent) || ts.isPrefixUnaryExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  return parent.left === node && (kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.AmpersandAmpersandToken || /^[!=]==?$/.test(parent.operatorToken.getText()));
}

function isUnref(file: TsFile, declared: VariableDeclaration, name: string): boolean {
  return references(file, declared, name).some((use) => ts.isPropertyAccessExpression(use.parent) && use.parent.name.text === "unref");
}

function isAsync(owner: FunctionLikeDeclaration): boolean {
  return ts.canHaveModifiers(owner) && !!ts.getModifiers(owner)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
}

function awaitsAfter(file: TsFile, owner: FunctionLikeDeclaration, acquired: Node): boolean {
  return nodes(file, ts.SyntaxKind.AwaitExpression).some((one) => one.pos >= acquired.end && one.end <= owner.end && enclosingFunction(one) === owner);
}

/** What is cleared can move into a `finally`: no clearing stands in a callback, or alone in a branch that would be left empty. */
function isPlain(owner: FunctionLikeDeclaration, declared: VariableDeclaration, releases: readonly CallExpression[]): boolean {
  const home = declared.parent.parent.parent;
  return releases.every((one) => {
    const statement = one.parent;
    if (enclosingFunction(one) !== owner || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return false;
    return statement.parent === home || statement.parent.statements.length > 1 || ts.isTryStatement(statement.parent.parent);
  });
}
