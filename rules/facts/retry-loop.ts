// Fact: a loop that tries a call over the network again without a pause.

import { turns } from "./await-of.ts";
import type { DependencyStep } from "./dependency-call.ts";
import { clientMentions, clientUses } from "./http-client.ts";
import { retriedWork } from "./retried-work.ts";
import { inLoopHead, loopHead, whole } from "../../engine/mention.ts";
import { ts, type CallExpression, type CatchClause, type Expression, type Identifier, type Node, type Statement, type TryStatement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { calleeText, functionName } from "../../engine/typescript/outlive.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import { indentUnit } from "../../engine/typescript/wrap.ts";
import type { Edit, FactKind } from "../../engine/types.ts";

export interface RetryLoop {
  /** What is tried. */
  readonly callee: string;
  /** Attempts, where their number is known. */
  readonly attempts?: number;
  /** It runs whatever a caller gives it. */
  readonly helper?: true;
  /** It leaves the process where one of these does, as other modules tell. */
  readonly steps?: readonly DependencyStep[];
  readonly edits?: readonly Edit[];
}

type Loop = Statement & { readonly statement: Statement };
const countingWords = ["attempt", "Attempt", "ATTEMPT", "retry", "Retry", "RETRY", "retries", "Retries", "RETRIES", "Tries", "TRIES"];
const counting = /[aA]ttempt|ATTEMPT|[rR]etr(y|ies)|RETR(Y|IES)|\b[tT]ries\b|Tries|TRIES/;

export const retryLoop: FactKind<RetryLoop> = {
  id: "retry-loop",
  title: "Retry loop",
  ts: {
    serverOnly: true,
    mentions: [
      [...countingWords, whole("tries")],
      ["while (true)", "for (;;)", "while (1)", ...countingWords.map(inLoopHead), inLoopHead("tries")],
      [...clientMentions[0]!, "etry", "etries", "RETR", "connect(", ".query(", ".execute("],
    ],
    *find(file) {
      const { ForStatement, WhileStatement, DoStatement } = ts.SyntaxKind;
      for (const kind of [ForStatement, WhileStatement, DoStatement])
        for (const loop of nodes<Loop>(file, kind)) {
          const head = headOf(file, loop);
          if (!/\b(for|while) ?\(/.test(head)) continue;
          if (!counting.test(head.slice(0, loopHead)) && !(/^(while \(true\)|for \(;;\)|while \(1\))/.test(head) && counts(file, loop))) continue;
          const tried = triedIn(file, loop);
          const attempts = ts.isForStatement(loop) ? turns(file, loop, loop.statement) : 1;
          if (!tried || attempts === 2 || pauses(file, loop, tried.call)) continue;
          const edits = pause(file, loop);
          const start = loop.getStart();
          const end = ts.isDoStatement(loop) ? start + 2 : start + head.split(/\r?\n/, 1)[0]!.trimEnd().length;
          yield { at: { file: "", start, end }, value: { callee: calleeText(tried.call), ...(attempts > 1 ? { attempts } : {}), ...(tried.helper ? { helper: true as const } : {}), ...(tried.steps ? { steps: tried.steps } : {}), ...(edits ? { edits } : {}) } };
        }
    },
  },
};

const within = (node: Node, outer: Node) => node.pos >= outer.pos && node.end <= outer.end;
const headOf = (file: TsFile, loop: Loop) => (ts.isDoStatement(loop) ? file.text.slice(loop.statement.end, loop.end) : file.text.slice(loop.getStart(), loop.statement.getStart()));
/** A catch of the loop counts attempts. */
const counts = (file: TsFile, loop: Loop) => catchesOf(file, loop).some((one) => counting.test(one.getText()) && /\b\w*(attempt|retr(y|ies)|tries)\w*(\+\+| \+= 1)|\+\+\w*(attempt|retr(y|ies)|tries)/i.test(one.getText()));

function catchesOf(file: TsFile, loop: Loop): readonly CatchClause[] {
  return nodes<TryStatement>(file, ts.SyntaxKind.TryStatement).filter((one) => within(one, loop) && enclosingFunction(one) === enclosingFunction(loop) && nearestLoop(one) === loop).flatMap((one) => (one.catchClause ? [one.catchClause] : []));
}

function nearestLoop(node: Node): Node | undefined {
  for (let up = node.parent; up && !ts.isFunctionLike(up); up = up.parent) if (ts.isIterationStatement(up, false)) return up;
  return undefined;
}

/** The call that the loop tries again: of a client, or of a function that a retry helper is given. */
function triedIn(file: TsFile, loop: Loop): { call: CallExpression; helper?: true; steps?: readonly DependencyStep[] } | undefined {
  const owner = enclosingFunction(loop);
  const mine = (call: Node) => within(call, loop.statement) && enclosingFunction(call) === owner && nearestLoop(call) === loop;
  const clauses = catchesOf(file, loop);
  if (clauses.some((one) => leaves(one.block.statements[one.block.statements.length - 1]))) return undefined;
  const use = clientUses(file).find((one) => !one.row.instance && !one.row.new && ts.isCallExpression(one.call) && mine(one.call) && !clauses.some((clause) => within(one.call, clause)));
  if (use) return failsOver(file, loop, use.call) ? undefined : { call: use.call as CallExpression };
  const awaited = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).filter((call) => mine(call) && isWaited(call) && clauses.some((one) => within(call, one.parent) && !within(call, one)));
  const work = retriedWork(file, awaited, loop.getText());
  if (work) return failsOver(file, loop, work.call) ? undefined : work;
  if (!owner || clauses.length === 0 || !/retr(y|ies)/i.test(functionName(owner) ?? "") || /conflict|optimis|serializ|deadlock|unique|transact|version|duplicate|collision|lock/i.test(owner.getText())) return undefined;
  const given = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).find((call) => {
    const callee = bare(call.expression);
    const declared = mine(call) && ts.isIdentifier(callee) && (ts.isAwaitExpression(call.parent) || ts.isReturnStatement(call.parent)) ? declaration(file, callee) : undefined;
    return declared !== undefined && ts.isParameter(declared) && declared.parent === owner;
  });
  return given && { call: given, helper: true };
}

