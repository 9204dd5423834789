// The only place that touches a compiler: the TypeScript 6 API that ts-morph carries.
// It is 9 MB, so it is loaded on the first parse and never by importing this file; in dist it is parser.cjs, the tenth of it that reads syntax.

import { createRequire } from "node:module";
import type { ts as api } from "@ts-morph/common/lib/typescript.js";

/** The compiler API. Empty until `loadCompiler` ran; every question about a tree runs after a parse, so no question sees it empty. */
export const ts = {} as typeof api;

/** Loads the compiler once. It becomes what `ts` inherits from: V8 would keep names that are copied to it in a table, and look them up with every question about a node. */
export function loadCompiler(): void {
  if (ts.version === undefined) Object.setPrototypeOf(ts, { ...createRequire(import.meta.url)("@ts-morph/common/dist/typescript.js") });
}

export type Node = api.Node;
export type SourceFile = api.SourceFile;
export type SyntaxKind = api.SyntaxKind;
export type Expression = api.Expression;
export type Identifier = api.Identifier;
export type CallExpression = api.CallExpression;
export type NewExpression = api.NewExpression;
export type PropertyAccessExpression = api.PropertyAccessExpression;
export type ObjectLiteralExpression = api.ObjectLiteralExpression;
export type BinaryExpression = api.BinaryExpression;
export type VariableDeclaration = api.VariableDeclaration;
export type BindingElement = api.BindingElement;
export type ParameterDeclaration = api.ParameterDeclaration;
export type FunctionDeclaration = api.FunctionDeclaration;
export type FunctionLikeDeclaration = api.FunctionLikeDeclaration;
export type ClassLikeDeclaration = api.ClassLikeDeclaration;
export type PropertyDeclaration = api.PropertyDeclaration;
export type ObjectLiteralElementLike = api.ObjectLiteralElementLike;
export type ImportDeclaration = api.ImportDeclaration;
export type Statement = api.Statement;
export type TypeNode = api.TypeNode;
export type Block = api.Block;
export type Decorator = api.Decorator;
export type PropertyAssignment = api.PropertyAssignment;
export type ArrayLiteralExpression = api.ArrayLiteralExpression;
export type TemplateExpression = api.TemplateExpression;
export type AwaitExpression = api.AwaitExpression;
export type TryStatement = api.TryStatement;
export type CatchClause = api.CatchClause;
export type StringLiteralLike = api.StringLiteralLike;
