// Question: which text gives a checked-out connection back on every path? Puts what follows into `try` and the release into `finally`.

import { ts, type CallExpression, type Node, type Statement, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { references } from "../../engine/typescript/scope.ts";
import { deeper, indentUnit, lineEnd, linesOf, tryFinally, type Change } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** The edits; undefined where the shape of the function does not allow them. */
export function checkoutFix(file: TsFile, call: CallExpression, declared: VariableDeclaration, releases: readonly Node[], release: string, leak: string): readonly Edit[] | undefined {
  const taken = declared.parent.parent;
  if (!ts.isVariableStatement(taken) || taken.declarationList.declarations.length !== 1 || !ts.isBlock(taken.parent) || call.getStart() < declared.getStart()) return undefined;
  const { statements } = taken.parent;
  const following = statements.slice(statements.indexOf(taken) + 1);
  const start = lineEnd(file, taken);
  if (start === undefined || following.length === 0 || following[0]!.getStart() < start) return undefined;
  return moved(file, taken, following, start, releases) ?? (leak === "before-try" ? undefined : wrapped(file, taken, following, start, releases, release));
}

/** Statements between the acquisition and a `try` that releases go into that `try`. */
function moved(file: TsFile, taken: Statement, following: readonly Statement[], start: number, releases: readonly Node[]): readonly Edit[] | undefined {
  const attempt = following.find((one) => ts.isTryStatement(one));
  if (!attempt || !ts.isTryStatement(attempt) || !attempt.finallyBlock || attempt === following[0]) return undefined;
  const { finallyBlock } = attempt;
  const [first] = releases;
  // Only where that `finally` releases first of all.
  const opening = finallyBlock.statements[0];
  if (!first || !opening || releases.length !== 1 || first.pos < opening.pos || first.end > opening.end) return undefined;
  const between = following.slice(0, following.indexOf(attempt));
  if (between.some((one) => usedAfter(file, one, attempt.tryBlock.end))) return undefined;
  const end = lineEnd(file, between[between.length - 1]!);
  const inner = attempt.tryBlock.statements[0];
  if (end === undefined || !inner) return undefined;
  const indent = indentOf(file, taken.getStart());
  const body = deeper(file, { file: "", start, end }, indentUnit(file, taken));
  const brace = attempt.tryBlock.getStart() + 1;
  return [{ at: { file: "", start, end: brace }, text: `${lineBreak(file)}${indent}try {${body}` }];
}

/** Everything that follows in the block goes into a new `try`; releases in it go into its `finally`. */
function wrapped(file: TsFile, taken: Statement, following: readonly Statement[], start: number, releases: readonly Node[], release: string): readonly Edit[] | undefined {
  const drop: Statement[] = [];
  for (const one of releases) {
    const statement = standing(one);
    if (!statement || !following.some((other) => statement.pos >= other.pos && statement.end <= other.end)) return undefined;
    if (ts.isBlock(statement.parent) && ts.isTryStatement(statement.parent.parent) && statement.parent.parent.finallyBlock === statement.parent && statement.parent.statements.length === 1) return undefined;
    drop.push(statement);
  }
  let last = following[following.length - 1]!;
  const direct = drop.filter((one) => following.includes(one));
  const final = direct[direct.length - 1];
  // Work after the release does not hold the connection today: it stays outside.
  if (final) {
    const rest = following.slice(following.indexOf(final) + 1);
    const within = following.slice(0, following.indexOf(final) + 1);
    if (rest.some((one) => /\bawait\b/.test(one.getText()))) {
      if (within.some((one) => usedAfter(file, one, final.end))) return undefined;
      last = final;
    }
  }
  const end = lineEnd(file, last);
  const unit = indentUnit(file, taken);
  const cuts = drop.map((one) => linesOf(file, one));
  if (end === undefined || !cuts.every((one): one is Change => one !== undefined)) return undefined;
  const body = deeper(file, { file: "", start, end }, unit, cuts);
  if (body.trim() === "") return undefined;
  const mark = taken.getText().endsWith(";") ? ";" : "";
  return [{ at: { file: "", start, end }, text: tryFinally(file, body, indentOf(file, taken.getStart()), unit, release + mark) }];
}

/** The statement of which a release is the whole, in a block. */
function standing(node: Node): Statement | undefined {
  let up = node;
  while (up.parent && (ts.isPropertyAccessExpression(up.parent) || (ts.isCallExpression(up.parent) && up.parent.expression === up) || ts.isAwaitExpression(up.parent))) up = up.parent;
  return ts.isExpressionStatement(up.parent) && ts.isBlock(up.parent.parent) ? up.parent : undefined;
}

/** A name that a statement declares is used behind an offset. */
function usedAfter(file: TsFile, statement: Statement, offset: number): boolean {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return true;
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.some((one) => !ts.isIdentifier(one.name) || references(file, one, one.name.text).some((use) => use.pos > offset));
}
