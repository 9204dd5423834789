// Question: which code of a file runs while a transaction is open, and by which name does it take part? Callbacks, and stretches between begin and commit.

import table from "../defaults/database-transactions.json" with { type: "json" };
import { calleeRef } from "./callee.ts";
import { databaseOf, databaseRows } from "./database.ts";
import { transactionCalls } from "./pool-statement.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import type { Ref } from "../../engine/types.ts";

/** How a library runs transactions, and which of its methods touch the database. Patterns of method names. */
export interface TransactionRow {
  readonly library: string;
  /** Methods that run a callback in a transaction. */
  readonly run: string;
  readonly writes?: string;
  readonly reads?: string;
  /** Methods whose first argument is SQL. */
  readonly sql?: string;
  /** Methods that put a query into a transaction. */
  readonly inside?: string;
  /** Option that puts a query into a transaction. */
  readonly option?: string;
  /** Methods stand behind the name of a model: `prisma.order.create`. */
  readonly model?: boolean;
  /** The object is a template tag that takes SQL. */
  readonly tag?: boolean;
  readonly source: string;
}

export const transactionRows = table as readonly TransactionRow[];

/** How the name of a team's function ends that runs a transaction, when it does not speak of one: `withTx`, `atomic`. */
export const runnerWords: readonly string[] = ["tx", "Tx", "TX", "trx", "Trx", "atomic", "Atomic", "atomically", "nitOfWork"];
const runs = new RegExp(`[tT]ransaction|TRANSACTION|[bB]egin|BEGIN|(${runnerWords.join("|")})[(<]$`);

/** Code that runs while a transaction is open. */
export interface TransactionScope {
  /** Rows of libraries whose transaction it can be. */
  readonly rows: readonly TransactionRow[];
  /** The object that began it; undefined when a function of the team did. */
  readonly receiver?: Expression;
  /** The function of the team that runs it. */
  readonly runner?: Ref;
  /** The function whose statements belong to it. */
  readonly body: FunctionLikeDeclaration;
  readonly start: number;
  readonly end: number;
  /** The name that takes part, and its declaration. */
  readonly inner?: { readonly name: string; readonly declared: Node };
}

/** The scopes of a file. */
export function transactionScopes(file: TsFile): readonly TransactionScope[] {
  return once(file, transactionScopes, () => {
    if (/\buseCLS\b|typeorm-transactional|nestjs-cls|AsyncLocalStorage/.test(file.text)) return [];
    return [...callbacks(file), ...stretches(file)];
  });
}

function* callbacks(file: TsFile): Iterable<TransactionScope> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const last = call.arguments.map((one) => bare(one)).filter((one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one)).pop();
    const [parameter] = last && (ts.isArrowFunction(last) || ts.isFunctionExpression(last)) ? last.parameters : [];
    if (!last || !parameter) continue;
    const body = last as unknown as FunctionLikeDeclaration;
    const inner = ts.isIdentifier(parameter.name) ? { name: parameter.name.text, declared: parameter as Node } : undefined;
    const scope = { body, start: last.pos, end: last.end, ...(inner ? { inner } : {}) };
    const callee = bare(call.expression);
    const method = ts.isPropertyAccessExpression(callee) ? callee.name.text : "";
    const rows = transactionRows.filter((row) => new RegExp(row.run).test(method) && method !== "");
    const receiver = ts.isPropertyAccessExpression(callee) ? beginner(callee.expression, method) : undefined;
    if (receiver && rows.length) yield { ...scope, rows, receiver };
    // A method of the team may have the same name.
    if (!receiver || !rows.length || !("row" in (databaseOf(file, receiver) ?? {}))) {
      const runner = runs.test(file.text.slice(callee.getStart(), callee.end + 1)) ? calleeRef(file, call) : undefined;
      if (runner) yield { ...scope, rows: transactionRows.filter((row) => row.run === "^$"), runner };
    }
  }
}

/** The object before `.transaction(...)`: `db.transaction().execute(...)` of kysely and the manager of TypeORM belong to it. */
function beginner(node: Expression, method: string): Expression | undefined {
  const expr = bare(node);
  if (method === "execute") {
    let up = expr;
    while (ts.isCallExpression(up) && ts.isPropertyAccessExpression(up.expression) && up.expression.name.text !== "transaction") up = bare(up.expression.expression);
    return ts.isCallExpression(up) && ts.isPropertyAccessExpression(up.expression) ? up.expression.expression : undefined;
  }
  return ts.isPropertyAccessExpression(expr) && expr.name.text === "manager" ? expr.expression : expr;
}

/** From the statement that begins a transaction on a connection of this function to the one that commits it. */
function* stretches(file: TsFile): Iterable<TransactionScope> {
  const calls = [...transactionCalls(file), ...runnerCalls(file)];
  for (const one of calls) {
    const declared = one.kind === "begin" && ts.isIdentifier(one.receiver) ? declaration(file, one.receiver) : undefined;
    const made = declared && onlyValue(file, declared);
    const taken = made && bare(made);
    const body = enclosingFunction(one.node);
    if (!taken || !body || !ts.isCallExpression(taken) || !ts.isPropertyAccessExpression(taken.expression) || enclosingFunction(taken) !== body) continue;
    const { expression: pool, name } = taken.expression;
    const of = databaseOf(file, pool);
    const acquires = of && ("row" in of ? [databaseRows[of.row]!] : databaseRows).filter((row) => row.acquire === name.text);
    const rows = transactionRows.filter((row) => acquires?.some((other) => other.library === row.library));
    const text = one.receiver.getText();
    const end = calls.filter((other) => other.kind === "commit" && other.receiver.getText() === text && other.node.pos > one.node.pos && enclosingFunction(other.node) === body).map((other) => other.node.pos);
    if (rows.length && end.length) yield { rows, receiver: pool, body, start: one.node.end, end: Math.max(...end), inner: { name: name.text === "createQueryRunner" ? `${text}.manager` : text, declared: declared! } };
  }
}

/** `runner.startTransaction()` and `connection.commit()`: methods of a connection. */
function* runnerCalls(file: TsFile) {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const callee = call.expression;
    if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) continue;
    const method = callee.name.text;
    const kind = /^(startTransaction|beginTransaction)$/.test(method) ? ("begin" as const) : /^(commitTransaction|commit)$/.test(method) ? ("commit" as const) : undefined;
    if (kind) yield { node: call as Node, receiver: callee.expression as Expression, method, kind };
  }
}
