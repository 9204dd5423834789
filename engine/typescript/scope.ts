// Which declaration does a name mean? Lexical scoping over one tree, computed on demand. Knows nothing of other files.

import { ts, type Expression, type Identifier, type Node, type VariableDeclaration, type BindingElement, type ParameterDeclaration, type ClassLikeDeclaration, type BinaryExpression } from "./compiler.ts";
import { grouped } from "../grouped.ts";
import { nodes, once, oncePerNode, type TsFile } from "./parse.ts";

/** A node that declares a name: a variable, parameter, binding element, function, class, enum or import. */
export type Declaration = Node;

/** The declaration of an identifier in this file; undefined for globals. */
export function declaration(file: TsFile, name: Identifier): Declaration | undefined {
  return oncePerNode(file, name, declared);
}

const declared = (file: TsFile, name: Identifier) => visible(file, name.parent, name.text);

/** The declaration that a name would mean if it were written at a node. Scopes that were passed keep the answer: a name used at every level of deep code is looked up once a level. */
export function visible(file: TsFile, at: Node, name: string): Declaration | undefined {
  const names = once(file, visible, noNames);
  let known = names.get(name);
  if (!known) names.set(name, (known = new Map()));
  const passed: Node[] = [];
  let found: Declaration | undefined;
  for (let scope = scopeAround(file, at); scope; scope = scope.parent && scopeAround(file, scope.parent)) {
    if (known.has(scope)) {
      found = known.get(scope);
      break;
    }
    passed.push(scope);
    if ((found = declarationsOf(file, scope).get(name))) break;
  }
  for (const scope of passed) known.set(scope, found);
  return found;
}

const noNames = () => new Map<string, Map<Node, Declaration | undefined>>();

/** Ways up a tree longer than this are remembered: a sum of many names is as deep as it has names. */
const longWay = 32;

/** The nearest node that opens a scope, the node itself included. */
function scopeAround(file: TsFile, at: Node): Node | undefined {
  const known = once(file, scopeAround, noScopes);
  let steps = 0;
  let scope: Node | undefined = at;
  for (; scope && !opensScope(scope); scope = scope.parent, steps++)
    if (known.size > 0 && known.has(scope)) {
      const found = known.get(scope);
      if (steps > longWay) remember(known, at, scope, found);
      return found;
    }
  if (steps > longWay) remember(known, at, scope, scope);
  return scope;
}

function remember(known: Map<Node, Node | undefined>, from: Node, to: Node | undefined, scope: Node | undefined): void {
  for (let one: Node | undefined = from; one && one !== to; one = one.parent) known.set(one, scope);
}

const noScopes = () => new Map<Node, Node | undefined>();

function declarationsOf(file: TsFile, scope: Node): Map<string, Declaration> {
  const scopes = once(file, declarationsOf, noDeclarations);
  let names = scopes.get(scope);
  if (!names) scopes.set(scope, (names = collect(scope)));
  return names;
}

const noDeclarations = () => new Map<Node, Map<string, Declaration>>();

function opensScope(node: Node): boolean {
  const { SyntaxKind } = ts;
  switch (node.kind) {
    case SyntaxKind.Identifier:
    case SyntaxKind.PropertyAccessExpression:
    case SyntaxKind.CallExpression:
      return false;
    case SyntaxKind.SourceFile:
    case SyntaxKind.Block:
    case SyntaxKind.ModuleBlock:
    case SyntaxKind.CaseBlock:
    case SyntaxKind.CatchClause:
    case SyntaxKind.ForStatement:
    case SyntaxKind.ForOfStatement:
    case SyntaxKind.ForInStatement:
      return true;
    default:
      return ts.isFunctionLike(node) || ts.isClassLike(node);
  }
}

function collect(scope: Node): Map<string, Declaration> {
  const names = new Map<string, Declaration>();
  if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isModuleBlock(scope)) for (const statement of scope.statements) declare(statement, names);
  else if (ts.isCaseBlock(scope)) for (const clause of scope.clauses) for (const statement of clause.statements) declare(statement, names);
  else if (ts.isCatchClause(scope)) scope.variableDeclaration && bind(scope.variableDeclaration, names);
  else if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    if (scope.initializer && ts.isVariableDeclarationList(scope.initializer)) for (const one of scope.initializer.declarations) bind(one, names);
  } else if (ts.isClassLike(scope)) scope.name && names.set(scope.name.text, scope);
  else if (ts.isFunctionLike(scope)) {
    for (const parameter of scope.parameters) bind(parameter as ParameterDeclaration, names);
    if (ts.isFunctionExpression(scope) && scope.name) names.set(scope.name.text, scope);
  }
  return names;
}

function declare(statement: Node, names: Map<string, Declaration>): void {
  if (ts.isVariableStatement(statement)) for (const one of statement.declarationList.declarations) bind(one, names);
  else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) && statement.name)
    names.set(statement.name.text, statement);
  else if (ts.isImportDeclaration(statement) && statement.importClause) {
    const { name, namedBindings } = statement.importClause;
    if (name) names.set(name.text, statement.importClause);
    if (namedBindings && ts.isNamespaceImport(namedBindings)) names.set(namedBindings.name.text, namedBindings);
    else if (namedBindings) for (const one of namedBindings.elements) names.set(one.name.text, one);
  }
}

function bind(declared: VariableDeclaration | ParameterDeclaration | BindingElement, names: Map<string, Declaration>): void {
  const open: (VariableDeclaration | ParameterDeclaration | BindingElement)[] = [declared];
  for (let one = open.pop(); one; one = open.pop()) {
    if (ts.isIdentifier(one.name)) names.set(one.name.text, one);
    else for (const element of one.name.elements) if (ts.isBindingElement(element)) open.push(element);
  }
}

