// Question: is code at a place run once per request, and through which functions of its file? Follows calls upwards, within one file.

import { fateOf } from "./client-kept.ts";
import { targetOf } from "./error-listener.ts";
import { entries, isRare } from "./request-entry.ts";
import { ts, type CallExpression, type ClassLikeDeclaration, type Expression, type Identifier, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { runsWithin } from "../../engine/typescript/outlive.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { declaration } from "../../engine/typescript/scope.ts";

export interface RequestReach {
  /** What one run is called, where an entry of this file reaches the place. */
  readonly unit?: string;
  /** It depends on what came with the request, and so cannot be made once. */
  readonly given: boolean;
  /** Functions of this file that reach the place and are no entries: others may call them. */
  readonly functions: readonly { readonly node: Node; readonly given: boolean }[];
}

/** Longest chain of calls that is followed. */
const depthLimit = 4;

/** From where a client is made, or a function called, up to what runs again and again; `given` are the values that it depends on. */
export function reachOf(file: TsFile, node: Node, given: readonly Node[]): RequestReach {
  const functions = new Map<Node, boolean>();
  const open = [{ node, given: dependsOnInput(file, given), depth: 0 }];
  let found: { unit: string; given: boolean } | undefined;
  for (let one = open.pop(); one; one = open.pop()) {
    const top = climb(file, one.node);
    if (!top) continue;
    const unit = entries(file).get(top);
    if (unit !== undefined) {
      if (!found || (found.given && !one.given)) found = { unit, given: one.given };
      continue;
    }
    if (functions.has(top)) continue;
    functions.set(top, one.given);
    if (one.depth >= depthLimit) continue;
    for (const call of callsOf(file).get(top) ?? [])
      if (!fateOf(file, call).kept) open.push({ node: call, given: one.given && dependsOnInput(file, [...(call.arguments ?? [])]), depth: one.depth + 1 });
  }
  return { ...(found ? { unit: found.unit } : {}), given: found?.given ?? false, functions: [...functions].map(([fn, input]) => ({ node: fn, given: input })) };
}

/** The class whose instances each have what a node makes: it stands in a field or in the constructor. */
export function fieldOwner(node: Node): ClassLikeDeclaration | undefined {
  for (let up: Node | undefined = node; up && !ts.isClassLike(up); up = up.parent) {
    if (ts.isPropertyDeclaration(up)) return /\bstatic\b/.test(up.getText().slice(0, up.name.getStart() - up.getStart())) ? undefined : (up.parent as ClassLikeDeclaration);
    if (ts.isConstructorDeclaration(up)) return up.parent as ClassLikeDeclaration;
    if (ts.isFunctionLike(up)) return undefined;
  }
  return undefined;
}

/** The entry around a node, the outermost function that runs it at once, or the class; undefined where it is put off, rare, or at module level. */
function climb(file: TsFile, node: Node): Node | undefined {
  const owner = fieldOwner(node);
  if (owner) return owner;
  for (let fn: Node | undefined = enclosingFunction(node); fn; ) {
    if (isRare(fn)) return undefined;
    if (entries(file).has(fn)) return fn;
    const outer = enclosingFunction(fn);
    if (!outer || !ts.isFunctionLike(fn) || ts.isMethodDeclaration(fn) || !runsWithin(file, fn, outer)) return outer && !isNamed(fn) ? undefined : fn;
    fn = outer;
  }
  return undefined;
}

function isNamed(fn: Node): boolean {
  return ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn) || (fn.parent !== undefined && ts.isVariableDeclaration(fn.parent));
}

function callsOf(file: TsFile): ReadonlyMap<Node, readonly (CallExpression | NewExpression)[]> {
  return once(file, callsOf, () => {
    const table = new Map<Node, (CallExpression | NewExpression)[]>();
    for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
      for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
        const target = targetOf(file, call);
        if (target) table.set(target, [...(table.get(target) ?? []), call]);
      }
    return table;
  });
}

/** True when a value is made from parameters of the functions around it, directly or through their variables. */
export function dependsOnInput(file: TsFile, values: readonly Node[]): boolean {
  const seen = new Set<Node>();
  const open: Node[] = [...values];
  for (let at = open.pop(); at; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (ts.isIdentifier(at)) {
      const declared = localOf(file, at);
      if (!declared) continue;
      let holder = declared;
      while (ts.isBindingElement(holder)) holder = holder.parent.parent;
      if (ts.isParameter(holder) || (ts.isVariableDeclaration(holder) && !holder.initializer)) return true;
      if (ts.isVariableDeclaration(holder)) open.push(holder.initializer!);
    } else ts.forEachChild(at, (child) => void open.push(ts.isPropertyAssignment(child) ? child.initializer : child));
  }
  return false;
}

/** The declaration of a name, where that is inside a function. */
export function localOf(file: TsFile, name: Identifier | Expression): Node | undefined {
  const { parent } = name;
  if (!ts.isIdentifier(name) || (ts.isPropertyAccessExpression(parent) && parent.name === name)) return undefined;
  const declared = declaration(file, name);
  return declared && enclosingFunction(declared) ? declared : undefined;
}
