// Question: what becomes of an object in its file: who holds it, who is it given to, and can somebody who is not seen listen to it?

import { isHandedOut, takerOf } from "./error-emitter-taker.ts";
import { hearing, lastName, listens, returnsItself, stripped, targetOf } from "./error-listener.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { functionName } from "../../engine/typescript/outlive.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { declaration, enclosingClass, references } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Ref } from "../../engine/types.ts";

export interface EmitterUse {
  /** This file listens to it. */
  heard: boolean;
  /** It is given to something that may listen, and cannot be read. */
  open: boolean;
  /** Others can reach it: by these names, where a listener is not resolved. */
  leaves: boolean;
  readonly names: Set<string>;
  readonly handed: { readonly to: Ref; readonly index: number }[];
  /** Functions that return it. */
  readonly makers: Set<Node>;
  /** What its own function ends it with. */
  ended: boolean;
}

/** The name of what may be reached by any name: a listener on anything that is not resolved may be on it. */
export const anybody = "*";

/** Follows an object from the expression or parameter that brings it. What a `pool` connects is not the pool. */
export function useOf(file: TsFile, node: Node, ends: RegExp, pool: boolean): EmitterUse {
  const use: EmitterUse = { heard: false, open: false, leaves: false, names: new Set(), handed: [], makers: new Set(), ended: false };
  const roots = new Set<Node>(hearing(file).receivers);
  const seen = new Set<Node>();
  const open: Node[] = [node];
  const home = enclosingFunction(node);
  for (let at = open.pop(), steps = 0; at && steps < 400; at = open.pop(), steps++) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (ts.isParameter(at) || ts.isVariableDeclaration(at)) open.push(...named(at));
    else follow(at);
  }
  return use;

  function named(declared: Node & { readonly name: Node }): readonly Node[] {
    if (!ts.isIdentifier(declared.name)) return [];
    use.names.add(declared.name.text);
    if (ts.isVariableDeclaration(declared) && isExported(declared)) use.leaves = true;
    return references(file, declared, declared.name.text);
  }

  function follow(one: Node): void {
    if (roots.has(one)) use.heard = true;
    const { parent } = one;
    if (!parent) return;
    if (ts.isParenthesizedExpression(parent) || ts.isAwaitExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent) || ts.isConditionalExpression(parent)) open.push(parent);
    else if (ts.isPropertyAccessExpression(parent) && parent.expression === one) member(parent);
    else if (ts.isVariableDeclaration(parent)) open.push(parent);
    else if (ts.isBinaryExpression(parent)) assigned(parent, one);
    else if (ts.isPropertyDeclaration(parent)) field(parent, keyText(parent.name));
    else if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isArrayLiteralExpression(parent)) kept(parent);
    else if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === one)) returned(enclosingFunction(one));
    else if (ts.isExportAssignment(parent)) use.leaves = true;
    else if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== one) given(parent, parent.arguments?.indexOf(one as Expression) ?? -1);
  }

  function member(access: Node & { readonly name: Node; readonly parent: Node }): void {
    const method = access.name.getText();
    const call = access.parent;
    if (!ts.isCallExpression(call) || (call.expression as Node) !== access) return;
    if (ends.test(method) && enclosingFunction(call) === home) use.ended = true;
    const [first] = call.arguments;
    if (listens.test(method) && first && (!ts.isStringLiteralLike(first) || first.text === "error")) use.heard = true;
    if (returnsItself.test(method) && !(pool && method === "connect")) open.push(call);
    if (method !== "then") return;
    const callback = call.arguments[0];
    if (callback && (ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) callback.parameters[0] && open.push(callback.parameters[0]);
    else use.open = true;
  }

  function assigned(binary: Node & { readonly left: Expression; readonly right: Expression }, one: Node): void {
    const isAssignment = binary.right === one && /^(=|\?\?=|\|\|=|&&=)$/.test((binary as unknown as { operatorToken: Node }).operatorToken.getText());
    if (!isAssignment) return void open.push(binary);
    const { left } = binary;
    const declared = ts.isIdentifier(left) ? declaration(file, left) : undefined;
    if (declared && (ts.isVariableDeclaration(declared) || ts.isParameter(declared))) open.push(declared);
    else if (ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword) field(left, left.name.text);
    else (use.leaves = true), lastName(left) !== undefined && use.names.add(lastName(left)!);
    // `return (this.client = createClient())`, `a = b = createClient()`
    if (!ts.isExpressionStatement(binary.parent)) open.push(binary);
  }

  function field(at: Node, name: string | undefined): void {
    use.leaves = true;
    if (name === undefined) return;
    use.names.add(name);
    const owner = enclosingClass(at);
    for (const one of nodes<any>(file, ts.SyntaxKind.PropertyAccessExpression))
      if (one.name.text === name && one.expression.kind === ts.SyntaxKind.ThisKeyword && enclosingClass(one) === owner && !(ts.isBinaryExpression(one.parent) && one.parent.left === one)) open.push(one);
  }

  /** In a list or under a key of an object. */
  function kept(parent: Node): void {
    left();
    const key = ts.isArrayLiteralExpression(parent) ? undefined : keyText((parent as unknown as { name: Node }).name);
    if (key !== undefined) use.names.add(key);
    for (let up = parent.parent; up && (ts.isObjectLiteralExpression(up) || ts.isPropertyAssignment(up) || ts.isArrayLiteralExpression(up)); up = up.parent)
      if ((ts.isCallExpression(up.parent) || ts.isNewExpression(up.parent)) && up.parent.expression !== up) given(up.parent, -1);
  }

  function returned(fn: FunctionLikeDeclaration | undefined): void {
    use.leaves = true;
    if (!fn) return;
    use.makers.add(fn);
    if (isHandedOut(file, fn)) use.names.add(anybody);
    const name = functionName(fn);
    if (name === undefined) return;
    use.names.add(name);
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) if (targetOf(file, call) === fn) open.push(call);
  }

  function given(call: CallExpression | NewExpression, index: number): void {
    const taker = takerOf(file, call, index);
    if (typeof taker === "object") use.handed.push({ to: taker, index });
    else if (taker === "listens") use.heard = true;
    else if (taker === "unknown") use.open = true;
    else if (taker === "keeps") left();
  }

  /** Whoever has it now can listen, and in this file a listener that is not resolved may be it. */
  function left(): void {
    use.leaves = true;
    if ([...roots].some((one) => isLoose(file, one as Expression))) use.open = true;
  }
}

/** A listener on something of which the file does not tell where it comes from: an item of a list, a parameter. */
function isLoose(file: TsFile, receiver: Expression): boolean {
  const { made, ref } = receiverOf(file, stripped(receiver));
  return made === undefined && ref === undefined;
}

function isExported(declared: Node): boolean {
  const statement = declared.parent?.parent;
  return !!statement && ts.isVariableStatement(statement) && !!statement.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
}
