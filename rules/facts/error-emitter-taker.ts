// Question: what may a call do with an object that it is given: listen to it, keep it for others, neither, or is that told by another module?

import { hearing, targetOf } from "./error-listener.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { references } from "../../engine/typescript/scope.ts";
import type { Ref } from "../../engine/types.ts";

/** Functions of packages that take such an object and attach no listener, by their code; of globals all. */
const plain = /^(#|console#|util#|drizzle-orm(\/[\w-]+)?#|kysely#|connect-redis#|rate-limit-redis#|assert)/;
/** Methods that keep what they are given for others to use. */
const keeps = /^(push|unshift|set|add|decorate|provide|register|useValue|write|send|log|info|debug|resolve|pipe|then|has|get|delete|indexOf|includes)$/;

/** What the argument at `index` meets; -1 where the object is inside an argument. `unknown`: it may get a listener, and the code cannot be read. */
export function takerOf(file: TsFile, call: CallExpression | NewExpression, index: number): "listens" | "keeps" | "nothing" | "unknown" | Ref {
  const target = targetOf(file, call);
  if (target) return hearing(file).parameters.get(target)?.has(index) ? "listens" : "nothing";
  const name = canonical(file, call.expression);
  if (name !== undefined && plain.test(name)) return "nothing";
  const elsewhere = localRef(name);
  if (elsewhere) return elsewhere;
  const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
  return name === undefined && keeps.test(method) ? "keeps" : "unknown";
}

/** The function of another module of this workspace that a canonical name means. */
export function localRef(name: string | undefined): Ref | undefined {
  if (name === undefined || !/^[.~]|^@\/|^src\//.test(name)) return undefined;
  const [module, path] = name.split("#") as [string, string];
  const [first, ...keys] = path.split(".");
  return { module, name: first || "default", ...(keys.length ? { keys } : {}) };
}

/** True for a function that others get as a value: a callback, a property of options, something inside another function. Who calls it, and listens to what it returns, is not seen. */
export function isHandedOut(file: TsFile, fn: Node): boolean {
  const declared = ts.isVariableDeclaration(fn.parent) ? fn.parent : fn;
  const { name } = declared as { readonly name?: Node };
  if (ts.isMethodDeclaration(fn) || ts.isGetAccessorDeclaration(fn)) return !ts.isClassLike(fn.parent) || enclosingFunction(fn) !== undefined;
  if (!name || !ts.isIdentifier(name)) return !ts.isExportAssignment(fn.parent) && !/^(module\.)?exports\b/.test(fn.parent.getText());
  if (enclosingFunction(fn)) return true;
  return references(file, declared, name.text).some(({ parent }) => {
    if (ts.isCallExpression(parent) || ts.isExportSpecifier(parent) || ts.isExportAssignment(parent)) return ts.isCallExpression(parent) && parent.expression.getText() !== name.text;
    return !/^(module\.)?exports\b/.test((ts.isBinaryExpression(parent) ? parent : parent.parent.parent).getText());
  });
}
