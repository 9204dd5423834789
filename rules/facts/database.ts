// Question and fact: which database object does an expression stand for? The libraries are rows of a table; nothing is judged here.

import databasePackages from "../defaults/database-packages.json" with { type: "json" };
import table from "../defaults/databases.json" with { type: "json" };
import { near } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type BinaryExpression, type CallExpression, type Expression, type FunctionDeclaration, type NewExpression, type Node, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf, returned } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind, Facts, Linked, Mentions, Ref } from "../../engine/types.ts";

/** What is known of one kind of database object. */
export interface DatabaseRow {
  readonly library: string;
  /** Patterns of canonical names: what makes one, and how its type is called. */
  readonly made: string;
  readonly type: string;
  /** Statements given to it may run on any of several connections. */
  readonly pool?: boolean;
  /** Method that hands out a connection, a session or a transaction which somebody must give back. */
  readonly acquire?: string;
  /** Methods of what was handed out that give it back; each of them does. */
  readonly release?: readonly string[];
  /** Methods of the pool that take it back. */
  readonly hands?: readonly string[];
  /** What is handed out is a transaction, which ends with commit or rollback. */
  readonly transaction?: boolean;
  /** Methods that open what was handed out: nothing is held while they fail. */
  readonly opens?: readonly string[];
  readonly asyncRelease?: boolean;
  /** Methods that take a statement of SQL. */
  readonly statements?: readonly string[];
  /** Methods that begin or end a transaction; on a pool each may use another connection. */
  readonly begins?: readonly string[];
  /** Options that leave it with one connection. */
  readonly single?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Name and expression of one connection, `%` being the pool. */
  readonly client?: readonly [name: string, text: string];
  readonly source: string;
}

export const databaseRows = table as unknown as readonly DatabaseRow[];
const patterns = databaseRows.map((row) => ({ row, made: new RegExp(row.made), type: new RegExp(row.type) }));
/** Most names fit no row: one look instead of one for each. */
const some = { made: new RegExp(databaseRows.map((row) => row.made).join("|")), type: new RegExp(databaseRows.map((row) => row.type).join("|")) };

/** Words of files that can use a database object: it is made where a library is imported, and seldom passed on twice. */
export const databaseNear: Mentions[number] = ["risma", ...near(1, ...databasePackages)];

/** A database object that this file shows, or the name of one that another file knows. */
export type DatabaseUse =
  | { readonly row: number; readonly single: boolean; readonly maker?: number }
  | { readonly ref: Ref };

/** The database object that an expression stands for. */
export function databaseOf(file: TsFile, node: Expression): DatabaseUse | undefined {
  const { made, ref, type } = receiverOf(file, unwrapped(file, node));
  if (made && (ts.isCallExpression(made) || ts.isNewExpression(made))) {
    const own = unwrapped(file, made);
    if (own !== made) return databaseOf(file, own);
    const row = rowBy("made", canonical(file, made.expression));
    if (row >= 0) return { row, single: isSingle(file, row, made), maker: made.getStart() };
  }
  if (made && isFallback(made)) return databaseOf(file, made.right);
  if (type !== undefined) return rowBy("type", type) < 0 ? undefined : { row: rowBy("type", type), single: false };
  if (ref?.module === undefined) return undefined;
  const row = rowBy("made", `${ref.module.replace(/^node:/, "")}#${ref.name === "default" ? "" : ref.name}`);
  return row >= 0 ? { row, single: false } : /^[.@~#]|^src\//.test(ref.module) ? { ref } : undefined;
}

/** `shared.pool ?? new Pool()`. */
function isFallback(node: Node): node is BinaryExpression {
  return ts.isBinaryExpression(node) && (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || node.operatorToken.kind === ts.SyntaxKind.BarBarToken);
}

function rowBy(what: "made" | "type", name: string | undefined): number {
  return name === undefined || !some[what].test(name) ? -1 : patterns.findIndex((one) => one[what].test(name));
}

const chained = /^(promise|\$extends|connect|initialize)$/;

/** `createPool().promise()` and `new PrismaClient().$extends()` are still what they were. */
function unwrapped(file: TsFile, node: Expression): Expression {
  let expr = bare(node);
  for (let step = 0; step < 8; step++) {
    const made = ts.isCallExpression(expr) || ts.isNewExpression(expr) ? expr : receiverOf(file, expr).made;
    if (!made || !ts.isCallExpression(made) || !ts.isPropertyAccessExpression(made.expression) || !chained.test(made.expression.name.text)) return expr;
    if (/^(connect|initialize)$/.test(made.expression.name.text) && !ts.isNewExpression(bare(made.expression.expression))) return expr;
    expr = bare(made.expression.expression);
  }
  return expr;
}

function isSingle(file: TsFile, row: number, made: CallExpression | NewExpression): boolean {
  return (made.arguments ?? []).some((argument) =>
    Object.entries(databaseRows[row]!.single ?? {}).some(([key, values]) => {
      const found = option(file, argument, key);
      return found.is === "present" && "known" in found.value && values.includes(found.value.known as string | number);
    }),
  );
}

export interface Database {
  readonly row: number;
  readonly single: boolean;
}

export const database: FactKind<Database> = {
  id: "database",
  title: "Database",
  named: true,
  ts: {
    // Read where a name asks for it.
    needs: databasePackages,
    mentions: [],
    *find(file) {
      if (!words.test(file.text)) return;
      const named: (readonly [Node, Expression | undefined])[] = [
        ...makers(file).map((one) => [one, one] as const),
        ...nodes<VariableDeclaration>(file, ts.SyntaxKind.VariableDeclaration).filter((one) => one.initializer && isFallback(bare(one.initializer))).map((one) => [one, one.initializer] as const),
        ...nodes<FunctionDeclaration>(file, ts.SyntaxKind.FunctionDeclaration).map((one) => [one, returned(file, one)] as const),
      ];
      for (const [node, value] of named) {
        const found = value && databaseOf(file, value);
        if (found && "row" in found) yield { at: span(node), value: { row: found.row, single: found.single } };
      }
    },
  },
};

/** Every database object is made in a file with one of these. */
const words = /pg|mysql|mariadb|oracledb|typeorm|knex|equelize|mongo|generic-pool|postgres|risma|drizzle|kysely|slonik/;

function makers(file: TsFile): readonly Expression[] {
  const all = [...nodes<NewExpression>(file, ts.SyntaxKind.NewExpression), ...nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)];
  return all.filter((one) => rowBy("made", canonical(file, one.expression)) >= 0 || (ts.isPropertyAccessExpression(one.expression) && chained.test(one.expression.name.text)));
}

/** The object behind a use, through the module that makes it. */
export function resolved(fact: Linked<unknown>, use: DatabaseUse | undefined, facts: Facts): (Database & { readonly row: number }) | undefined {
  if (!use) return undefined;
  return "row" in use ? use : facts.named(fact.at.file, use.ref, database)?.value;
}

/** The row of a database object. */
export const rowOf = (found: Database): DatabaseRow => databaseRows[found.row]!;
