// Fact: code reads an environment variable, and what happens without it: it fails, or something stands in.

import { ts, type CallExpression, type Expression, type Node, type PropertyAccessExpression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, references } from "../../engine/typescript/scope.ts";
import { listedReads } from "./env-list.ts";
import { envProvision } from "./env-provision.ts";
import { schemaReads } from "./env-schema.ts";
import { isEnvironment } from "./process-env.ts";
import type { Fact, FactKind, Span, Value } from "../../engine/types.ts";

export interface EnvRead {
  readonly name: string;
  /** How the code insists on it, or sets it for a process that it starts (`given`); `cast`: its type does, where it is kept for later; `optional` where it can do without, `plain` where nothing is said. */
  readonly need: "schema" | "throws" | "asserted" | "cast" | "empty" | "plain" | "optional" | "given";
  /** What manifests and images set; the empty text where none does. */
  readonly set: Value<unknown>;
}

export const envRead: FactKind<EnvRead> = {
  id: "env-read",
  title: "Environment variable",
  ts: {
    lazy: [envProvision],
    mentions: [["process.env", "process'", 'process"', "cleanEnv", "createEnv", "env-var", "validationSchema", "getOrThrow", "= process", "Env(", "env("]],
    *find(file) {
      const places: readonly (readonly [name: string, node: Node, need: EnvRead["need"]])[] = [...directReads(file), ...givenTo(file), ...helperReads(file), ...listedReads(file, isConditional), ...schemaReads(file)];
      // A command line tool has the environment of whoever starts it.
      for (const [name, node, need] of places) yield fact(name, span(node), file.context.tool && (need === "asserted" || need === "cast") ? "plain" : need);
    },
  },
};

const fact = (name: string, at: Span, need: EnvRead["need"]): Fact<EnvRead> => ({ at, value: { name, need, set: { env: name, or: { known: "", by: "default", from: [] }, from: [at] } } });

function* directReads(file: TsFile): Iterable<readonly [string, Node, EnvRead["need"]]> {
  for (const one of nodes<PropertyAccessExpression>(file, ts.SyntaxKind.PropertyAccessExpression)) if (isEnvironment(file, one.expression)) yield [one.name.text, one, needOf(file, one)];
  for (const one of nodes<Indexed>(file, ts.SyntaxKind.ElementAccessExpression))
    if (ts.isStringLiteralLike(one.argumentExpression) && isEnvironment(file, one.expression)) yield [one.argumentExpression.text, one, needOf(file, one)];
  for (const one of nodes<Node & { name?: Node }>(file, ts.SyntaxKind.BindingElement)) {
    if (!ts.isBindingElement(one) || !ts.isVariableDeclaration(one.parent.parent)) continue;
    const { initializer } = one.parent.parent;
    const key = one.propertyName ?? one.name;
    if (initializer && ts.isIdentifier(key) && isEnvironment(file, initializer)) yield [key.text, one, one.initializer ? (isEmptyText(one.initializer) ? "empty" : "optional") : checkedLater(file, one) ?? "plain"];
  }
}

/** `fork(path, { env: { NAME: value } })` */
function* givenTo(file: TsFile): Iterable<readonly [string, Node, EnvRead["need"]]> {
  for (const one of nodes<Node & { readonly name: Node; readonly initializer: Expression }>(file, ts.SyntaxKind.PropertyAssignment)) {
    const literal = one.name.getText() === "env" ? bare(one.initializer) : undefined;
    if (literal && ts.isObjectLiteralExpression(literal)) for (const each of literal.properties) if (each.name && ts.isIdentifier(each.name)) yield [each.name.text, each.name, "given"];
  }
}

type Indexed = Node & { readonly expression: Expression; readonly argumentExpression: Expression };

const isEmptyText = (node: Node) => ts.isStringLiteralLike(node) && node.text === "";

function needOf(file: TsFile, read: Node): EnvRead["need"] {
  let top: Node = read;
  let said: "asserted" | "cast" | undefined;
  while (ts.isNonNullExpression(top.parent) || ts.isParenthesizedExpression(top.parent) || (ts.isAsExpression(top.parent) && top.parent.expression === top)) {
    top = top.parent;
    if (ts.isNonNullExpression(top)) said = "asserted";
    else if (ts.isAsExpression(top) && top.type.getText() === "string") said ??= "cast";
  }
  const { parent } = top;
  // What a call is given is used at once, whatever the type says.
  if (said === "cast" && (ts.isCallExpression(parent) || ts.isNewExpression(parent))) said = "asserted";
  const insists = said !== undefined && !isConditional(top) ? said : "plain";
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) return parent.left !== top ? insists : isEmptyText(bare(parent.right)) ? "empty" : failsRight(file, parent.right) ? "throws" : "optional";
    // Compared, or a guard.
    if (/^={2,3}$/.test(parent.operatorToken.getText()) && /^(undefined|null|"")$/.test(parent.right.getText()) && failsOn(parent)) return "throws";
    if (kind !== ts.SyntaxKind.EqualsToken && kind !== ts.SyntaxKind.PlusToken) return "optional";
    if (parent.left === top) return "optional";
  }
  if (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) return failsOn(parent) ? "throws" : "optional";
  if ((ts.isIfStatement(parent) && parent.expression === top) || (ts.isConditionalExpression(parent) && parent.condition === top) || ts.isDeleteExpression(parent)) return "optional";
  if (ts.isPropertyAccessExpression(parent) && parent.questionDotToken) return "optional";
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return checkedLater(file, parent) ?? insists;
  return insists;
}

