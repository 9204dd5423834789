// Is what a function holds given back on every path? Follows the statements of one function body; knows no library and no pool.

import { ts, type Expression, type Node } from "./compiler.ts";

/** A way out of the function with the thing still held. */
export type Leak =
  /** Leaves by this statement, or by reaching the end of its scope (then `at` is where it was acquired). */
  | { readonly is: "exit"; readonly at: Node }
  /** `at` may throw, and `release` is not reached then. */
  | { readonly is: "throw"; readonly at: Node; readonly where: Where; readonly release: Node };

/** Inside the `finally` that releases, between acquiring and the `try` that releases, or anywhere else. */
export type Where = "finally" | "before-try" | "open";

/** What is held, and what gives it back. */
export interface Held {
  /** The function whose body is followed. */
  readonly owner: Node & { readonly body?: Node | undefined };
  /** Held as soon as this expression is done; from the start where it is a parameter, or anything else outside of the body. */
  readonly acquired: Node;
  /** Each of these gives it back; one in a nested function counts where that function stands. */
  readonly releases: readonly Node[];
  /** The variable that holds it: a test of it tells whether anything is held. */
  readonly name?: string;
  /** True for an `await` that does not throw, or that holds nothing when it does. */
  readonly harmless?: (node: Node) => boolean;
  /** True for what else may throw: calls that the caller of this question knows of. */
  readonly risky?: (node: Node) => boolean;
}

/** Not held, or held; `thrown` is what threw on the way here. */
type State = false | { readonly thrown?: Node };
interface Exit {
  readonly kind: "return" | "throw" | "break" | "continue" | "lost";
  readonly at: Node;
  readonly state: State;
}
/** How a statement ends: `normal` is undefined where its end is not reached. */
interface Flow {
  readonly normal: State | undefined;
  readonly exits: readonly Exit[];
}

const depthLimit = 120;

