// Fact: state of many requests that lives in one process: stores of libraries that keep it in memory, and maps that handlers write and read.

import table from "../defaults/process-local-stores.json" with { type: "json" };
import { imports, whole } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { handlerWords } from "./handler-words.ts";
import { sharedMaps } from "./shared-map.ts";
import { replicas } from "./replicas.ts";
import type { FactKind } from "../../engine/types.ts";

export interface ProcessState {
  /** The library's name, or the name of the map. */
  readonly name: string;
  readonly keeps: "sessions" | "limits" | "state";
}

interface StoreRow {
  readonly library: string;
  /** Patterns of canonical names: what makes it, or what is registered as a plugin. */
  readonly made?: string;
  readonly plugin?: string;
  readonly new?: boolean;
  /** Position of the options, and those that set another store. */
  readonly options?: number;
  readonly store?: readonly string[];
  /** The options may be a list of limits without a store. */
  readonly list?: boolean;
  /** Text that shows a store outside of the process in front of it. */
  readonly unless?: string;
  readonly keeps: "sessions" | "limits";
  readonly source: string;
}

const rows = table as readonly StoreRow[];

const stores = imports("express-session", "@fastify/session", "fastify-session", "express-rate-limit", "express-slow-down", "@fastify/rate-limit", "fastify-rate-limit", "rate-limiter-flexible", "@nestjs/throttler");
/** Words of files whose maps a request can reach: handlers, what is called like one, providers, and names that tell by themselves (`shared-map.ts`). */
const entrances = [...handlerWords, ...["req", "_req", "request", "_request"].map(whole), "@Injectable", "otp", "Otp", "OTP", "nonce", "Nonce", "NONCE", "dempoten", "DEMPOTEN", "edup", "EDUP", "rocessed", "ROCESSED", "essions", "ESSIONS"];

export const processState: FactKind<ProcessState> = {
  id: "process-state",
  title: "State of one process",
  ts: {
    serverOnly: true,
    lazy: [replicas],
    // Maps are everywhere: without a library that serves requests a large workspace is not searched for them.
    needs: ["express", "fastify", "koa", "hono", "@hono/node-server", "polka", "restify", "router", "@hapi/hapi", "@nestjs/core", "@nestjs/common", "next", "@trpc/server", "@apollo/server", "@grpc/grpc-js", "nice-grpc", "@connectrpc/connect", "express-session", "@fastify/session"],
    mentions: [[...stores, "new Map", "new Set", "= {}", "={}"], [...stores, ...entrances]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
          const row = rows.find((one) => isStore(file, one, call));
          if (row) yield { at: span(call.expression), value: { name: row.library, keeps: row.keeps } };
        }
      for (const { name, at } of sharedMaps(file)) yield { at, value: { name, keeps: "state" } };
    },
  },
};

function isStore(file: TsFile, row: StoreRow, call: CallExpression | NewExpression): boolean {
  const plugin = row.plugin !== undefined && ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === "register" ? call.arguments?.[0] : undefined;
  const name = canonical(file, row.plugin === undefined ? call.expression : plugin);
  if (name === undefined || !new RegExp(row.made ?? row.plugin!).test(name) || ts.isNewExpression(call) !== (row.new === true)) return false;
  if (row.unless !== undefined && new RegExp(row.unless).test(file.text)) return false;
  return row.options === undefined || keepsDefault(file, row, call.arguments?.[row.options]);
}

/** No option can set another store: a spread, an import or a call may. */
function keepsDefault(file: TsFile, row: StoreRow, given: Expression | undefined): boolean {
  if (row.list && given && ts.isArrayLiteralExpression(given)) return true;
  return (row.store ?? []).every((key) => option(file, given, key).is === "absent");
}
