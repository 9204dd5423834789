// Fact: an asynchronous function or method of a module: whether it takes a signal, and the calls in it that could use one.

import { calleeRef } from "./callee.ts";
import { shapeOf, type CallShape } from "./call-shape.ts";
import { sinks } from "./signal-sink.ts";
import { ts, type CallExpression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import type { Since } from "../../engine/typescript/framework-signal.ts";
import { calleeText, functionName, outlives, runsWithin } from "../../engine/typescript/outlive.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { sourcesOf } from "../../engine/typescript/signal.ts";
import { holdsNoSignal } from "../../engine/typescript/signal-type.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

/** A call that a signal could be passed to: a library's, or one of a function of the workspace. */
export interface Passable {
  readonly callee: string;
  readonly shape: CallShape;
  /** Where a library takes the signal. */
  readonly slot?: { readonly index: number; readonly key: string; readonly since?: Since };
  /** The function of the workspace that is called. */
  readonly target?: Ref;
}

export interface AsyncFunction {
  readonly name: string;
  /** Position of the signal, and its key where options hold it; "maybe" when some parameter may hold one. */
  readonly takes: { readonly index: number; readonly key?: string } | "none" | "maybe";
  readonly calls: readonly Passable[];
}

export const asyncFunction: FactKind<AsyncFunction> = {
  id: "async-function",
  title: "Asynchronous function",
  named: true,
  ts: {
    mentions: [],
    deferred: true,
    *find(file) {
      for (const [fn, calls] of callsByFunction(file)) yield { at: span(fn), value: { name: functionName(fn) ?? "default", takes: takes(file, fn), calls } };
    },
  },
};

function callsByFunction(file: TsFile): ReadonlyMap<FunctionLikeDeclaration, readonly Passable[]> {
  return once(file, callsByFunction, () => {
    const { SyntaxKind } = ts;
    const table = new Map<FunctionLikeDeclaration, Passable[]>();
    for (const kind of [SyntaxKind.FunctionDeclaration, SyntaxKind.ArrowFunction, SyntaxKind.FunctionExpression, SyntaxKind.MethodDeclaration])
      for (const one of nodes<FunctionLikeDeclaration>(file, kind)) if (isOfModule(one) && isAsync(one)) table.set(one, []);
    if (table.size === 0) return table;
    const known = new Map(sinks(file).map((one) => [one.call, one]));
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const sink = known.get(call);
      const owner = sink && sink.given !== "absent" ? undefined : ownerOf(file, table, call);
      const target = !owner || sink ? undefined : calleeRef(file, call);
      // The walks up the tree cost most: they come last.
      if (!owner || !(sink || target) || !runsWithin(file, call, owner) || outlives(file, call, owner)) continue;
      const slot = sink && { index: sink.index, key: sink.key, ...(sink.since ? { since: sink.since } : {}) };
      table.get(owner)!.push({ callee: calleeText(call), shape: shapeOf(file, call), ...(slot ? { slot } : {}), ...(target ? { target } : {}) });
    }
    return table;
  });
}

/** The function of the table around a node. Nodes that were passed keep the answer: calls in deep code have the same way up. */
function ownerOf(file: TsFile, table: ReadonlyMap<FunctionLikeDeclaration, unknown>, node: Node): FunctionLikeDeclaration | undefined {
  const known = once(file, ownerOf, () => new Map<Node, FunctionLikeDeclaration | undefined>());
  const passed: Node[] = [];
  let up: Node | undefined = node.parent;
  for (; up && !known.has(up) && !table.has(up as FunctionLikeDeclaration); up = up.parent) passed.push(up);
  const found = up && (known.get(up) ?? (table.has(up as FunctionLikeDeclaration) ? (up as FunctionLikeDeclaration) : undefined));
  for (const one of passed) known.set(one, found);
  return found;
}

/** Declared by the module itself: at its top level, or by a class or an object there. */
function isOfModule(fn: FunctionLikeDeclaration): boolean {
  if (!fn.body) return false;
  for (let up: Node = fn.parent; !ts.isSourceFile(up); up = up.parent) if (ts.isFunctionLike(up) || ts.isCallExpression(up) || ts.isNewExpression(up) || ts.isStatement(up) && !ts.isVariableStatement(up) && !ts.isClassDeclaration(up) && !ts.isExportAssignment(up)) return false;
  return true;
}

function isAsync(fn: FunctionLikeDeclaration): boolean {
  if (ts.canHaveModifiers(fn) && ts.getModifiers(fn)?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword)) return true;
  if (fn.type) return ts.isTypeReferenceNode(fn.type) && fn.type.typeName.getText() === "Promise";
  return ts.isArrowFunction(fn) && ts.isCallExpression(fn.body);
}

/** Names and types of parameters that may carry a signal without saying so here. */
const carrier = /opt(ion)?s?$|init$|config$|co?nte?xt$|args$|params$|request$|^req$|^call$|^c$|handle$/i;

function takes(file: TsFile, fn: FunctionLikeDeclaration): AsyncFunction["takes"] {
  for (const source of sourcesOf(file, fn)) {
    if (source.kind === "framework") return "maybe";
    const index = fn.parameters.findIndex((one) => source.root === one || (source.root.pos >= one.pos && source.root.end <= one.end));
    if (source.kind === "option") return { index, key: source.key ?? "signal" };
    return ts.isBindingElement(source.root) ? { index, key: keyText(source.root.propertyName ?? source.root.name) ?? "signal" } : { index };
  }
  if (/signal|abort|getStore\(/i.test(fn.body?.getText() ?? "")) return "maybe";
  for (const { name, type, dotDotDotToken } of fn.parameters) {
    if (dotDotDotToken) return "maybe";
    if (type && holdsNoSignal(file, type)) continue;
    if (!type && ts.isObjectBindingPattern(name)) return name.elements.some((one) => one.dotDotDotToken) ? "maybe" : "none";
    if ((ts.isIdentifier(name) && carrier.test(name.text)) || (type && carrier.test(type.getText().replace(/<.*$/s, "").replace(/[^\w].*$/s, "")))) return "maybe";
  }
  return "none";
}