/** `x ?? fail("...")` where the function of this file only throws. */
function failsRight(file: TsFile, right: Expression): boolean {
  const call = bare(right);
  const made = ts.isCallExpression(call) ? functionOf(file, call.expression) : undefined;
  return !!made && ((made.body && /^\{\s*throw\b/.test(made.body.getText())) || made.type?.getText() === "never") === true;
}

/** `if (!x) throw`, at once where the process starts. */
function failsOn(negation: Node): boolean {
  let up = negation.parent;
  while (ts.isParenthesizedExpression(up) || (ts.isBinaryExpression(up) && up.operatorToken.kind === ts.SyntaxKind.BarBarToken)) up = up.parent;
  return ts.isIfStatement(up) && fails(up) && !isConditional(up) && !/NODE_ENV|production/i.test(up.expression.getText());
}

const fails = (one: { readonly thenStatement: Node }): boolean => /^\{?\s*(?:[\w.]+\([^;{}]*\);?\s*)?(?:throw\b|process\.exit\(1|panic\()/.test(one.thenStatement.getText());

/** A variable that holds it and is checked: `if (!dsn) throw`; undefined where nothing checks it. */
function checkedLater(file: TsFile, declared: Node & { readonly name?: Node }): "throws" | "optional" | undefined {
  if (!declared.name || !ts.isIdentifier(declared.name)) return undefined;
  let optional = false;
  for (const use of references(file, declared, declared.name.text)) {
    const { parent } = use;
    if (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) {
      if (failsOn(parent)) return "throws";
      optional = true;
    } else if (ts.isIfStatement(parent) || (ts.isConditionalExpression(parent) && parent.condition === use) || (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken)) optional = true;
  }
  return optional ? "optional" : undefined;
}

/** Below a condition, or in a function that may never be called. */
function isConditional(node: Node): boolean {
  for (let up: Node = node; up.parent; up = up.parent) {
    const { parent } = up;
    if (ts.isIfStatement(parent) && parent.expression !== up) return true;
    if ((ts.isConditionalExpression(parent) && parent.condition !== up) || ts.isCaseOrDefaultClause(parent) || ts.isTryStatement(parent)) return true;
    if (ts.isBinaryExpression(parent) && parent.right === up && /^(&&|\|\||\?\?)$/.test(parent.operatorToken.getText())) return true;
    if (ts.isFunctionLike(parent) && !ts.isConstructorDeclaration(parent) && !isCalledAtStart(parent) && !/^(main|bootstrap|start|run|init|onModuleInit|onApplicationBootstrap|loadConfig|createConfig|getConfig)$/.test((parent as { name?: Node }).name?.getText() ?? "")) return true;
  }
  return false;
}

/** Nest calls a `useFactory` when it starts. */
const isCalledAtStart = (fn: Node) => ts.isPropertyAssignment(fn.parent) && fn.parent.name.getText() === "useFactory";

/** `requireEnv("NAME")`: a function of this file that throws, or one whose name says that it does. */
function* helperReads(file: TsFile): Iterable<readonly [string, Node, EnvRead["need"]]> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const [first] = call.arguments;
    if (!first || !ts.isStringLiteralLike(first) || !/^[A-Z][A-Z0-9_]*$/.test(first.text)) continue;
    if (call.arguments.length > 1) {
      if (/env/i.test(call.expression.getText())) yield [first.text, first, "optional"];
      continue;
    }
    const name = ts.isIdentifier(call.expression) ? call.expression.text : "";
    const own = name === "" ? undefined : functionOf(file, call.expression);
    const throws = own ? own.parameters.length === 1 && !own.parameters[0]!.initializer && /process\.env\[/.test(own.getText()) && /\bthrow\b|process\.exit\(1/.test(own.getText()) : /^(require|required|must|assert|need|ensure)\w{0,80}Env(Var|ironment)?(Variable)?$|^env(Var)?OrThrow$|^get\w{0,80}Env\w{0,80}OrThrow$|^mustGetEnv$/.test(name);
    const asked = ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "getOrThrow" && /config/i.test(call.expression.expression.getText());
    if ((throws || asked) && !isConditional(call)) yield [first.text, first, "throws"];
  }
}