/** The leaks, those that are certain first. A path that is not understood leaks nothing. */
export function leaksOf(held: Held): readonly Leak[] {
  const { owner, acquired, releases } = held;
  const { body } = owner;
  if (!body || !ts.isBlock(body)) return [];
  const flow = whole(body.statements, contains(body, acquired) ? false : {});
  const leaks: Leak[] = [];
  const add = (state: State | undefined, at: Node, certain: boolean) => {
    if (!state) return;
    const cause = certain || ts.isThrowStatement(at) ? (state.thrown ?? (certain ? undefined : at)) : at;
    if (!cause || ts.isThrowStatement(cause)) leaks.push({ is: "exit", at: cause ?? at });
    else leaks.push({ is: "throw", at: cause, ...placeOf(cause) });
  };
  for (const one of flow.exits) add(one.state, one.at, one.kind !== "throw");
  add(flow.normal, acquired, true);
  const rank = (leak: Leak) => (leak.is === "exit" ? 0 : { open: 1, finally: 2, "before-try": 3 }[leak.where]);
  return leaks.sort((a, b) => rank(a) - rank(b) || a.at.pos - b.at.pos);

  /** The body. Before it is acquired, and once it is given back, nothing is held: that is most of a long body, and is not followed. */
  function whole(statements: readonly Node[], state: State): Flow {
    const from = state ? 0 : Math.max(0, statements.findIndex((one) => contains(one, acquired)));
    const exits: Exit[] = [];
    let normal: State | undefined = statements.slice(0, from).some((one) => ts.isReturnStatement(one) || ts.isThrowStatement(one)) ? undefined : state;
    for (let at = from; at < statements.length && normal !== undefined && (normal || at === from); at++) {
      const flow = walk(statements[at]!, normal, 1);
      exits.push(...flow.exits);
      normal = flow.normal;
    }
    return { normal, exits };
  }

  function walk(node: Node, state: State | undefined, depth: number): Flow {
    if (state === undefined) return { normal: undefined, exits: [] };
    if (depth > depthLimit || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return { normal: state, exits: [] };
    if (ts.isBlock(node)) return sequence(node.statements, state, depth);
    if (ts.isIfStatement(node)) {
      const test = leaf(node.expression, state);
      const tested = held.name === undefined ? undefined : emptiness(node.expression, held.name);
      const [full, empty] = [test.normal, test.normal && tested !== undefined ? false : test.normal];
      const yes = walk(node.thenStatement, tested === true ? empty : full, depth + 1);
      const no = node.elseStatement ? walk(node.elseStatement, tested === false ? empty : full, depth + 1) : { normal: tested === false ? empty : full, exits: [] };
      // Nothing is held where the name is empty: what the other side holds counts.
      if (tested === true && yes.normal === false && no.normal) return { normal: no.normal, exits: [...test.exits, ...yes.exits, ...no.exits] };
      return { normal: either(yes.normal, no.normal), exits: [...test.exits, ...yes.exits, ...no.exits] };
    }
    if (ts.isIterationStatement(node, false)) return loop(node, state, depth);
    if (ts.isTryStatement(node)) return attempt(node, state, depth);
    if (ts.isSwitchStatement(node)) return cases(node, state, depth);
    if (ts.isLabeledStatement(node)) return settle(walk(node.statement, state, depth + 1), (exit) => jumpsTo(exit, node.label.text));
    if (ts.isReturnStatement(node)) {
      const result = node.expression ? leaf(node.expression, state) : { normal: state, exits: [] };
      return { normal: undefined, exits: [...result.exits, ...(result.normal === undefined ? [] : [{ kind: "return" as const, at: node, state: result.normal }])] };
    }
    if (ts.isThrowStatement(node)) return { normal: undefined, exits: [{ kind: "throw", at: node, state }] };
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return { normal: undefined, exits: [{ kind: ts.isBreakStatement(node) ? "break" : "continue", at: node, state }] };
    return leaf(node, state);
  }

  function sequence(statements: readonly Node[], state: State, depth: number): Flow {
    const exits: Exit[] = [];
    let normal: State | undefined = state;
    for (const one of statements) {
      const flow = walk(one, normal, depth + 1);
      exits.push(...flow.exits);
      normal = flow.normal;
    }
    return { normal, exits };
  }

  /** An expression or a statement without statements in it. */
  function leaf(node: Node, state: State): Flow {
    const cause = thrower(node, held);
    const throwing = (at: State): readonly Exit[] => (cause ? [{ kind: "throw", at: cause, state: at }] : []);
    if (contains(node, acquired)) return { normal: {}, exits: throwing(false) };
    if (releases.some((one) => contains(node, one))) return { normal: false, exits: throwing(false) };
    return { normal: endsProcess(node) ? undefined : state, exits: throwing(state) };
  }

  function loop(node: Node, state: State, depth: number): Flow {
    const one = node as Node & { expression?: Expression; condition?: Expression; initializer?: Node; statement: Node; awaitModifier?: Node };
    const endless = ts.isForStatement(node) ? !node.condition : one.expression?.kind === ts.SyntaxKind.TrueKeyword;
    const head = [ts.isForStatement(node) ? one.initializer : undefined, one.expression, one.condition].filter((part): part is Node => part !== undefined);
    const before = sequence(head, state, depth);
    const streamed: readonly Exit[] = one.awaitModifier && before.normal !== undefined ? [{ kind: "throw", at: one.expression!, state: before.normal }] : [];
    const body = walk(one.statement, before.normal, depth + 1);
    const inside = contains(one.statement, acquired);
    // What was acquired in this turn and is still held when the turn ends is lost: the next turn acquires another one.
    const turns = [...body.exits.filter((exit) => exit.kind === "break" || exit.kind === "continue"), ...(body.normal === undefined ? [] : [{ kind: "continue" as const, at: acquired, state: body.normal }])];
    const lost = inside && declaredWithin(acquired, one.statement) ? turns.filter((exit) => exit.state).map((exit) => ({ ...exit, kind: "lost" as const })) : [];
    const kept = lost.length ? turns.filter((exit) => !exit.state) : turns;
    const ends = kept.filter((exit) => !endless || exit.kind === "break").map((exit) => exit.state);
    const start: State | undefined = endless ? undefined : lost.length ? false : before.normal;
    return {
      normal: (ts.isDoStatement(node) && ends.length ? ends : [start, ...ends]).reduce<State | undefined>((a, b) => either(a, b), undefined),
      exits: [...before.exits, ...streamed, ...lost, ...body.exits.filter((exit) => exit.kind !== "break" && exit.kind !== "continue")],
    };
  }

  function attempt(node: Node, state: State, depth: number): Flow {
    if (!ts.isTryStatement(node)) return { normal: state, exits: [] };
    let flow = walk(node.tryBlock, state, depth + 1);
    if (node.catchClause) {
      const throws = flow.exits.filter((exit) => exit.kind === "throw");
      const still = throws.find((exit) => exit.state);
      const entry: State | undefined = still ? { thrown: (still.state as { thrown?: Node }).thrown ?? still.at } : throws.length ? false : undefined;
      const caught = walk(node.catchClause.block, entry, depth + 1);
      // A throw before the release is a path of its own: held on either side is held.
      const normal = flow.normal === undefined ? caught.normal : caught.normal ? caught.normal : flow.normal;
      flow = { normal, exits: [...flow.exits.filter((exit) => exit.kind !== "throw"), ...caught.exits] };
    }
    return node.finallyBlock ? finish(flow, node.finallyBlock, depth) : flow;
  }

  function finish(flow: Flow, block: Node, depth: number): Flow {
    const exits: Exit[] = [];
    const runs = new Map<boolean, Flow>();
    const through = (state: State): State | undefined => {
      let run = runs.get(!!state);
      if (!run) {
        runs.set(!!state, (run = walk(block, state ? {} : false, depth + 1)));
        exits.push(...run.exits);
      }
      return run.normal ? state || run.normal : run.normal;
    };
    for (const exit of flow.exits) {
      const state = through(exit.state);
      if (state !== undefined) exits.push({ ...exit, state });
    }
    return { normal: flow.normal === undefined ? undefined : through(flow.normal), exits };
  }

  function cases(node: Node, state: State, depth: number): Flow {
    if (!ts.isSwitchStatement(node)) return { normal: state, exits: [] };
    const exits: Exit[] = [];
    let falling: State | undefined;
    for (const clause of node.caseBlock.clauses) {
      const flow = sequence(clause.statements, either(falling, state) ?? state, depth);
      exits.push(...flow.exits);
      falling = flow.normal;
    }
    const closed = node.caseBlock.clauses.some((clause) => ts.isDefaultClause(clause));
    return settle({ normal: closed ? falling : either(falling, state), exits }, (exit) => exit.kind === "break" && jumpsTo(exit, undefined));
  }

  function placeOf(cause: Node): { where: Where; release: Node } {
    const next = releases.find((one) => one.pos >= cause.end) ?? releases[releases.length - 1] ?? acquired;
    for (let up: Node = cause; up.parent && up !== owner; up = up.parent)
      if (ts.isTryStatement(up.parent) && up.parent.finallyBlock === up) {
        const own = releases.find((one) => contains(up, one) && one.pos >= cause.end);
        if (own) return { where: "finally", release: own };
      }
    for (const one of releases)
      for (let up: Node = one; up.parent && up !== owner; up = up.parent)
        if (ts.isTryStatement(up.parent) && up.parent.finallyBlock === up && up.parent.getStart() >= cause.end) return { where: "before-try", release: one };
    return { where: "open", release: next };
  }
}

/** Two branches meet. Held on one side only means that a condition decides, and the release may stand under the same condition: not held. */
function either(a: State | undefined, b: State | undefined): State | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a && b ? a : false;
}

