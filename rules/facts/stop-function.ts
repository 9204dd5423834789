// Question: which functions of a file run when the process is told to stop? Handlers of signals, what they call, and functions named for it.

import { calledFunction } from "./kafka-handler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";

const depthLimit = 4;
const named = /^(graceful|handle|on|do|perform|run|initiate|start|begin)?_?(shut_?down|terminat(e|ion)|sig(term|nal|int)|stop)(_?(gracefully|handler|server|app|process|service|all))?$|graceful/i;

/** Functions that a stop runs. */
export function stopFunctions(file: TsFile): ReadonlySet<FunctionLikeDeclaration> {
  return once(file, stopFunctions, () => {
    const found = new Set<FunctionLikeDeclaration>();
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const handler = isSignal(file, call) ? call.arguments[1] : undefined;
      const fn = handler && calledFunction(file, handler);
      if (fn) found.add(fn);
    }
    const { ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDeclaration } = ts.SyntaxKind;
    for (const kind of [ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDeclaration])
      for (const fn of nodes<FunctionLikeDeclaration>(file, kind)) if (fn.body && named.test(nameOf(fn))) found.add(fn);
    for (let depth = 0; depth < depthLimit; depth++) {
      const size = found.size;
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const target = inStop(call, found) ? calledFunction(file, call.expression) : undefined;
        if (target) found.add(target);
      }
      if (found.size === size) break;
    }
    return found;
  });
}

/** The function of a stop that runs a node directly, or through callbacks written in it. */
export function stopAround(file: TsFile, node: Node): FunctionLikeDeclaration | undefined {
  return inStop(node, stopFunctions(file));
}

function inStop(node: Node, found: ReadonlySet<FunctionLikeDeclaration>): FunctionLikeDeclaration | undefined {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) if (found.has(fn)) return fn;
  return undefined;
}

function isSignal(file: TsFile, call: CallExpression): boolean {
  const callee: Expression = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !/^(on|once|addListener|prepend(Once)?Listener)$/.test(callee.name.text)) return false;
  const [event] = call.arguments;
  return event !== undefined && (!ts.isStringLiteralLike(event) || /^SIG(TERM|INT|QUIT|HUP|USR2)$/.test(event.text)) && /^(#process|process#)$/.test(canonical(file, callee.expression) ?? "");
}

function nameOf(fn: FunctionLikeDeclaration): string {
  if (fn.name) return keyText(fn.name) ?? "";
  const { parent } = fn;
  return (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) && parent.name ? (keyText(parent.name) ?? "") : "";
}
