// Fact: a span that is started and not ended on some path of the function that has it. Which tracer it is, linking tells.

import { endGiven, endHeld } from "./span-fix.ts";
import { chainedLeak, nestedLeak } from "./span-callback.ts";
import { chains, endCall, spanUses } from "./span-use.ts";
import { tracerOf, type TracerUse } from "./tracer.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type FunctionLikeDeclaration, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { leaksOf } from "../../engine/typescript/release.ts";
import { declaration, type Declaration } from "../../engine/typescript/scope.ts";
import type { Edit, FactKind, Span } from "../../engine/types.ts";

export interface SpanStart extends TracerUse {
  /** Never ended, not on a certain path, or not when something throws. */
  /** `finally`: only a clean-up that itself rejects, in the `finally` that ends the span, can skip the end. */
  readonly leak: "never" | "exit" | "throw" | "reject" | "sync" | "finally";
  /** Where the function leaves it open. */
  readonly leaves?: Span;
  /** The name of the span in the code; undefined when nothing holds it. */
  readonly name?: string;
  readonly edits?: readonly Edit[];
}

type Found = Omit<SpanStart, keyof TracerUse> | undefined;

export const spanStart: FactKind<SpanStart> = {
  id: "span-start",
  title: "Span without an end",
  ts: {
    mentions: [["startSpan", "startActiveSpan"]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const callee = call.expression;
        if (!ts.isPropertyAccessExpression(callee) || !/^start(Active)?Span$/.test(callee.name.text)) continue;
        const use = tracerOf(file, callee.expression);
        const found = use && (callee.name.text === "startSpan" ? ofVariable(file, call) : ofCallback(file, call));
        if (found) yield { at: span(callee), value: { ...use, ...found } };
      }
    },
  },
};

function ofVariable(file: TsFile, call: CallExpression): Found {
  const owner = enclosingFunction(call);
  const top = chainTop(call);
  if (!owner || endCall(call)) return undefined;
  if (ts.isExpressionStatement(top.parent)) return { leak: "never" };
  const held = holder(top);
  const declared = held && declaration(file, held);
  if (!declared || !ts.isVariableDeclaration(declared) || enclosingFunction(declared) !== owner || /^(await\s+)?using\b/.test(declared.parent.getText())) return undefined;
  const name = held.text;
  const fix = (ends: readonly CallExpression[]) => endHeld(file, call, declared, name, ends);
  return judged(file, owner, declared, name, call, fix);
}

/** The span behind `tracer.startSpan(...).setAttribute(...)`, casts and parentheses. */
function chainTop(call: CallExpression): Node {
  let up: Node = call;
  for (;;) {
    const { parent } = up;
    if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent)) up = parent;
    else if (ts.isPropertyAccessExpression(parent) && chains.has(parent.name.text) && ts.isCallExpression(parent.parent) && parent.parent.expression === parent) up = parent.parent;
    else return up;
  }
}

/** `const span = ...`, or `span = ...` as a statement. */
function holder(top: Node): Identifier | undefined {
  const { parent } = top;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  const assigned = ts.isBinaryExpression(parent) && parent.right === top && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isExpressionStatement(parent.parent);
  return assigned && ts.isIdentifier(parent.left) ? parent.left : undefined;
}

/** `tracer.startActiveSpan(name, (span) => ...)`. */
function ofCallback(file: TsFile, call: CallExpression): Found {
  const fn = functionOf(file, call.arguments[call.arguments.length - 1]);
  if (!fn?.body) return undefined;
  const [first] = fn.parameters;
  if (!first) return /\bget(Active)?Span\(|\barguments\b/.test(fn.body.getText()) ? undefined : { leak: "never" };
  if (!ts.isIdentifier(first.name) || first.dotDotDotToken) return undefined;
  const name = first.name.text;
  const { body } = fn;
  return judged(file, fn, first, name, fn, (ends) => (ts.isBlock(body) ? endGiven(file, body, name, ends) : undefined));
}

function judged(file: TsFile, owner: FunctionLikeDeclaration, declared: Declaration, name: string, start: Node, fix: (ends: readonly CallExpression[]) => readonly Edit[] | undefined): Found {
  const { ends, given } = spanUses(file, declared, name, start);
  const edits = () => {
    const found = fix(ends);
    return found ? { edits: found } : {};
  };
  // It may be read back from the context by whoever runs below.
  if (ends.length === 0 && given.length === 0) return isAsked(owner) ? undefined : { leak: "never", name, ...edits() };
  if (ends.length === 0) return undefined;
  const leak = leaksOf({ owner, acquired: start, releases: [...ends, ...given] })[0];
  // What may throw before the `try` that ends it in `finally` is a pitfall of its own.
  if (leak?.is === "throw" && leak.where === "before-try") return undefined;
  if (leak) return { leak: leak.is === "exit" ? "exit" : leak.where === "finally" ? "finally" : "throw", name, leaves: span(leak.at), ...edits() };
  const sync = leaksOf({ owner, acquired: start, releases: [...ends, ...given], risky: (node) => mayThrow(file, node) })[0];
  if (sync) return sync.is === "throw" && sync.where === "open" ? { leak: "sync", name, leaves: span(sync.at), ...edits() } : undefined;
  const inner = given.length === 0 ? (chainedLeak(owner, ends) ?? nestedLeak(file, owner, ends)) : undefined;
  return inner && { ...inner, name };
}

/** A call of the service's own code, outside of handlers of an earlier error; what it does is not known. */
function mayThrow(file: TsFile, node: Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  const name = canonical(file, node.expression);
  const own = name === undefined ? ts.isIdentifier(node.expression) && ts.isFunctionDeclaration(declaration(file, node.expression) ?? node) : /^([.~]|@\/)/.test(name);
  if (!own || /log|metric|trac|span|counter|histogram|gauge/i.test(node.expression.getText())) return false;
  for (let up: Node = node; up.parent && !ts.isFunctionLike(up); up = up.parent) if (ts.isCatchClause(up) || (ts.isTryStatement(up.parent) && up.parent.finallyBlock === up)) return false;
  return true;
}

function isAsked(owner: FunctionLikeDeclaration): boolean {
  return /\btrace\.getSpan\(|\bgetActiveSpan\(/.test(owner.getText());
}
