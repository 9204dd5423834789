// Fact: a pool or client of a database, and which limits on waiting its options leave out. The libraries are rows of a table.

import databasePackages from "../defaults/database-packages.json" with { type: "json" };
import table from "../defaults/database-waits.json" with { type: "json" };
import { imports } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { literalSlot, option, slot, type Option, type Slot } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { returned } from "../../engine/typescript/receiver.ts";
import { value } from "../../engine/typescript/value.ts";
import type { FactKind, Span, Value } from "../../engine/types.ts";

/** One limit on waiting, and the options that set it. */
interface Limit {
  /** Options that set it; the first is the one a message names. */
  readonly keys: readonly string[];
  /** Option with a text that may set it: `-c statement_timeout=5s`. */
  readonly holds?: string;
  /** Parameters of a connection URL that set it. */
  readonly url?: readonly string[];
  /** Values that switch it off, besides 0 and false. */
  readonly off?: readonly string[];
  /** The database may set it by itself, for a role or in a session. */
  readonly session?: boolean;
  /** What the library does by itself, in ms; it waits for ever without it. */
  readonly waits?: number;
  /** What a fix writes, and the option that must not be there yet for it. */
  readonly adds?: string;
  readonly place?: string;
  readonly value: string;
}
interface Row {
  readonly library: string;
  readonly made: string;
  readonly new?: boolean;
  readonly variant?: string;
  readonly options: number;
  /** Option with a function that returns the options. */
  readonly factory?: string;
  /** Position of a connection URL, or the option that holds it. */
  readonly address?: number;
  readonly url?: string;
  /** Environment variable with settings of the session. */
  readonly environment?: string;
  readonly needs?: Readonly<Record<string, readonly unknown[]>>;
  readonly unless?: Readonly<Record<string, readonly unknown[]>>;
  readonly limits: readonly Limit[];
  readonly source: string;
}

/** A limit that the options do not set. */
export interface Missing {
  readonly name: string;
  readonly url: readonly string[];
  readonly session: boolean;
  readonly waits?: number;
  readonly adds?: string;
  /** Where it is switched off, and what a fix writes there. */
  readonly off?: { readonly at: Span; readonly text: string };
}

export interface DatabaseWait {
  readonly library: string;
  /** As a reader knows it: `new Pool`. */
  readonly what: string;
  readonly variant?: string;
  readonly missing: readonly Missing[];
  /** The connection URL; undefined where none is given. */
  readonly url?: Value<unknown>;
  /** No option is given at all: everything comes from the environment. */
  readonly bare: boolean;
  /** Settings of the session from the environment. */
  readonly settings?: Value<unknown>;
  readonly slot?: Slot;
}

const rows = (table as readonly Row[]).map((row) => [new RegExp(row.made), row] as const);

export const databaseWait: FactKind<DatabaseWait> = {
  id: "database-wait",
  title: "Database client and its limits",
  ts: {
    needs: databasePackages,
    mentions: [["Pool", "Client", "createConnection", "DataSource", "mongoose", "forRoot", "knex", "Knex"], imports("pg", "pg-pool", "@neondatabase/serverless", "mysql", "mysql2", "mongodb", "mongoose", "typeorm", "@nestjs/typeorm", "@nestjs/mongoose", "knex", "slonik")],
    *find(file) {
      for (const call of [...nodes<NewExpression>(file, ts.SyntaxKind.NewExpression), ...nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)]) {
        const name = canonical(file, call.expression) ?? "";
        const row = rows.find(([pattern, one]) => (one.new === true) === ts.isNewExpression(call) && pattern.test(name))?.[1];
        const found = row && waitOf(file, call, row);
        if (found) yield { at: { file: "", start: call.getStart(), end: call.expression.end }, value: found };
      }
    },
  },
};

function waitOf(file: TsFile, call: CallExpression | NewExpression, row: Row): DatabaseWait | undefined {
  const given = row.factory === undefined ? call.arguments?.[row.options] : madeBy(file, call, row.factory);
  if (row.factory !== undefined && !given) return undefined;
  const first = given && value(file, given);
  // A connection URL in place of the options.
  const text = first && "known" in first && typeof first.known === "string" ? first : undefined;
  const options = text ? undefined : given;
  const get = (key: string) => option(file, options, key);
  if (!Object.entries(row.needs ?? {}).every(([key, values]) => holds(get(key), values))) return undefined;
  if (Object.entries(row.unless ?? {}).some(([key, values]) => get(key).is === "unknown" || holds(get(key), values))) return undefined;
  const listens = row.variant === "client" && /["']notification["']/.test(file.text);
  const missing = row.limits.filter((one) => !(one.session && listens)).flatMap((one) => missingOf(file, options, one));
  if (missing.length === 0) return undefined;
  const address = row.address === undefined ? (row.url === undefined ? undefined : get(row.url)) : undefined;
  const url = text ?? (row.address !== undefined && call.arguments?.[row.address] ? urlOf(file, call.arguments[row.address]!) : address?.is === "present" ? urlOf(file, address.node) : undefined);
  const place = text ? undefined : row.factory !== undefined ? literalSlot(file, given!) : slot(file, call, row.options);
  const what = (ts.isNewExpression(call) ? "new " : "") + call.expression.getText().replace(/\.forRootAsync$/, "");
  return {
    library: row.library, what: /^[\w$ .]{1,40}$/.test(what) ? what : row.library, missing, bare: row.url !== undefined && !given,
    ...(row.variant ? { variant: row.variant } : {}), ...(url ? { url } : {}), ...(place ? { slot: place } : {}),
    ...(row.environment ? { settings: { env: row.environment, or: { absent: true }, from: [] } } : {}),
  };
}

function madeBy(file: TsFile, call: CallExpression | NewExpression, key: string): Expression | undefined {
  const factory = option(file, call.arguments?.[0], key);
  const fn = factory.is === "present" ? functionOf(file, factory.node) : undefined;
  return fn && returned(file, fn);
}

/** Text that is put together counts by the parts that are written. */
function urlOf(file: TsFile, node: Expression): Value<unknown> {
  return ts.isTemplateExpression(node) ? { known: node.getText(), by: "text", from: [span(node)] } : value(file, node);
}

function holds(found: Option, values: readonly unknown[]): boolean {
  return found.is === "present" && "known" in found.value && values.includes(found.value.known);
}

function missingOf(file: TsFile, options: Expression | undefined, limit: Limit): readonly Missing[] {
  const found = limit.keys.map((key) => option(file, options, key));
  const text = limit.holds === undefined ? undefined : option(file, options, limit.holds);
  if (text && (text.is === "unknown" || (text.is === "present" && !("known" in text.value && !/statement_timeout/.test(String(text.value.known)))))) return [];
  const off = found.find((one) => holds(one, [0, false, null, ...(limit.off ?? [])]));
  // What a fix would not write has a fair default: only switching it off is a fault.
  if (found.some((one) => one.is !== "absent" && one !== off) || (!off && !limit.adds)) return [];
  const free = limit.place === undefined || option(file, options, limit.place).is === "absent";
  return [{
    name: limit.keys[0]!, url: limit.url ?? [], session: limit.session === true,
    ...(limit.waits === undefined || off ? {} : { waits: limit.waits }), ...(limit.adds && free && !off ? { adds: limit.adds } : {}),
    ...(off?.is === "present" ? { off: { at: span(off.node), text: limit.value } } : {}),
  }];
}
