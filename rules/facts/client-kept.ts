// Question: what becomes of a client in the function that makes it: is it kept for the next time, given back to the caller, ended, or used in a way that no other may share?

import { entries } from "./request-entry.ts";
import { ts, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { calleeName } from "../../engine/typescript/outlive.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, references } from "../../engine/typescript/scope.ts";

export interface ClientFate {
  /** It outlives the call, or is made only where none is there yet. */
  kept: boolean;
  returned: boolean;
  /** The function that made it ends it. */
  ended: boolean;
  /** It waits on its connection: subscribers and blocking reads cannot share one. */
  own: boolean;
  /** Work is done on it before it is used: it connects, or gets listeners. */
  prepared: boolean;
}

const ends = /^\$?(end|close|quit|disconnect|destroy|terminate|dispose|drain|stop|shutdown)$/i;
const blocks = /^([ps]?subscribe|pSubscribe|sSubscribe|b[lr]pop|bzpop\w*|brPop|blPop|xread\w*|xRead\w*|monitor|consume|watch)$/;
const prepares = /^(connect|initialize|authenticate|on|once|addListener|start|sync|use|\$use|\$on)$/;
const passesOn = /^(connect|initialize|promise|\$extends|on|once|unref|then|catch|finally)$/;

/** Follows a client, or what a call returns, within its function. */
export function fateOf(file: TsFile, made: Node): ClientFate {
  const fate: ClientFate = { kept: isGuarded(file, made), returned: false, ended: false, own: false, prepared: false };
  const owner = enclosingFunction(made);
  const seen = new Set<Node>();
  const open: Node[] = [made];
  for (let at = open.pop(), steps = 0; at && steps < 300 && !fate.kept; at = open.pop(), steps++) {
    if (seen.has(at)) continue;
    seen.add(at);
    step(at, at.parent);
  }
  return fate;

  function step(one: Node, parent: Node): void {
    if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent) || ts.isConditionalExpression(parent)) open.push(parent);
    else if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) open.push(...references(file, parent, parent.name.text));
    else if (ts.isPropertyAccessExpression(parent) && parent.expression === one) used(parent.name.text, parent.parent);
    else if (ts.isBinaryExpression(parent)) assigned(parent, one);
    else if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isArrayLiteralExpression(parent) || ts.isObjectLiteralExpression(parent)) open.push(parent);
    else if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === one)) fate.returned ||= enclosingFunction(one) === owner;
    else if (ts.isNewExpression(parent) && parent.expression !== one) open.push(parent);
    else if (ts.isCallExpression(parent) && parent.expression !== one) given(parent);
  }

  function used(method: string, call: Node): void {
    if (!ts.isCallExpression(call)) return;
    fate.ended ||= ends.test(method);
    fate.own ||= blocks.test(method) || (method === "query" && /^["'`]\s*listen\b/i.test(call.arguments[0]?.getText() ?? ""));
    fate.prepared ||= prepares.test(method);
    if (passesOn.test(method)) open.push(call);
  }

  function assigned(binary: Node & { readonly left: Expression; readonly right: Expression }, one: Node): void {
    if (binary.right !== one) return void open.push(binary);
    const operator = (binary as unknown as { operatorToken: Node }).operatorToken.getText();
    if (!/^(=|\?\?=|\|\|=)$/.test(operator)) return void open.push(binary);
    if (isLasting(binary.left)) fate.kept = true;
    else if (ts.isIdentifier(binary.left)) {
      const declared = declaration(file, binary.left);
      if (declared) open.push(...references(file, declared, binary.left.text));
    }
    open.push(binary);
  }

  /** `clients.set(id, client)`, `pools.push(client)`, where the list outlives the call. */
  function given(call: Node & { readonly expression: Expression }): void {
    const { expression: callee } = call;
    if (/cache|memo|register|remember|share|store|track|keep/i.test(calleeName(call) ?? "")) fate.kept = true;
    if (ts.isPropertyAccessExpression(callee) && /^(set|push|unshift|add)$/.test(callee.name.text) && isLasting(callee)) fate.kept = true;
  }

  /** Something of the class, of the module or global; not of this call or of what it was given. */
  function isLasting(target: Expression): boolean {
    let root = bare(target);
    while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = bare(root.expression);
    // What a constructor puts in a field lives as long as the instance: others ask how long that is.
    if (!ts.isIdentifier(root)) return root.kind === ts.SyntaxKind.ThisKeyword && !(owner && ts.isConstructorDeclaration(owner));
    const declared = declaration(file, root);
    // Values of the request and its context die with it, wherever their names come from.
    return !declared || !enclosingFunction(declared) || (enclosingFunction(declared) !== owner && !ts.isParameter(declared));
  }
}

/** Made only where there is none: `if (!client)`, `client ?? create()`, `cache.has(id) ? ... : create()`, or by a callback of something that remembers. */
function isGuarded(file: TsFile, made: Node): boolean {
  for (let up = made; up.parent && !ts.isSourceFile(up.parent); up = up.parent) {
    const { parent } = up;
    if (ts.isFunctionLike(up)) {
      if ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && /cache|memo|lazy|singleton|once|share|getOr|upsert|ensure/i.test(parent.expression.getText())) return true;
      if (entries(file).has(up) || !(ts.isArrowFunction(up) || ts.isFunctionExpression(up))) return false;
    }
    if (ts.isIfStatement(parent) && up !== parent.expression && looksForOne(parent.expression.getText())) return true;
    if (ts.isConditionalExpression(parent) && up !== parent.condition && looksForOne(parent.condition.getText())) return true;
    if (ts.isBinaryExpression(parent) && up === parent.right && /^(\?\?=?|\|\|=?)$/.test(parent.operatorToken.getText())) return true;
  }
  return false;
}

function looksForOne(test: string): boolean {
  return /(^|[^=!])!\s*[\w(]|\.has\(|[=!]==?\s*(null|undefined)|^[\w.?]*(client|pool|conn\w*|db|redis|prisma|instance|cached|global\w*)$/i.test(test);
}
