// Question: which environment variables does a check insist on that names them in a list, an assertion, or the first use where the process starts?

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, references } from "../../engine/typescript/scope.ts";
import { isEnvironment } from "./process-env.ts";

type Read = readonly [name: string, node: Node, need: "throws" | "asserted"];

/** `isConditional`: it stands where the process may never come. */
export function* listedReads(file: TsFile, isConditional: (node: Node) => boolean): Iterable<Read> {
  for (const one of nodes<Node & { readonly expression: Expression; readonly argumentExpression: Expression }>(file, ts.SyntaxKind.ElementAccessExpression)) {
    const index = bare(one.argumentExpression);
    const declared = ts.isIdentifier(index) && isEnvironment(file, one.expression) ? declaration(file, index) : undefined;
    const list = declared && listBehind(declared);
    if (!list || isConditional(list) || !insists(file, one, list)) continue;
    const names = made(file, list);
    if (names && ts.isArrayLiteralExpression(names)) for (const name of names.elements) if (ts.isStringLiteralLike(name)) yield [name.text, name, "throws"];
  }
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const [first] = call.arguments;
    const name = first && variableOf(file, first);
    if (!name || isConditional(call)) continue;
    if (/^(assert#(ok|strict|default)?|tiny-invariant#|invariant#)$/.test(canonical(file, call.expression) ?? "")) yield [name, first, "throws"];
    else if (/^mongoose#(connect|createConnection)$|^amqplib#connect$/.test(canonical(file, call.expression) ?? "")) yield [name, first, "asserted"];
  }
  for (const one of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
    const [first] = one.arguments ?? [];
    const name = first && variableOf(file, first);
    if (name && !isConditional(one) && /^(ioredis#(Redis|default)?|stripe#(Stripe)?|#URL|url#URL|mongodb#MongoClient|openai#(OpenAI)?)$/.test(canonical(file, one.expression) ?? "")) yield [name, first, "asserted"];
  }
}

/** `process.env.NAME`, with nothing in its place. */
function variableOf(file: TsFile, node: Expression): string | undefined {
  const expr = bare(node);
  return ts.isPropertyAccessExpression(expr) && isEnvironment(file, expr.expression) ? expr.name.text : undefined;
}

/** The list that a loop or a callback goes through, by its variable. */
function listBehind(declared: Node): Expression | undefined {
  if (ts.isVariableDeclaration(declared) && ts.isForOfStatement(declared.parent.parent)) return declared.parent.parent.expression;
  if (!ts.isParameter(declared) || !(ts.isArrowFunction(declared.parent) || ts.isFunctionExpression(declared.parent))) return undefined;
  const call = declared.parent.parent;
  return ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression) && /^(filter|forEach|find|some|every)$/.test(call.expression.name.text) ? call.expression.expression : undefined;
}

const fails = /\bthrow\b|process\.exit\(\s*1/;

/** The loop throws for a name that is not set, or what is left of the list is looked at and the process ends. */
function insists(file: TsFile, read: Node, list: Expression): boolean {
  const negated = ts.isPrefixUnaryExpression(read.parent) || (ts.isBinaryExpression(read.parent) && /^(undefined|null|"")$/.test(read.parent.right.getText()));
  if (!negated) return false;
  for (let up: Node = read.parent; up !== list.parent && up.parent; up = up.parent) if (ts.isIfStatement(up)) return fails.test(up.thenStatement.getText());
  const call = list.parent.parent;
  const held = call && ts.isVariableDeclaration(call.parent) ? call.parent : undefined;
  if (!held) return !!call && ts.isIfStatement(call.parent) && fails.test(call.parent.thenStatement.getText());
  if (!ts.isIdentifier(held.name)) return false;
  return references(file, held, held.name.text).some((use) => {
    for (let up: Node = use; up.parent; up = up.parent) if (ts.isIfStatement(up.parent)) return up.parent.expression === up && fails.test(up.parent.thenStatement.getText());
    return false;
  });
}