/** Expressions assigned to a declared name after its declaration. */
export function assignments(file: TsFile, target: Declaration): readonly Expression[] {
  return assignmentTable(file).get(target) ?? [];
}

function assignmentTable(file: TsFile): Map<Declaration, Expression[]> {
  return once(file, assignmentTable, () => {
    const table = new Map<Declaration, Expression[]>();
    const add = (name: Node, value: Expression) => {
      const target = ts.isIdentifier(name) ? declaration(file, name) : undefined;
      if (!target) return;
      const values = table.get(target);
      if (values) values.push(value);
      else table.set(target, [value]);
    };
    for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression))
      if (one.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && one.operatorToken.kind <= ts.SyntaxKind.LastAssignment)
        add(one.left, one.operatorToken.kind === ts.SyntaxKind.EqualsToken ? one.right : one);
    for (const kind of [ts.SyntaxKind.PrefixUnaryExpression, ts.SyntaxKind.PostfixUnaryExpression])
      for (const one of nodes<any>(file, kind))
        if (one.operator === ts.SyntaxKind.PlusPlusToken || one.operator === ts.SyntaxKind.MinusMinusToken) add(one.operand, one);
    return table;
  });
}

/** The one expression a variable ever holds: its initialiser, or its only later assignment. */
export function onlyValue(file: TsFile, target: Declaration): Expression | undefined {
  if (!ts.isVariableDeclaration(target) || !ts.isIdentifier(target.name)) return undefined;
  const later = assignments(file, target);
  if (later.length === 0) return target.initializer;
  return later.length === 1 && !target.initializer ? later[0] : undefined;
}

/** Strips parentheses, casts, `!`, `satisfies` and `await`. */
export function bare(node: Expression): Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isNonNullExpression(inner) || ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner) || ts.isAwaitExpression(inner)
  ) inner = inner.expression;
  return inner;
}

/** The class a node stands in, functions that bind their own `this` excepted. */
export function enclosingClass(node: Node): ClassLikeDeclaration | undefined {
  for (let up: Node | undefined = node.parent; up; up = up.parent) {
    if (ts.isClassLike(up)) return up;
    if (ts.isFunctionDeclaration(up) || ts.isFunctionExpression(up)) return undefined;
  }
  return undefined;
}

/** What a class member holds: field initialiser, parameter property, or its only assignment `this.x = ...` in the class. */
export function member(file: TsFile, owner: ClassLikeDeclaration, name: string): Member | undefined {
  const known = oncePerNode(file, owner, noMembers);
  if (!known.has(name)) known.set(name, findMember(file, owner, name));
  return known.get(name);
}

const noMembers = () => new Map<string, Member | undefined>();

interface Member {
  readonly declaration: Node;
  readonly value?: Expression;
}

function findMember(file: TsFile, owner: ClassLikeDeclaration, name: string): Member | undefined {
  let declared: Node | undefined;
  let value: Expression | undefined;
  for (const one of owner.members) {
    if (ts.isPropertyDeclaration(one) && one.name.getText() === name) (declared = one), (value = one.initializer);
    if (ts.isConstructorDeclaration(one))
      for (const parameter of one.parameters)
        if (ts.isIdentifier(parameter.name) && parameter.name.text === name && ts.isParameterPropertyDeclaration(parameter, one)) declared = parameter;
  }
  const assigned = fieldAssignments(file).get(owner)?.get(name) ?? [];
  if (!declared && assigned.length === 0) return undefined;
  if (assigned.length === 1 && !value) value = assigned[0]!;
  else if (assigned.length > 0) return { declaration: declared ?? assigned[0]! };
  return { declaration: declared ?? value!, ...(value ? { value } : {}) };
}

function fieldAssignments(file: TsFile): Map<Node, Map<string, Expression[]>> {
  return once(file, fieldAssignments, () => {
    const table = new Map<Node, Map<string, Expression[]>>();
    for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression)) {
      if (one.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(one.left)) continue;
      if (one.left.expression.kind !== ts.SyntaxKind.ThisKeyword) continue;
      const owner = enclosingClass(one);
      if (!owner) continue;
      const fields = table.get(owner) ?? new Map<string, Expression[]>();
      table.set(owner, fields.set(one.left.name.text, [...(fields.get(one.left.name.text) ?? []), one.right]));
    }
    return table;
  });
}

/** All uses of a declared name in this file, property names and the declaration itself left out. */
export function references(file: TsFile, target: Declaration, name: string): readonly Identifier[] {
  const known = once(file, references, noUses);
  const uses = known.get(name) ?? grouped((identifiers(file).get(name) ?? []).filter(isUse), (one) => declaration(file, one));
  known.set(name, uses);
  return uses.get(target) ?? [];
}

/** The same with all that is called so where the name is in reach: the declaration itself, and names of properties. */
export function namesakes(file: TsFile, target: Declaration, name: string): readonly Identifier[] {
  const known = once(file, namesakes, noUses);
  const all = known.get(name) ?? grouped(identifiers(file).get(name) ?? [], (one) => declaration(file, one));
  known.set(name, all);
  return all.get(target) ?? [];
}

const noUses = () => new Map<string, ReadonlyMap<Declaration | undefined, readonly Identifier[]>>();

/** All identifiers of a file by their text, names of properties among them. */
export function identifiers(file: TsFile): ReadonlyMap<string, readonly Identifier[]> {
  return once(file, identifiers, () => grouped(nodes<Identifier>(file, ts.SyntaxKind.Identifier), (one) => one.text));
}

function isUse(name: Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isBindingElement(parent)) return parent.initializer === name;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === name;
  return !(parent as { name?: Node }).name || (parent as { name?: Node }).name !== name || ts.isShorthandPropertyAssignment(parent);
}
