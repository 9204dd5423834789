// Question: which HTTP client does a call use, and where do its options stand? The clients are rows of a table; nothing is judged here.

import table from "../defaults/http-clients.json" with { type: "json" };
import { imports, named } from "../../engine/mention.ts";
import { canonical, declaredType, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import type { Mentions } from "../../engine/types.ts";

/** What is known of one way to call one client. */
export interface ClientRow {
  readonly client: string;
  /** Who waits, as a message names it. */
  readonly library: string;
  /** Pattern of canonical names. */
  readonly callee: string;
  /** Position of the options; "url-first": after a URL or in its place; "chain": set by calls that follow. */
  readonly options: number | "url-first" | "chain";
  readonly new?: boolean;
  /** Each of these limits the time. */
  readonly bounds?: readonly string[];
  /** These limit the time when all are set. */
  readonly together?: readonly string[];
  /** With one of these somebody else may limit the time. */
  readonly opens?: readonly string[];
  /** Options that make the call what the row means. */
  readonly needs?: readonly string[];
  /** The library has a short default: only switching it off leaves the call without a limit. */
  readonly only?: string;
  /** Default of the library in ms; it waits forever without one. */
  readonly waits?: number;
  readonly variant?: string;
  /** Option that a fix writes. */
  readonly adds?: string;
  /** The client takes an AbortSignal. */
  readonly signal?: boolean;
  /** It makes a client: calls of that client are not judged one by one. */
  readonly instance?: boolean;
  /** Package and first version for which the row was verified. */
  readonly since?: readonly string[];
  readonly source: string;
}

export interface ClientUse {
  readonly row: ClientRow;
  /** The row's client, or "nest" for axios behind Nest's HttpService. */
  readonly client: string;
  readonly call: CallExpression | NewExpression;
  /** The options; undefined when none are given, "unknown" when it cannot be told which argument they are. */
  readonly options: Expression | undefined | "unknown";
  /** Argument position at which options stand or would stand. */
  readonly index: number;
  /** The expression that made the client the call is made with. */
  readonly maker?: Node;
}

const rows: readonly (readonly [RegExp, ClientRow])[] = (table as readonly ClientRow[]).map((row) => [new RegExp(row.callee), row]);

/** Calls of a client that something else made, by the canonical name of its maker. */
const makers: Readonly<Record<string, string>> = {
  "axios#create": "axios#", "got#extend": "got#", "got#got.extend": "got#", "ky#extend": "ky#", "ky#create": "ky#", "superagent#agent": "superagent#",
  "request#defaults": "request#", "request-promise#defaults": "request#", "request-promise-native#defaults": "request#",
  "undici#Pool": "undici#Pool.", "undici#Client": "undici#Client.", "undici#Agent": "undici#Agent.",
};

/** Words of files that call an HTTP client. */
export const clientMentions: Mentions = [
  [
    named("fetch"), "HttpService", "HttpModule", "lickhouseClient", "lickHouseClient",
    ...imports("axios", "undici", "node-fetch", "cross-fetch", "isomorphic-fetch", "got", "ky", "http", "https", "superagent", "request", "request-promise", "request-promise-native", "agentkeepalive", "@clickhouse/client", "@aws-sdk/client-s3"),
  ],
];

/** Every call of a known client in a file. */
export function clientUses(file: TsFile): readonly ClientUse[] {
  return once(file, clientUses, () => {
    const uses: ClientUse[] = [];
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const { name, maker, nest } = target(file, call.expression);
      const row = name === undefined ? undefined : rowOf(name, false);
      if (row) uses.push({ row, client: nest ? "nest" : row.client, call, ...optionsOf(file, row, call), ...(maker ? { maker } : {}) });
    }
    for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
      const row = rowOf(canonical(file, call.expression) ?? "", true);
      if (row) uses.push({ row, client: row.client, call, ...optionsOf(file, row, call) });
    }
    return uses;
  });
}

/** The use that a call or `new` is. */
export function clientUseAt(file: TsFile, call: Node | undefined): ClientUse | undefined {
  return call && once(file, clientUseAt, () => new Map(clientUses(file).map((one) => [one.call as Node, one]))).get(call);
}

function rowOf(name: string, made: boolean): ClientRow | undefined {
  return rows.find(([pattern, row]) => (row.new === true) === made && pattern.test(name))?.[1];
}

/** Canonical name of a callee; a method of a made client is named like the library's own. */
function target(file: TsFile, callee: Expression): { name: string | undefined; maker?: Node; nest?: true } {
  const name = canonical(file, callee);
  const expr = bare(callee);
  if (name !== undefined && rowOf(name, false)) return { name };
  const method = ts.isPropertyAccessExpression(expr) ? expr.name.text : "";
  const receiver = ts.isPropertyAccessExpression(expr) ? expr.expression : expr;
  if (method && isHttpService(file, receiver)) return { name: `axios#${method}`, nest: true };
  const origin = receiverOf(file, receiver).made;
  if (!origin || !(ts.isCallExpression(origin) || ts.isNewExpression(origin))) return { name };
  const prefix = makers[canonical(file, origin.expression) ?? ""];
  return prefix === undefined || (prefix.endsWith(".") && !method) ? { name } : { name: prefix + method, maker: origin };
}

/** Nest's `HttpService`, or the axios instance it holds. */
export function isHttpService(file: TsFile, receiver: Expression): boolean {
  const expr = bare(receiver);
  const service = ts.isPropertyAccessExpression(expr) && expr.name.text === "axiosRef" ? expr.expression : expr;
  return /^@nestjs\/(axios|common)#HttpService$/.test(declaredType(file, service) ?? "");
}

function optionsOf(file: TsFile, row: ClientRow, call: CallExpression | NewExpression): { options: ClientUse["options"]; index: number } {
  const list = call.arguments ?? [];
  if (row.options === "chain") return { options: undefined, index: 0 };
  if (list.some((one) => ts.isSpreadElement(one))) return { options: "unknown", index: 0 };
  if (typeof row.options === "number") return { options: list[row.options], index: row.options };
  const [first, second] = list;
  const kind = first && firstArgument(file, first);
  if (kind === "options") return { options: first, index: 0 };
  if (second && !functionOf(file, second) && !isCallback(second)) return { options: second, index: 1 };
  return { options: kind === "url" ? undefined : "unknown", index: 1 };
}

function firstArgument(file: TsFile, first: Expression): "url" | "options" | undefined {
  const expr = made(file, first) ?? first;
  if (ts.isObjectLiteralExpression(expr)) return "options";
  if (ts.isStringLiteralLike(expr) || ts.isTemplateExpression(expr) || (ts.isBinaryExpression(expr) && expr.operatorToken.kind === ts.SyntaxKind.PlusToken)) return "url";
  if (ts.isNewExpression(expr)) return canonical(file, expr.expression) === "#URL" || canonical(file, expr.expression) === "url#URL" ? "url" : undefined;
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  if (declared && ts.isParameter(declared) && declared.type) return /^(string|URL)(\s*\|\s*(string|URL))*$/.test(declared.type.getText()) ? "url" : undefined;
  const name = ts.isIdentifier(expr) ? expr.text : ts.isPropertyAccessExpression(expr) ? expr.name.text : "";
  return /(url|uri|href|endpoint)$/i.test(name) ? "url" : undefined;
}

const isCallback = (node: Expression) => ts.isIdentifier(node) && /^(cb|callback|done|next|resolve|handler|on[A-Z]\w*)$/.test(node.text);
