// Facts: functions of the team around a transaction. One runs its callback between BEGIN and COMMIT; the other sends what it is given to a pool.

import { databaseOf, databaseRows, type DatabaseUse } from "./database.ts";
import { transactionCalls } from "./pool-statement.ts";
import { sqlKind, type SqlKind } from "./sql.ts";
import { ts, type CallExpression, type FunctionLikeDeclaration, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import type { FactKind } from "../../engine/types.ts";

export interface TransactionRunner {
  /** The pool whose connection it passes on, where it can be told. */
  readonly pool?: DatabaseUse;
  readonly text?: string;
}

/** Runs BEGIN, then a function it is given with that connection. */
export const transactionRunner: FactKind<TransactionRunner> = {
  id: "transaction-runner",
  title: "Function that runs a transaction",
  named: true,
  ts: {
    lazy: true,
    mentions: [["egin", "EGIN", "ransaction", "RANSACTION"]],
    *find(file) {
      const seen = new Set<Node>();
      for (const { kind, receiver } of beginnings(file)) {
        const declared = kind === "begin" && ts.isIdentifier(receiver) ? declaration(file, receiver) : undefined;
        if (!declared) continue;
        for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
          const [first] = call.arguments;
          const root = first && rootOf(first);
          if (!root || declaration(file, root) !== declared || !ts.isIdentifier(call.expression)) continue;
          const given = declaration(file, call.expression);
          if (!given || !ts.isParameter(given) || seen.has(given.parent) || !within(receiver, given.parent)) continue;
          seen.add(given.parent);
          const made = onlyValue(file, declared);
          const taken = made && bare(made);
          const from = taken && ts.isCallExpression(taken) && ts.isPropertyAccessExpression(taken.expression) ? taken.expression.expression : undefined;
          const pool = from && databaseOf(file, from);
          yield { at: span(given.parent), value: { ...(pool ? { pool } : {}), ...(from ? { text: from.getText() } : {}) } };
        }
      }
    },
  },
};

function* beginnings(file: TsFile): Iterable<{ kind: string; receiver: Node }> {
  yield* transactionCalls(file);
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression))
    if (ts.isPropertyAccessExpression(call.expression) && /^(startTransaction|beginTransaction)$/.test(call.expression.name.text)) yield { kind: "begin", receiver: call.expression.expression };
}

export interface PoolHelper {
  readonly pool: DatabaseUse;
  readonly text: string;
  /** What it sends, or the position of the parameter that says so. */
  readonly sends: SqlKind | number;
}

/** Sends statements to a pool, and takes no connection to use in its place. */
export const poolHelper: FactKind<PoolHelper> = {
  id: "pool-helper",
  title: "Function that queries a pool",
  named: true,
  ts: {
    lazy: true,
    mentions: [[".query", ".execute"]],
    *find(file) {
      const found = new Map<Node, PoolHelper | undefined>();
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const callee = bare(call.expression);
        if (!ts.isPropertyAccessExpression(callee) || !/^(query|execute)$/.test(callee.name.text)) continue;
        const owner = outermost(call);
        if (!owner) continue;
        const pool = databaseOf(file, callee.expression);
        const isPool = pool && (!("row" in pool) || databaseRows[pool.row]!.pool === true);
        const argument = call.arguments[0] && rootOf(call.arguments[0]);
        const index = argument ? owner.parameters.findIndex((one) => one === declaration(file, argument)) : -1;
        const sends = index >= 0 ? index : sqlKind(file, call.arguments[0]);
        // Queries on several objects, or on one that is not known: which one a call means cannot be told.
        found.set(owner, found.has(owner) || !isPool ? undefined : { pool, text: callee.expression.getText(), sends });
      }
      for (const [owner, value] of found) if (value) yield { at: span(owner), value };
    },
  },
};

/** The function or method of the module around a node. */
function outermost(node: Node): FunctionLikeDeclaration | undefined {
  let found: FunctionLikeDeclaration | undefined;
  for (let up: Node | undefined = node.parent; up && !ts.isClassLike(up); up = up.parent) if (ts.isFunctionLike(up) && "body" in up) found = up as FunctionLikeDeclaration;
  return found;
}

/** `client` of `client` and of `client.manager`. */
function rootOf(node: Node): Identifier | undefined {
  let up = node;
  while (ts.isPropertyAccessExpression(up)) up = up.expression;
  return ts.isIdentifier(up) ? up : undefined;
}

const within = (inner: Node, outer: Node) => inner.pos >= outer.pos && inner.end <= outer.end;
