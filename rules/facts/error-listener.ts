// Facts: an 'error' listener on something that its own file does not make, and functions that attach one to what they are given. Judges nothing.

import { imports } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type BinaryExpression, type CallExpression, type ClassLikeDeclaration, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, enclosingClass, member } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { FactKind, Mentions, Ref } from "../../engine/types.ts";

/** Methods that attach a listener. */
export const listens = /^(on|once|addListener|prependListener|prependOnceListener|addEventListener)$/;
/** Methods that return the object itself, or a promise of it. */
export const returnsItself = /^(on|once|addListener|prependListener|prependOnceListener|off|removeListener|setMaxListeners|connect|setTimeout|setNoDelay|setKeepAlive|setEncoding|ref|unref)$/;

/** Words of files that listen to errors. */
export const listenerMentions: Mentions = [["rror"], [".on(", ".once(", "addListener", "prependListener", "prependOnceListener", "addEventListener", "onerror", ...imports("events", "stream")]];

export interface Hearing {
  /** What is listened to: names, fields and parameters, chains taken off. */
  readonly receivers: readonly Expression[];
  /** Parameters of functions, and of constructors by their class, that get a listener. */
  readonly parameters: ReadonlyMap<Node, ReadonlySet<number>>;
}

export const errorListener: FactKind<{ readonly names: readonly string[]; readonly ref?: Ref }> = {
  id: "error-listener",
  title: "Error listener",
  ts: {
    mentions: listenerMentions,
    lazy: true,
    *find(file) {
      for (const receiver of hearing(file).receivers) {
        const { made, ref } = receiverOf(file, receiver);
        const call = made && ts.isCallExpression(made) ? made : undefined;
        // What this file makes itself is followed from there; one of several values is not.
        if (made && !ref && !ts.isBinaryExpression(made) && !ts.isConditionalExpression(made) && (!call || canonical(file, call.expression) !== undefined)) continue;
        const names = [lastName(receiver), call && lastName(call.expression)].filter((one) => one !== undefined);
        if (names.length || ref) yield { at: span(receiver), value: { names, ...(ref ? { ref } : {}) } };
      }
    },
  },
};

export const errorAttacher: FactKind<{ readonly parameters: readonly number[] }> = {
  id: "error-attacher",
  title: "Function that listens to errors of what it is given",
  named: true,
  ts: {
    mentions: listenerMentions,
    lazy: true,
    *find(file) {
      for (const [node, parameters] of hearing(file).parameters) yield { at: span(node), value: { parameters: [...parameters].sort((a, b) => a - b) } };
    },
  },
};

/** Everything whose 'error' event this file listens to, also through its own functions. */
export function hearing(file: TsFile): Hearing {
  return once(file, hearing, () => {
    const receivers = new Set<Expression>(direct(file));
    const parameters = new Map<Node, Set<number>>();
    const calls = [...nodes<CallExpression>(file, ts.SyntaxKind.CallExpression), ...nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)].filter((one) => one.arguments?.length);
    let open = [...receivers];
    for (let round = 0; round < 5 && open.length > 0; round++) {
      for (const one of open) {
        const found = parameterOf(file, one);
        if (found) parameters.set(found.owner, (parameters.get(found.owner) ?? new Set()).add(found.index));
      }
      if (parameters.size === 0) break;
      open = [];
      for (const call of calls) {
        const target = targetOf(file, call);
        for (const index of (target && parameters.get(target)) ?? []) {
          const given = call.arguments?.[index] && stripped(call.arguments[index]!);
          if (given && !receivers.has(given)) receivers.add(given), open.push(given);
        }
      }
    }
    return { receivers: [...receivers], parameters };
  });
}

function* direct(file: TsFile): Iterable<Expression> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const { expression: callee, arguments: given } = call;
    // An event that is no literal may be 'error'.
    if (ts.isPropertyAccessExpression(callee) && listens.test(callee.name.text) && given[0] && (!ts.isStringLiteralLike(given[0]) || given[0].text === "error")) yield stripped(callee.expression);
    else if (given.length > 0 && /^(events#(once|on)|stream(\/promises)?#(pipeline|finished|promises\.(pipeline|finished)))$/.test(canonical(file, callee) ?? "")) for (const one of given) yield stripped(one);
  }
  for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression))
    if (one.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(one.left) && one.left.name.text === "onerror") yield stripped(one.left.expression);
}

/** The start of a chain of calls that all return the same object. */
export function stripped(node: Expression): Expression {
  let expr = bare(node);
  while (ts.isCallExpression(expr) && ts.isPropertyAccessExpression(expr.expression) && returnsItself.test(expr.expression.name.text)) expr = bare(expr.expression.expression);
  return expr;
}

/** The parameter that an expression is, directly or as a field that a constructor fills. */
function parameterOf(file: TsFile, node: Expression): { owner: Node; index: number } | undefined {
  let declared = ts.isIdentifier(node) ? declaration(file, node) : undefined;
  if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = enclosingClass(node);
    const held = owner && member(file, owner, node.name.text);
    const value = held?.value && bare(held.value);
    declared = held && ts.isParameter(held.declaration) ? held.declaration : value && ts.isIdentifier(value) ? declaration(file, value) : undefined;
  }
  if (!declared || !ts.isParameter(declared)) return undefined;
  const fn = declared.parent as FunctionLikeDeclaration;
  return { owner: ts.isConstructorDeclaration(fn) ? fn.parent : fn, index: fn.parameters.indexOf(declared) };
}

/** The function or class of this file that a call runs. */
export function targetOf(file: TsFile, call: CallExpression | NewExpression): Node | undefined {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword) return methodOf(enclosingClass(callee), callee.name.text);
  if (!ts.isIdentifier(callee)) return undefined;
  const declared = declaration(file, callee);
  return declared && ts.isClassLike(declared) ? declared : functionOf(file, callee);
}

function methodOf(owner: ClassLikeDeclaration | undefined, name: string): Node | undefined {
  return owner?.members.find((one) => ts.isMethodDeclaration(one) && keyText(one.name) === name);
}

/** The name by which a reader knows an object: of `this.db.pool` it is `pool`. */
export function lastName(node: Expression): string | undefined {
  const expr = bare(node);
  return ts.isIdentifier(expr) ? expr.text : ts.isPropertyAccessExpression(expr) ? expr.name.text : undefined;
}
