// Fact: a transaction that is begun, committed or rolled back by statements given to a database object, which may be a pool.

import databasePackages from "../defaults/database-packages.json" with { type: "json" };
import { calleeRef } from "./callee.ts";
import { databaseNear, databaseOf, databaseRows, type DatabaseUse } from "./database.ts";
import { poolTransactionFix } from "./pool-transaction-fix.ts";
import { beginWords, sqlKind, type SqlKind } from "./sql.ts";
import { whole } from "../../engine/mention.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { Edit, FactKind, Ref, Span } from "../../engine/types.ts";

export interface PoolStatement {
  /** The object it is given to; undefined where a function of the team takes it. */
  readonly of?: DatabaseUse;
  readonly helper?: Ref;
  /** The method, and what it does: `pool.query`, `BEGIN`. */
  readonly callee: string;
  readonly word: string;
  readonly method: string;
  /** Other statements of the same transaction. */
  readonly others: readonly Span[];
  /** Rewrites it onto one connection, by library. */
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

/** One statement that begins or ends a transaction. */
export interface TransactionCall {
  readonly node: Node;
  readonly receiver: Expression;
  readonly method: string;
  readonly kind: SqlKind;
}

const statements = new Set(databaseRows.flatMap((row) => row.statements ?? []));
const begins = new Set(databaseRows.flatMap((row) => row.begins ?? []));
const words: Partial<Record<SqlKind, string>> = { begin: "BEGIN", commit: "COMMIT", rollback: "ROLLBACK", savepoint: "SAVEPOINT" };

export const poolStatement: FactKind<PoolStatement> = {
  id: "pool-statement",
  title: "Transaction statement",
  ts: {
    serverOnly: true,
    needs: databasePackages,
    mentions: [
      databaseNear,
      ["beginTransaction", ...beginWords, ...["COMMIT", "commit", "Commit", "ROLLBACK", "rollback", "Rollback", "SAVEPOINT", "savepoint", "Savepoint"].map(whole)],
      [...statements, ...begins, "sql`"],
    ],
    *find(file) {
      const groups = new Map<string, TransactionCall[]>();
      for (const one of [...transactionCalls(file), ...helped(file)].sort((a, b) => a.node.pos - b.node.pos)) {
        const key = `${enclosingFunction(one.node)?.pos ?? -1} ${one.receiver.getText()}`;
        groups.set(key, [...(groups.get(key) ?? []), one]);
      }
      for (const [first, ...rest] of groups.values()) {
        const of = first && databaseOf(file, first.receiver);
        const helper = first && ts.isCallExpression(first.node) ? calleeRef(file, first.node) : undefined;
        if (!first || !(of || helper)) continue;
        const edits = Object.fromEntries(databaseRows.flatMap((row) => {
          const found = row.client ? poolTransactionFix(file, [first, ...rest], row.client) : undefined;
          return found ? [[row.library, found]] : [];
        }));
        const text = first.receiver.getText();
        const callee = text === first.method ? text : `${text}.${first.method}`;
        yield { at: span(first.node), value: { ...(of ? { of } : {}), ...(helper ? { helper } : {}), callee: /^[\w$.]{1,40}$/.test(callee) ? callee : first.method, word: words[first.kind]!, method: first.method, others: rest.map((one) => span(one.node)), edits } };
      }
    },
  },
};

/** Statements of a file that begin or end a transaction, whatever they are given to. */
export function* transactionCalls(file: TsFile): Iterable<TransactionCall> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const callee = bare(call.expression);
    if (!ts.isPropertyAccessExpression(callee)) continue;
    const method = callee.name.text;
    const kind = statements.has(method) ? sqlKind(file, call.arguments[0]) : begins.has(method) && (method === "beginTransaction" || call.arguments.length === 0) ? ofMethod(method) : "other";
    if (words[kind]) yield { node: call, receiver: callee.expression, method, kind };
  }
  for (const one of nodes<Expression>(file, ts.SyntaxKind.TaggedTemplateExpression)) {
    if (!ts.isTaggedTemplateExpression(one)) continue;
    const kind = sqlKind(file, one);
    if (!words[kind]) continue;
    const { tag } = one;
    if (ts.isPropertyAccessExpression(tag) && statements.has(tag.name.text)) yield { node: one, receiver: tag.expression, method: tag.name.text, kind };
    else if (ts.isIdentifier(tag) && ts.isAwaitExpression(one.parent)) yield { node: one, receiver: tag, method: "query", kind };
  }
}

/** `query("BEGIN")`: a function that may send its argument to a pool. */
function* helped(file: TsFile): Iterable<TransactionCall> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    if (!ts.isIdentifier(call.expression) || !/query|execute/i.test(call.expression.text)) continue;
    const kind = sqlKind(file, call.arguments[0]);
    if (words[kind]) yield { node: call, receiver: call.expression, method: call.expression.text, kind };
  }
}

const ofMethod = (method: string): SqlKind => (method === "beginTransaction" ? "begin" : method === "commit" ? "commit" : "rollback");
