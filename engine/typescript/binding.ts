// What does an expression name? Canonical names through imports, requires, aliases, destructuring and class fields, within one file.

import { ts, type Expression, type Identifier, type Node, type TypeNode, type CallExpression } from "./compiler.ts";
import { oncePerNode, type TsFile } from "./parse.ts";
import { bare, declaration, enclosingClass, member, onlyValue } from "./scope.ts";

const followLimit = 20;

/**
 * Canonical name of an expression: `pg#Pool` for `pg.Pool`, `{ Pool }` and `require("pg").Pool` alike; `axios#` for a module or its default.
 * The `node:` prefix is gone; a local module keeps its specifier (`./clients#orders`); a global is `#fetch`. Undefined when it names no import.
 */
export function canonical(file: TsFile, node: Expression | undefined): string | undefined {
  return node && oncePerNode(file, node, nameOf);
}

function nameOf(file: TsFile, node: Expression | undefined, depth = 0): string | undefined {
  if (!node || depth > followLimit) return undefined;
  const expr = bare(node);
  if (ts.isIdentifier(expr)) return ofIdentifier(file, expr, depth);
  if (ts.isPropertyAccessExpression(expr)) {
    if (expr.expression.kind === ts.SyntaxKind.ThisKeyword) return ofMember(file, expr, expr.name.text, depth);
    return append(nameOf(file, expr.expression, depth + 1), expr.name.text);
  }
  if (ts.isElementAccessExpression(expr) && ts.isStringLiteralLike(expr.argumentExpression)) return append(nameOf(file, expr.expression, depth + 1), expr.argumentExpression.text);
  if (ts.isCallExpression(expr)) {
    const required = requiredModule(file, expr);
    return required === undefined ? undefined : moduleName(required);
  }
  return undefined;
}

/** The specifier of `require("x")` or `import("x")`. */
export function requiredModule(file: TsFile, call: CallExpression): string | undefined {
  const [argument] = call.arguments;
  if (call.arguments.length !== 1 || !argument || !ts.isStringLiteralLike(argument)) return undefined;
  if (call.expression.kind === ts.SyntaxKind.ImportKeyword) return argument.text;
  return ts.isIdentifier(call.expression) && call.expression.text === "require" && !declaration(file, call.expression) ? argument.text : undefined;
}

function ofIdentifier(file: TsFile, name: Identifier, depth: number): string | undefined {
  const declared = declaration(file, name);
  if (!declared) return `#${name.text}`;
  const imported = importOf(declared);
  if (imported) return imported.name === undefined ? moduleName(imported.module) : append(moduleName(imported.module), imported.name);
  if (ts.isVariableDeclaration(declared)) return nameOf(file, onlyValue(file, declared), depth + 1);
  if (ts.isBindingElement(declared)) return ofBinding(file, declared, depth);
  return undefined;
}

function ofBinding(file: TsFile, element: Node, depth: number): string | undefined {
  const names: string[] = [];
  for (let node = element; ; node = node.parent.parent) {
    if (ts.isBindingElement(node)) {
      if (node.dotDotDotToken || !ts.isObjectBindingPattern(node.parent)) return undefined;
      const key = node.propertyName ?? node.name;
      if (!ts.isIdentifier(key) && !ts.isStringLiteral(key)) return undefined;
      names.unshift(key.text);
    } else if (ts.isVariableDeclaration(node)) return names.reduce<string | undefined>(append, nameOf(file, node.initializer, depth + 1));
    else return undefined;
  }
}

function ofMember(file: TsFile, node: Node, name: string, depth: number): string | undefined {
  const owner = enclosingClass(node);
  return owner && nameOf(file, member(file, owner, name)?.value, depth + 1);
}

/** Module and imported name of an import declaration; no name for a whole module or its default. */
export function importOf(declared: Node): { module: string; name?: string } | undefined {
  if (ts.isImportSpecifier(declared)) {
    const module = specifier(declared.parent.parent.parent);
    const name = (declared.propertyName ?? declared.name).text;
    return module === undefined ? undefined : name === "default" ? { module } : { module, name };
  }
  if (ts.isImportClause(declared)) return wrap(specifier(declared.parent as Node));
  if (ts.isNamespaceImport(declared)) return wrap(specifier(declared.parent.parent as Node));
  if (ts.isImportEqualsDeclaration(declared) && ts.isExternalModuleReference(declared.moduleReference)) {
    const { expression } = declared.moduleReference;
    return ts.isStringLiteralLike(expression) ? { module: expression.text } : undefined;
  }
  return undefined;
}

const wrap = (module: string | undefined) => (module === undefined ? undefined : { module });

function specifier(node: Node): string | undefined {
  return ts.isImportDeclaration(node) && ts.isStringLiteralLike(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
}

const moduleName = (module: string) => `${module.replace(/^node:/, "")}#`;

function append(owner: string | undefined, name: string): string | undefined {
  if (owner === undefined || owner === "") return undefined;
  if (name === "default" && owner.endsWith("#")) return owner;
  return owner.endsWith("#") ? owner + name : `${owner}.${name}`;
}

/** Follows variables and class fields to the expression that made the value: a call, a `new`, a literal, or the last name that cannot be followed. */
export function made(file: TsFile, node: Expression | undefined): Expression | undefined {
  let expr = node && bare(node);
  for (let step = 0; expr && step < followLimit; step++) {
    let next: Expression | undefined;
    if (ts.isIdentifier(expr)) {
      const declared = declaration(file, expr);
      next = declared && onlyValue(file, declared);
    } else if (ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword) {
      const owner = enclosingClass(expr);
      next = owner && member(file, owner, expr.name.text)?.value;
    }
    if (!next) return expr;
    expr = bare(next);
  }
  return expr;
}

/** Canonical name of the declared type of a name or field: `@nestjs/axios#HttpService`. Type arguments and `Promise<>` are left out. */
export function declaredType(file: TsFile, node: Expression): string | undefined {
  const expr = bare(node);
  let type: TypeNode | undefined;
  if (ts.isIdentifier(expr)) type = typeOf(declaration(file, expr));
  else if (ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = enclosingClass(expr);
    type = owner && typeOf(member(file, owner, expr.name.text)?.declaration);
  }
  return type && typeName(file, type);
}

function typeOf(declared: Node | undefined): TypeNode | undefined {
  return declared && (ts.isParameter(declared) || ts.isVariableDeclaration(declared) || ts.isPropertyDeclaration(declared)) ? declared.type : undefined;
}

/** Canonical name of a type reference; of a union the one member that is not null or undefined. */
export function typeName(file: TsFile, type: TypeNode): string | undefined {
  if (ts.isUnionTypeNode(type)) {
    const rest = type.types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword && !ts.isLiteralTypeNode(one));
    return rest.length === 1 ? typeName(file, rest[0]!) : undefined;
  }
  if (!ts.isTypeReferenceNode(type)) return undefined;
  let name: string | undefined;
  const parts: string[] = [];
  for (let entity = type.typeName; ; entity = entity.left) {
    if (ts.isIdentifier(entity)) {
      const declared = declaration(file, entity);
      const imported = declared && importOf(declared);
      if (imported) name = imported.name === undefined ? moduleName(imported.module) : append(moduleName(imported.module), imported.name);
      else if (!declared) name = `#${entity.text}`;
      break;
    }
    parts.unshift(entity.right.text);
  }
  return parts.reduce<string | undefined>(append, name);
}