/** Exits that end here become part of the normal end. */
function settle(flow: Flow, here: (exit: Exit) => boolean): Flow {
  const own = flow.exits.filter(here);
  return { normal: own.reduce<State | undefined>((state, exit) => either(state, exit.state), flow.normal), exits: flow.exits.filter((exit) => !own.includes(exit)) };
}

function jumpsTo(exit: Exit, label: string | undefined): boolean {
  return (ts.isBreakStatement(exit.at) || ts.isContinueStatement(exit.at)) && exit.at.label?.text === label;
}

function contains(outer: Node, inner: Node): boolean {
  return inner.pos >= outer.pos && inner.end <= outer.end;
}

/** The name that holds what was acquired is declared inside: `const c = await acquire()` in a loop body. */
function declaredWithin(acquired: Node, body: Node): boolean {
  for (let up: Node = acquired; up !== body && up.parent; up = up.parent) if (ts.isVariableStatement(up)) return true;
  return false;
}

/** True when a test holds where the name is empty (`!c`, `c === null`), false where it is not (`c`), undefined for other tests. */
function emptiness(test: Expression, name: string): boolean | undefined {
  const text = test.getText().replace(/[\s()]/g, "");
  if (text === name || text === `${name}!==undefined` || text === `${name}!=null` || text === `${name}!==null`) return false;
  return text === `!${name}` || text === `${name}===undefined` || text === `${name}==null` || text === `${name}===null` ? true : undefined;
}

function endsProcess(node: Node): boolean {
  return ts.isExpressionStatement(node) && /^(await\s+)?process\s*\.\s*(exit|abort)\(/.test(node.getText());
}

/** The first part of a statement that may well throw: an awaited promise, or `JSON.parse`. Functions in it run later. */
function thrower(node: Node, { harmless, risky }: Held): Node | undefined {
  let first: Node | undefined;
  const open: Node[] = [node];
  for (let one = open.pop(); one; one = open.pop()) {
    if (ts.isFunctionLike(one) || ts.isClassLike(one)) continue;
    const throws = ts.isAwaitExpression(one) ? !isSettled(one.expression) && !harmless?.(one) : risky?.(one) || (ts.isCallExpression(one) && one.expression.getText() === "JSON.parse");
    if (throws && (!first || one.pos < first.pos)) first = one;
    ts.forEachChild(one, (child) => void open.push(child));
  }
  return first;
}

/** `work().catch(log)`, `Promise.allSettled(all)`, `sleep(10)`: promises that do not reject. */
function isSettled(node: Expression): boolean {
  if (!ts.isCallExpression(node)) return false;
  const callee = node.expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : "";
  return (name === "catch" && ts.isPropertyAccessExpression(callee)) || /^(allSettled|sleep|delay|setTimeout|wait)$/.test(name);
}
