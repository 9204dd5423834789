// The table of objects whose 'error' event ends the process when nobody listens, and the words of files that have one.

import table from "../defaults/error-events.json" with { type: "json" };
import { imports } from "../../engine/mention.ts";
import type { Mentions } from "../../engine/types.ts";

/** One kind of object. Rows without `fails` emit nothing that matters, and only say where others come from. */
export interface ErrorRow {
  readonly id: string;
  readonly rule?: string;
  readonly object?: string;
  /** What goes wrong, so that it emits. */
  readonly fails?: string;
  /** Patterns of canonical names: what makes one, and how its type is called. */
  readonly made?: string;
  readonly type?: string;
  /** Made by a call that hands it to its callback. */
  readonly callback?: { readonly made: string; readonly parameter: number };
  /** Made by a method, an event or a route of an object of this row. */
  readonly of?: string;
  readonly method?: string;
  readonly event?: string;
  readonly route?: string;
  /** Which parameter of the callback it is. */
  readonly parameter?: number;
  /** Method that makes another one of the same kind, without its listeners. */
  readonly copies?: string;
  /** Methods that end its life. */
  readonly ends?: string;
  readonly variant?: string;
  readonly source?: string;
}

export const errorRows: readonly ErrorRow[] = table;

/** Words of files that have such an object. */
export const emitterMentions: Mentions = [
  [
    ...imports("pg", "pg-pool", "@neondatabase/serverless", "redis", "ioredis", "@redis/client", "amqplib", "mysql", "mysql2", "net", "tls", "http", "https", "http2", "child_process", "worker_threads", "consul", "ws", "isomorphic-ws", "express-ws", "bullmq"),
    ".duplicate(", ...['"', "'"].flatMap((quote) => [`${quote}connection${quote},`, `${quote}secureConnection${quote},`]),
  ],
];

/** Rows with their patterns; `owner` is the row they come from. */
export const compiled = errorRows.map((row) => ({
  row, made: pattern(row.made), type: pattern(row.type), method: pattern(row.method), event: pattern(row.event), route: pattern(row.route), copies: pattern(row.copies), ends: pattern(row.ends),
  callback: pattern(row.callback?.made), owner: row.of === undefined ? -1 : errorRows.findIndex((one) => one.id === row.of),
}));

/** Without a text: one that fits nothing, and is done with at the first character. */
export function pattern(text: string | undefined): RegExp {
  return new RegExp(text ?? "^(?!)");
}