const isWaited = (call: Node): boolean => ts.isAwaitExpression(call.parent) || ts.isReturnStatement(call.parent);
const leaves = (last: Node | undefined) => last !== undefined && (ts.isThrowStatement(last) || ts.isReturnStatement(last) || ts.isBreakStatement(last));

/** Each turn asks another host, or what a catch has changed. */
function failsOver(file: TsFile, loop: Loop, call: Node): boolean {
  if (nodes<Node & { readonly argumentExpression: Expression }>(file, ts.SyntaxKind.ElementAccessExpression).some((one) => within(one, loop) && counting.test(one.argumentExpression.getText()))) return true;
  const names = nodes<Identifier>(file, ts.SyntaxKind.Identifier).filter((one) => within(one, call)).map((one) => one.text);
  return nodes<any>(file, ts.SyntaxKind.BinaryExpression).some((one) => within(one, loop) && one.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(one.left) && names.includes(one.left.text));
}

const waiting = /sleep|delay|wait|pause|backoff|setTimeout|jitter|defer|later|schedule|throttle|limit(er)?\b|acquire|refresh|retryAfter/i;

/** Something in the loop waits, or may wait: by its name, in a catch, or because it is told the attempt. */
function pauses(file: TsFile, loop: Loop, tried: CallExpression): boolean {
  const clauses = catchesOf(file, loop);
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).some((call) => {
    if (!within(call, loop) || within(tried, call) || call === tried) return within(tried, call) && call !== tried && waiting.test(call.expression.getText());
    const callee = call.expression.getText();
    if (waiting.test(callee)) return true;
    if (!ts.isAwaitExpression(call.parent)) return false;
    return clauses.some((one) => within(call, one)) || call.arguments.some((one) => counting.test(one.getText()));
  });
}

/** A growing pause with a random part at the end of the catch. */
function pause(file: TsFile, loop: Loop): readonly Edit[] | undefined {
  const [clause, second] = catchesOf(file, loop);
  const counter = nodes<Identifier>(file, ts.SyntaxKind.Identifier).find((one) => within(one, loop) && !within(one, loop.statement) && counting.test(one.text) && isCounter(file, one));
  if (!clause || second || !counter) return undefined;
  const last = clause.block.statements[clause.block.statements.length - 1];
  if (!last || ts.isContinueStatement(last) || !file.text.slice(clause.block.getStart(), last.getStart()).includes("\n")) return undefined;
  const unit = indentUnit(file, last) === "" ? "" : lineBreak(file) + indentOf(file, last.getStart());
  const end = last.getText().endsWith(";") || /;[ \t]*\r?\n/.test(clause.getText()) ? ";" : "";
  return [{ at: { file: "", start: last.end, end: last.end }, text: `${unit}await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** ${counter.text}, 5_000) * (0.5 + Math.random())))${end}` }];
}

function isCounter(file: TsFile, name: Identifier): boolean {
  const declared = declaration(file, name);
  return declared !== undefined && ts.isVariableDeclaration(declared) && declared.initializer !== undefined && ts.isNumericLiteral(declared.initializer) && (declared.parent.flags & ts.NodeFlags.Const) === 0;
}
