// Question: which timers of an asynchronous function go on running after it, because nothing clears them or an error jumps over what does?

import { clearAlways } from "./running-timer-fix.ts";
import { timerCall, watches, type TimerCall } from "./timer-call.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { leaksOf, type Leak } from "../../engine/typescript/release.ts";
import { assignments, bare, declaration, references, visible } from "../../engine/typescript/scope.ts";
import type { Edit } from "../../engine/types.ts";

export interface RunningTimer {
  /** The variable that holds it. */
  readonly name: string;
  /** The expression that makes it, and the timer in it where this file shows it. */
  readonly acquired: Expression;
  readonly timer?: TimerCall;
  /** What clears it: `clearTimeout`, or what would. */
  readonly clear: string;
  readonly leak: Leak | { readonly is: "never"; /** No variable holds it. */ readonly loose?: true };
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
    // Meant to fire when something fails.
    if (harms === "exits") continue;
    if (harms !== "acts" && (timer?.unref || isUnref(file, declared, name))) continue;
    const clear = releases[0] ? releases[0].expression.getText().replace(/^.*\./, "") : "clearTimeout";
    const about = { name, acquired, clear, ...(timer ? { timer } : {}) };
    const fix = (leak?: Leak) => clearAlways(file, { owner, declared, acquired, releases, clear: `${releases[0]?.expression.getText() ?? clear}(${name})`, ...(leak ? { leak } : {}) });
    if (releases.length === 0) {
      if (harms !== "acts" || timer?.repeats || timer?.unref || isUnref(file, declared, name) || !awaitsAfter(file, owner, acquired)) continue;
      const edits = fix();
      yield { ...about, leak: { is: "never" }, ...(edits ? { edits } : {}) };
      continue;
    }
    const leak = leaksOf({ owner, acquired, releases }).find((one) => one.is === "throw" || (one.at !== acquired && harms !== undefined && harms !== "works"));
    if (!leak) continue;
    const edits = fix(leak);
    yield { ...about, leak, ...(edits ? { edits } : {}) };
  }
  yield* looseTimers(file);
}

/** `setTimeout(() => controller.abort(), ms)` that no variable holds, next to awaited work that takes the signal. */
function* looseTimers(file: TsFile): Iterable<RunningTimer> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const owner = ts.isExpressionStatement(call.parent) ? enclosingFunction(call) : undefined;
    const timer = owner && isAsync(owner) ? timerCall(file, call) : undefined;
    const aborted = timer?.call === call && !timer.repeats ? /^\(\)\s*=>\s*(?:\{\s*)?([\w$]+)\.abort\(/.exec(call.arguments[0]?.getText() ?? "")?.[1] : undefined;
    const made = aborted === undefined ? undefined : visible(file, call, aborted);
    if (!owner || !timer || !made || !ts.isVariableDeclaration(made) || enclosingFunction(made) !== owner || !awaitsAfter(file, owner, call)) continue;
    if (!/^new AbortController\(\)$/.test(made.initializer?.getText() ?? "") || !references(file, made, aborted!).every((use) => ts.isPropertyAccessExpression(use.parent) && isUsedHere(use, owner))) continue;
    yield { name: "", acquired: call, timer, clear: "clearTimeout", leak: { is: "never", loose: true } };
  }
}

/** The signal of a controller is used where it stands, and not given out of the function with its result. */
function isUsedHere(use: Node, owner: Node): boolean {
  for (let up = use; up !== owner; up = up.parent) if (ts.isReturnStatement(up)) return /^return\s+await\b/.test(up.getText());
  return true;
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
  // A function that clears it, and that somebody may keep.
  if (releases.some((one) => isHandedOver(one, owner))) return undefined;
  if (!only || values.length > 1 || !references(file, declared, name).every((use) => isOwn(use, releases))) return undefined;
  const expr = bare(only);
  if (!ts.isCallExpression(expr) && !ts.isConditionalExpression(expr)) return undefined;
  for (let up = enclosingFunction(only); up && up !== owner; up = enclosingFunction(up))
    if (!isExecutor(up) || releases.some((one) => one.pos >= up!.pos && one.end <= up!.end)) return undefined;
  return only;
}

const isEmpty = (node: Expression) => node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");

const isExecutor = (fn: Node) => ts.isNewExpression(fn.parent) && fn.parent.expression.getText() === "Promise" && fn.parent.arguments?.[0] === fn;

function isHandedOver(release: Node, owner: Node): boolean {
  const inner = enclosingFunction(release);
  return inner !== undefined && inner !== owner && !ts.isCallExpression(inner.parent) && !isExecutor(inner);
}

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
