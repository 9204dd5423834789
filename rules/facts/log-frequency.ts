// Question: how often is a line of a handler run? For every message, for every item of a loop, now and then, or it cannot be told.

import { ts, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { handlers, originOf, type HandlerKind } from "../../engine/typescript/handler.ts";
import { calleeName, functionName, runsWithin } from "../../engine/typescript/outlive.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, references } from "../../engine/typescript/scope.ts";

export interface Frequency {
  readonly each: "message" | "job" | "item" | "request";
  /** The handler around it; the loop over a subscription needs none. */
  readonly handler?: FunctionLikeDeclaration;
}

/** Conditions that let only some lines through. */
const sampling = /sampl|random|debug|verbose|trace|isLevel|level|slow|threshold|duration|latency|elapsed|every|throttl|limit|rate\b|interval|Date\.now|performance\.now|count|%/i;
const iterates = /^(forEach|map|flatMap|filter|reduce|some|every|each|eachSeries|eachLimit|mapLimit)$/;

/** How often a line runs, as part of the nearest handler around it; undefined when it runs now and then, or outside of handlers. */
export function frequency(file: TsFile, node: Node): Frequency | undefined {
  const table = handlers(file);
  let loop: Node | undefined;
  for (let up: Node = node; up.parent; up = up.parent) {
    const { parent } = up;
    const kind = ts.isFunctionLike(up) ? table.get(up) : undefined;
    if (kind) return settled(file, up as FunctionLikeDeclaration, kind, loop, node);
    if (now(up, parent)) return undefined;
    if (isForAwaitOfMessages(file, parent) && isLoop(parent, up)) return loop ? undefined : { each: "message" };
    if (isLoop(parent, up)) loop ??= parent;
    else if (ts.isFunctionLike(up) && ts.isCallExpression(parent) && iterates.test(calleeName(parent) ?? "")) loop ??= parent;
    else if (ts.isFunctionLike(up) && (ts.isMethodDeclaration(up) || ts.isFunctionDeclaration(up))) return undefined;
  }
  return undefined;
}

function settled(file: TsFile, handler: FunctionLikeDeclaration, kind: HandlerKind, loop: Node | undefined, node: Node): Frequency | undefined {
  if (!runsWithin(file, node, handler) || !calledAlways(file, handler)) return undefined;
  const batch = /^(eachBatch|handleMessageBatch)$/.test(functionName(handler) ?? "");
  if (loop) return isFixed(loop) ? undefined : { each: batch && /messages\b/i.test(subject(loop)) ? "message" : "item", handler };
  if (kind === "socket" || batch || isPiped(handler)) return undefined;
  return { each: kind === "message" ? "message" : kind === "job" ? "job" : "request", handler };
}

/** A step out of a branch, a clause, or a block that was left before: the line runs only sometimes. */
function now(up: Node, parent: Node): boolean {
  if (ts.isCatchClause(up) || ts.isCaseOrDefaultClause(up)) return true;
  if (ts.isIfStatement(parent) && parent.expression !== up) return parent.elseStatement === up || !isPresence(parent.expression);
  if (ts.isConditionalExpression(parent) && parent.condition !== up) return true;
  if (ts.isBinaryExpression(parent) && parent.right === up && (parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken || parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)) return true;
  return ts.isBlock(parent) && parent.statements.some((one) => one.end <= up.pos && ts.isIfStatement(one) && sampling.test(one.expression.getText()) && leaves(one.thenStatement));
}

const leaves = (node: Node): boolean => {
  const last = ts.isBlock(node) ? node.statements[node.statements.length - 1] : node;
  return last !== undefined && (ts.isReturnStatement(last) || ts.isContinueStatement(last) || ts.isThrowStatement(last));
};

/** `if (message.value)`: true for nearly every message. */
function isPresence(test: Expression): boolean {
  const expr = bare(test);
  if (sampling.test(expr.getText())) return false;
  if (ts.isBinaryExpression(expr)) {
    const { AmpersandAmpersandToken, ExclamationEqualsToken, ExclamationEqualsEqualsToken } = ts.SyntaxKind;
    if (expr.operatorToken.kind === AmpersandAmpersandToken) return isPresence(expr.left) && isPresence(expr.right);
    return [ExclamationEqualsToken, ExclamationEqualsEqualsToken].includes(expr.operatorToken.kind) && /^(null|undefined)$/.test(expr.right.getText()) && isPresence(expr.left);
  }
  // A flag says nothing of how often it is set; a part of the message does.
  return ts.isPropertyAccessExpression(expr) && /^(value|body|payload|content|data|length|key|message)$/.test(expr.name.text);
}

function isLoop(parent: Node, up: Node): boolean {
  return (ts.isForStatement(parent) || ts.isForOfStatement(parent) || ts.isForInStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) && parent.statement === up;
}

/** The list that a loop goes over. */
function subject(loop: Node): string {
  if (ts.isForOfStatement(loop) || ts.isForInStatement(loop)) return loop.expression.getText();
  return ts.isCallExpression(loop) ? loop.expression.getText() : "";
}

/** A loop over a list that is written out, or over constants. */
function isFixed(loop: Node): boolean {
  return /^\[|^Object\.(keys|values|entries)\([A-Z_]+\)|^[A-Z][A-Z0-9_]+\b/.test(subject(loop));
}

/** `for await (const message of subscription)` of a broker client: that loop is the handler. */
function isForAwaitOfMessages(file: TsFile, node: Node): boolean {
  return ts.isForOfStatement(node) && node.awaitModifier !== undefined && /^(nats|@nats-io\/[\w-]+|kafkajs|@confluentinc\/[\w-]+|@platformatic\/kafka|pulsar-client)#/.test(originOf(file, node.expression) ?? "");
}

/** What a child process or the terminal prints, passed on. */
function isPiped(handler: Node): boolean {
  return ts.isCallExpression(handler.parent) && ts.isPropertyAccessExpression(handler.parent.expression) && /\b(stdout|stderr|stdin)\??$/.test(handler.parent.expression.expression.getText());
}

/** False for a function that its file also calls in a branch: it is not run for every message. */
function calledAlways(file: TsFile, handler: FunctionLikeDeclaration): boolean {
  const declared = ts.isFunctionDeclaration(handler) ? handler : ts.isVariableDeclaration(handler.parent) ? handler.parent : undefined;
  const name = declared && functionName(handler);
  if (!declared || name === undefined) return true;
  return references(file, declared, name).every((use) => {
    if (!ts.isCallExpression(use.parent) || use.parent.expression !== use) return true;
    for (let up: Node = use; up.parent && !ts.isFunctionLike(up); up = up.parent) if (now(up, up.parent) || isLoop(up.parent, up)) return false;
    return true;
  });
}
