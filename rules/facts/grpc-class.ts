// Is a class a client class of grpc-js: generated, loaded from a proto file, or derived from one? States no fact itself.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type ClassLikeDeclaration, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";

/** A generated module says so in its name: `orders_grpc_pb`. */
export function isGenerated(name: string | undefined): boolean {
  return name !== undefined && /(_grpc_pb|_grpc|\.grpc|_services?_pb|\.grpc-client)(\.[cm]?js)?#(\w+\.)*\w+Client$/.test(name);
}

/** True for a class of this file that extends a client class. */
export function extendsClient(file: TsFile, owner: ClassLikeDeclaration): boolean {
  const base = owner.heritageClauses?.find((one) => one.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression;
  const name = base && canonical(file, base);
  return name === "@grpc/grpc-js#Client" || isGenerated(name) || (base !== undefined && isLoaded(file, base));
}

/** A class out of `loadPackageDefinition(...)` or `makeGenericClientConstructor(...)`. */
export function isLoaded(file: TsFile, node: Expression): boolean {
  let expr: Expression | undefined = bare(node);
  for (let step = 0; expr && step < 20; step++) {
    if (ts.isPropertyAccessExpression(expr) || ts.isElementAccessExpression(expr)) expr = bare(expr.expression);
    else if (ts.isIdentifier(expr)) {
      let declared: Node | undefined = declaration(file, expr);
      while (declared && ts.isBindingElement(declared)) declared = declared.parent.parent;
      const next: Expression | undefined = declared && ts.isVariableDeclaration(declared) && declared.initializer ? bare(declared.initializer) : made(file, expr);
      expr = next === expr ? undefined : next;
    } else return ts.isCallExpression(expr) && /^@grpc\/grpc-js#(loadPackageDefinition|makeGenericClientConstructor|makeClientConstructor)$/.test(canonical(file, expr.expression) ?? "");
  }
  return false;
}
