// Fact: a query in the code of a transaction that goes to the pool behind it, and so is no part of it.

import databasePackages from "../defaults/database-packages.json" with { type: "json" };
import { calleeRef } from "./callee.ts";
import { databaseNear, databaseOf, databaseRows, type DatabaseUse } from "./database.ts";
import { chainEnd, sameObject } from "./object-use.ts";
import { beginWords, sqlKind } from "./sql.ts";
import { runnerWords, transactionScopes, type TransactionRow, type TransactionScope } from "./transaction-scope.ts";
import { called } from "../../engine/mention.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { option } from "../../engine/typescript/option.ts";
import { visible } from "../../engine/typescript/scope.ts";
import type { Edit, Fact, FactKind, Ref } from "../../engine/types.ts";

export interface OutsideQuery {
  readonly does: "write" | "read";
  /** The receiver as text, and the name that would take part. */
  readonly receiver: string;
  readonly inner?: string;
  /** Library of the transaction, where its methods tell; the pool that is asked otherwise. */
  readonly libraries: readonly string[];
  readonly of?: DatabaseUse;
  /** The function of the team that runs the transaction. */
  readonly runner?: Ref;
  /** A function of the team that sends the query; what its arguments say, by position. */
  readonly helper?: Ref;
  readonly says?: readonly string[];
  readonly edits?: readonly Edit[];
}

export const outsideQuery: FactKind<OutsideQuery> = {
  id: "outside-query",
  title: "Query outside its transaction",
  ts: {
    serverOnly: true,
    needs: databasePackages,
    mentions: [databaseNear, [...["ransaction", "RANSACTION", "BEGIN", "begin", "Begin"].map(called), ...beginWords, ...runnerWords.flatMap((word) => [`${word}(`, `${word}<`])]],
    *find(file) {
      const scopes = transactionScopes(file);
      if (scopes.length === 0) return;
      for (const one of receivers(file)) for (const scope of scopes) if (isIn(one, scope)) yield* ofReceiver(file, one, scope);
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression))
        for (const scope of scopes) {
          const helper = scope.rows.some((row) => row.sql !== undefined) && isIn(call, scope) && ts.isAwaitExpression(call.parent) ? calleeRef(file, call) : undefined;
          const passed = scope.inner && new RegExp(`\\b${scope.inner.name}\\b`).test(call.arguments.map((one) => one.getText()).join());
          if (helper && !passed) yield { at: span(call.expression), value: { does: "write", receiver: call.expression.getText(), libraries: [], ...(scope.runner ? { runner: scope.runner } : {}), helper, says: call.arguments.map((one) => sqlKind(file, one)), ...(scope.inner ? { inner: scope.inner.name } : {}) } };
        }
    },
  },
};

/** Everything that a method is called on, or that is called itself. */
function* receivers(file: TsFile): Iterable<Expression> {
  for (const one of nodes(file, ts.SyntaxKind.PropertyAccessExpression)) if (ts.isPropertyAccessExpression(one) && (ts.isIdentifier(one.expression) || ts.isPropertyAccessExpression(one.expression) || one.expression.kind === ts.SyntaxKind.ThisKeyword)) yield one.expression;
  for (const one of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) if (ts.isIdentifier(one.expression) || ts.isPropertyAccessExpression(one.expression)) yield one.expression;
  for (const one of nodes<Expression>(file, ts.SyntaxKind.TaggedTemplateExpression)) if (ts.isTaggedTemplateExpression(one)) yield one.tag;
}

/** Runs as a part of the scope: not in a function for later, and not where a failure is recorded. */
function isIn(node: Node, scope: TransactionScope): boolean {
  if (node.pos < scope.start || node.end > scope.end) return false;
  for (let up: Node = node; up !== scope.body; up = up.parent) {
    if (!up.parent || ts.isCatchClause(up)) return false;
    if (ts.isFunctionLike(up) && !(ts.isCallExpression(up.parent) && ts.isPropertyAccessExpression(up.parent.expression) && /^(map|forEach|flatMap|reduce|filter)$/.test(up.parent.expression.name.text))) return false;
  }
  return true;
}

