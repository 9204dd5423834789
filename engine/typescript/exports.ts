// What a file's exported names stand for: constants, objects, functions and classes, and names passed on from elsewhere. Plain data out.

import { ts, type Expression, type Node } from "./compiler.ts";
import { importOf } from "./binding.ts";
import { nodes, type TsFile } from "./parse.ts";
import { bare, declaration, onlyValue } from "./scope.ts";
import { keyText, value } from "./value.ts";
import type { Exported } from "../types.ts";

export interface Exports {
  readonly names: Readonly<Record<string, Exported>>;
  /** Specifiers of `export * from`. */
  readonly reexports: readonly string[];
}

/** Where facts of followed kinds start, so that a name bound to one can be told: offset of the defining node -> fact. */
export type FactStarts = ReadonlyMap<number, readonly [kind: string, start: number]>;

/** The export table. `facts` are the followed facts of this file, keyed by the start of the expression or declaration that makes them. */
export function exportsOf(file: TsFile, facts: FactStarts): Exports {
  const names: Record<string, Exported> = Object.create(null);
  const reexports: string[] = [];
  for (const statement of file.tree.statements) {
    if (ts.isExportDeclaration(statement)) {
      const module = statement.moduleSpecifier && ts.isStringLiteralLike(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
      if (!statement.exportClause) module !== undefined && reexports.push(module);
      else if (ts.isNamedExports(statement.exportClause))
        for (const one of statement.exportClause.elements) {
          const source = (one.propertyName ?? one.name).text;
          names[one.name.text] = module !== undefined ? { ref: { module, name: source }, from: [] } : local(file, (one.propertyName ?? one.name) as Expression, facts);
        }
      continue;
    }
    if (ts.isExportAssignment(statement)) {
      names.default = ofExpression(file, statement.expression, facts);
      continue;
    }
    if (!isExported(statement)) continue;
    const isDefault = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword);
    if (ts.isVariableStatement(statement)) {
      for (const one of statement.declarationList.declarations) if (ts.isIdentifier(one.name)) names[one.name.text] = local(file, one.name, facts);
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
      names[isDefault ? "default" : (statement.name?.text ?? "default")] = ofDeclaration(file, statement, facts);
    }
  }
  commonjs(file, names, facts);
  return { names, reexports };
}

function commonjs(file: TsFile, names: Record<string, Exported>, facts: FactStarts): void {
  for (const one of nodes<any>(file, ts.SyntaxKind.BinaryExpression)) {
    if (one.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(one.left)) continue;
    const target = one.left.getText();
    if (target === "module.exports") {
      const literal = bare(one.right);
      if (ts.isObjectLiteralExpression(literal)) Object.assign(names, members(file, literal, facts, 0).members);
      names.default ??= ofExpression(file, one.right, facts);
    } else if (/^(module\.)?exports\.\w+$/.test(target)) names[one.left.name.text] = ofExpression(file, one.right, facts);
  }
}

function isExported(statement: Node): boolean {
  return ts.canHaveModifiers(statement) && !!ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
}

function local(file: TsFile, name: Expression, facts: FactStarts, depth = 0): Exported {
  if (depth > 8) return { unknown: "nested too deep" };
  const declared = ts.isIdentifier(name) ? declaration(file, name) : undefined;
  if (!declared) return { unknown: "not declared here" };
  const imported = importOf(declared);
  if (imported) return { ref: { module: imported.module, name: imported.name ?? "default" }, from: [] };
  return ofDeclaration(file, declared, facts, depth + 1);
}

function ofDeclaration(file: TsFile, declared: Node, facts: FactStarts, depth = 0): Exported {
  const fact = facts.get(declared.getStart());
  if (fact) return { fact };
  if (ts.isVariableDeclaration(declared)) {
    const only = onlyValue(file, declared);
    return only ? ofExpression(file, only, facts, depth) : { unknown: "no single value" };
  }
  if (ts.isClassDeclaration(declared)) {
    const found: Record<string, Exported> = Object.create(null);
    for (const one of declared.members)
      if (ts.isPropertyDeclaration(one) && one.initializer && keyText(one.name)) found[keyText(one.name)!] = ofExpression(file, one.initializer, facts);
      else if (ts.isMethodDeclaration(one) && keyText(one.name) && facts.has(one.getStart())) found[keyText(one.name)!] = { fact: facts.get(one.getStart())! };
    return { members: found };
  }
  if (ts.isEnumDeclaration(declared)) {
    const found: Record<string, Exported> = Object.create(null);
    for (const one of declared.members) if (keyText(one.name)) found[keyText(one.name)!] = value(file, one.initializer);
    return { members: found };
  }
  return { unknown: "a declaration without a value" };
}

function ofExpression(file: TsFile, node: Expression, facts: FactStarts, depth = 0): Exported {
  const expr = bare(node);
  const fact = facts.get(expr.getStart()) ?? facts.get(node.getStart());
  if (fact) return { fact };
  if (depth > 8) return { unknown: "nested too deep" };
  if (ts.isObjectLiteralExpression(expr)) return members(file, expr, facts, depth + 1);
  if (ts.isIdentifier(expr)) return local(file, expr, facts, depth + 1);
  return value(file, expr);
}

function members(file: TsFile, literal: Node, facts: FactStarts, depth: number): { members: Record<string, Exported> } {
  const found: Record<string, Exported> = Object.create(null);
  if (!ts.isObjectLiteralExpression(literal)) return { members: found };
  for (const one of literal.properties) {
    if (ts.isSpreadAssignment(one)) continue;
    const key = one.name && keyText(one.name);
    if (!key) continue;
    if (ts.isPropertyAssignment(one)) found[key] = ofExpression(file, one.initializer, facts, depth);
    else if (ts.isShorthandPropertyAssignment(one)) found[key] = local(file, one.name, facts, depth);
    else if (facts.has(one.getStart())) found[key] = { fact: facts.get(one.getStart())! };
  }
  return { members: found };
}
