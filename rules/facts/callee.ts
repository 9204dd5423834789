// Question: which function of the workspace does a call mean? Answers with a reference that linking can follow.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, enclosingClass } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { Ref } from "../../engine/types.ts";

/** The function that is called: one of this file by the offset where it starts, or an export of another module. */
export function calleeRef(file: TsFile, call: Pick<CallExpression, "expression">): Ref | undefined {
  const callee = bare(call.expression);
  if (ts.isIdentifier(callee)) {
    const declared = declaration(file, callee);
    if (declared && ts.isFunctionDeclaration(declared)) return { name: callee.text, start: declared.getStart() };
    return ofValue(file, callee, callee.text);
  }
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  if (callee.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const own = methodOf(enclosingClass(callee), method);
    if (own) return { name: method, start: own.getStart() };
  }
  const end = receiverOf(file, callee.expression);
  if (end.made && ts.isNewExpression(end.made)) {
    const owner = ts.isIdentifier(end.made.expression) ? declaration(file, end.made.expression) : undefined;
    const own = owner && methodOf(owner, method);
    if (own) return { name: method, start: own.getStart() };
    return ofName(canonical(file, end.made.expression), method);
  }
  return (end.type === undefined ? undefined : ofName(end.type, method)) ?? ofValue(file, callee, method);
}

function ofValue(file: TsFile, callee: Parameters<typeof receiverOf>[1], name: string): Ref | undefined {
  const end = receiverOf(file, callee);
  if (end.made) return ts.isArrowFunction(end.made) || ts.isFunctionExpression(end.made) ? { name, start: end.made.getStart() } : undefined;
  return end.ref;
}

/** A class of another module and its method. */
function ofName(name: string | undefined, method: string): Ref | undefined {
  const split = name?.indexOf("#") ?? -1;
  if (name === undefined || split < 1) return undefined;
  const [first, ...rest] = name.slice(split + 1).split(".").filter(Boolean);
  return { module: name.slice(0, split), name: first ?? "default", keys: [...rest, method] };
}

function methodOf(owner: Node | undefined, name: string): Node | undefined {
  return owner && ts.isClassLike(owner) ? owner.members.find((one) => ts.isMethodDeclaration(one) && one.body && keyText(one.name) === name) : undefined;
}