function* ofReceiver(file: TsFile, node: Expression, scope: TransactionScope): Iterable<Fact<OutsideQuery>> {
  const chained = chainEnd(node);
  const template = ts.isTaggedTemplateExpression(chained.parent) && chained.parent.tag === chained ? chained.parent : undefined;
  const end = template ?? chained;
  if (!isAwaited(end)) return;
  const shadowed = scope.inner && ts.isIdentifier(node) && node.text === scope.inner.name;
  if (shadowed) return;
  const { names, first } = chain(node);
  const same = scope.receiver !== undefined && sameObject(file, node, scope.receiver);
  const of = databaseOf(file, node);
  const library = of && "row" in of ? databaseRows[of.row]!.library : undefined;
  for (const row of scope.rows) {
    const repository = row.library === "typeorm" && (library === "typeorm-repository" || library === "typeorm-manager");
    if (library !== undefined && row.library !== "prisma" && library.replace(/-.*/, "") !== row.library) continue;
    const pooled = row.run === "^$" && (library === undefined ? of !== undefined : library === row.library);
    const begun = same || (scope.receiver === undefined && pooled);
    if (!(begun || repository) || (row.run === "^$" && !of)) continue;
    const tagged = template && row.tag && chained === node ? sqlKind(file, template) : undefined;
    const does = tagged === "write" || tagged === "read" ? tagged : doing(file, row, names, first ?? template);
    if (!does) continue;
    const change = innerText(node, scope, row, library);
    const inner = scope.inner && visible(file, node, scope.inner.name.split(".")[0]!) === scope.inner.declared ? scope.inner.name : undefined;
    const edits = change && inner ? { edits: [{ at: { file: "", start: change.start, end: change.end }, text: change.text }] } : {};
    const object = scope.receiver && databaseOf(file, scope.receiver);
    const said = row.library === "prisma" ? undefined : repository ? (object ?? of) : of;
    if (row.library !== "prisma" && !said) continue;
    yield {
      at: { file: "", start: node.getStart(), end: template ? chained.end : last(node, end).end },
      value: { does, receiver: node.getText(), libraries: [row.library], ...(inner ? { inner } : {}), ...(said ? { of: said } : {}), ...(scope.runner ? { runner: scope.runner } : {}), ...edits },
    };
  }
}

/** The methods called along a chain, and the first call of it. */
function chain(node: Expression): { names: string[]; first?: CallExpression } {
  const names: string[] = [];
  let first: CallExpression | undefined;
  for (let up: Node = node; up.parent; up = up.parent) {
    if (ts.isPropertyAccessExpression(up.parent) && up.parent.expression === up) names.push(up.parent.name.text);
    else if (ts.isCallExpression(up.parent) && up.parent.expression === up) (first ??= up.parent), up === node && names.push("from");
    else if (!ts.isNonNullExpression(up.parent)) break;
  }
  return { names, ...(first ? { first } : {}) };
}

function doing(file: TsFile, row: TransactionRow, names: readonly string[], first: Node | undefined): "write" | "read" | undefined {
  const some = (pattern: string | undefined, list = names) => pattern !== undefined && list.some((name) => new RegExp(pattern).test(name));
  const does = (list: readonly string[]) => (some(row.writes, list) ? ("write" as const) : some(row.reads, list) ? ("read" as const) : undefined);
  if (!first || some(row.inside)) return undefined;
  if (row.model && !names[0]?.startsWith("$")) return does(names.slice(1));
  if (!ts.isCallExpression(first)) return does(names);
  const sql = row.sql && names[0] !== undefined && new RegExp(row.sql).test(names[0]);
  if (!sql) return does(names);
  if (row.option && first.arguments.length > 1 && option(file, first.arguments[1], row.option).is !== "absent") return undefined;
  const kind = sqlKind(file, first.arguments[0]);
  return kind === "write" ? "write" : kind === "read" || kind === "other" ? "read" : undefined;
}

/** Awaited, returned, or one of several that are. */
function isAwaited(end: Node): boolean {
  const { parent } = end;
  if (ts.isParenthesizedExpression(parent)) return isAwaited(parent);
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === end) || (ts.isArrayLiteralExpression(parent) && ts.isCallExpression(parent.parent) && /Promise\.\w+$/.test(parent.parent.expression.getText()));
}

/** Where the name that takes part goes. */
function innerText(node: Expression, scope: TransactionScope, row: TransactionRow, library: string | undefined): { start: number; end: number; text: string } | undefined {
  const inner = scope.inner?.name;
  if (!inner || row.option) return undefined;
  if (library === "typeorm-repository") return { start: node.getStart(), end: node.end, text: `${inner}.withRepository(${node.getText()})` };
  const { parent } = node;
  const manager = row.library === "typeorm" && ts.isPropertyAccessExpression(parent) && parent.name.text === "manager" ? parent : node;
  return { start: manager.getStart(), end: manager.end, text: inner };
}

/** The part of the chain that a reader sees as the query: up to its first call. */
function last(node: Node, end: Node): Node {
  for (let up = node; up !== end.parent && up.parent; up = up.parent) if (ts.isCallExpression(up.parent) && up.parent.expression === up) return up;
  return end;
}
