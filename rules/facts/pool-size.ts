// Fact: a pool of database connections, how many it opens at most, and which database it opens them to. The libraries are rows of a table.

import table from "../defaults/pool-sizes.json" with { type: "json" };
import { imports } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export type Engine = "postgres" | "mysql";

export interface PoolSize {
  readonly library: string;
  /** Undefined: the URL says it, and the size. */
  readonly engine?: Engine;
  readonly max: Value<number>;
  /** URL or host of the database. */
  readonly address: Value<unknown>;
  /** Environment variable that gives it. */
  readonly variable?: string;
}

interface PoolRow {
  readonly library: string;
  readonly made: string;
  readonly new?: boolean;
  /** Fixed, told by an option's value, or with the size by the URL. */
  readonly engine: Engine | "url" | Readonly<Record<string, string>>;
  readonly options: number;
  /** Options that set the size; the first that is set counts. */
  readonly size: readonly string[];
  readonly default: number;
  /** Position of a connection URL. */
  readonly url?: number;
  /** Options that hold the address, and the variable that holds it where none does. */
  readonly address: readonly string[];
  readonly env?: string;
  readonly source: string;
}

const rows = (table as unknown as readonly PoolRow[]).map((row) => ({ row, made: new RegExp(row.made) }));

export const poolSize: FactKind<PoolSize> = {
  id: "pool-size",
  title: "Size of a connection pool",
  ts: {
    mentions: [imports("pg", "pg-pool", "postgres", "mysql", "mysql2", "mariadb", "knex", "sequelize", "typeorm", "@prisma/client"), ["Pool", "postgres(", "knex", "Knex", "Sequelize", "DataSource", "PrismaClient"]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
          const name = canonical(file, call.expression);
          if (name === undefined) continue;
          for (const { row, made } of rows) {
            const found = made.test(name) && ts.isNewExpression(call) === (row.new === true) ? poolOf(file, call, row) : undefined;
            if (!found) continue;
            yield { at: span(call), value: found };
            break;
          }
        }
    },
  },
};

function poolOf(file: TsFile, call: CallExpression | NewExpression, row: PoolRow): PoolSize | undefined {
  const given = call.arguments?.[row.options];
  const first = row.url === undefined ? undefined : call.arguments?.[row.url];
  // A URL stands in the place of the options.
  const url = first && (first !== given || isText(file, first)) ? first : undefined;
  const options = given === url ? undefined : given;
  if (row.options > 0 && !given && !url) return undefined;
  const address = url ? addressOf(file, url) : addressIn(file, options, row);
  if (row.engine === "url") return { library: row.library, max: { unknown: "the URL says it" }, ...address };
  const engine = engineOf(file, options, row.engine, url);
  if (!engine) return undefined;
  return { library: row.library, engine, max: sizeOf(file, call, options, row), ...address };
}

function isText(file: TsFile, node: Expression): boolean {
  const found = value(file, node);
  return ts.isTemplateExpression(bare(node)) || ("known" in found ? typeof found.known === "string" : "env" in found);
}

function engineOf(file: TsFile, options: Expression | undefined, engine: Engine | Readonly<Record<string, string>>, url: Expression | undefined): Engine | undefined {
  if (typeof engine === "string") return engine;
  const found = option(file, options, engine["option"]!);
  if (found.is === "present" && "known" in found.value) return engine[String(found.value.known)] as Engine | undefined;
  return url && found.is === "absent" ? (/^["'`]postgres/.test(url.getText()) ? "postgres" : /^["'`](mysql|mariadb)/.test(url.getText()) ? "mysql" : undefined) : undefined;
}

function sizeOf(file: TsFile, call: CallExpression | NewExpression, options: Expression | undefined, row: PoolRow): Value<number> {
  for (const key of row.size) {
    const found = option(file, options, key);
    if (found.is === "present") return asNumber(found.value);
    if (found.is === "unknown") return { unknown: found.why };
  }
  return { known: row.default, by: "default", from: [span(call.expression)] };
}

function addressIn(file: TsFile, options: Expression | undefined, row: PoolRow): Pick<PoolSize, "address" | "variable"> {
  for (const key of row.address) {
    const found = option(file, options, key);
    if (found.is === "present") return addressOf(file, found.node);
    if (found.is === "unknown" && key !== "connection.connectionString" && key !== "connection.host") return { address: { unknown: found.why } };
  }
  return row.env === undefined ? { address: { unknown: "no address" } } : { address: { env: row.env, or: { absent: true }, from: [] }, variable: row.env };
}

function addressOf(file: TsFile, node: Expression): Pick<PoolSize, "address" | "variable"> {
  const found = value(file, node);
  const expr = bare(node);
  // Of a text that is put together, the host may stand in the written part.
  const written = ts.isTemplateExpression(expr) ? /@([\w.-]+)[:/]/.exec(expr.getText())?.[1] : undefined;
  return { address: written === undefined ? found : { known: written, by: "text", from: [span(node)] }, ...("env" in found ? { variable: found.env } : {}) };
}
