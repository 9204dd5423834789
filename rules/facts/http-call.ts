// Fact: a call of an HTTP client, or the making of one, and whether its text limits the time it may take.

import type { TsFile } from "../../engine/typescript/parse.ts";
import { ts, type CallExpression, type NewExpression, type Expression } from "../../engine/typescript/compiler.ts";
import { isScript } from "../../engine/gate.ts";
import { made } from "../../engine/typescript/binding.ts";
import { declaration } from "../../engine/typescript/scope.ts";
import { option } from "../../engine/typescript/option.ts";
import type { FactKind } from "../../engine/types.ts";
import { clientMentions, clientUseAt, clientUses, type ClientUse } from "./http-client.ts";
import { limitEdit, type LimitEdit } from "./http-fix.ts";
import { limitOf } from "./http-limit.ts";

export interface HttpCall {
  readonly client: string;
  /** Who waits: `axios`, `Node`. */
  readonly library: string;
  /** The callee as a reader knows it: `axios.get`. */
  readonly what: string;
  readonly limit: "set" | "none" | "off" | "unknown";
  /** What the library does by itself, in ms; it waits forever without one. */
  readonly waits?: number;
  readonly variant?: string;
  /** Makes a client: its calls are not judged one by one. */
  readonly instance?: true;
  /** Package and first version for which this was verified. */
  readonly since?: readonly string[];
  readonly edit?: LimitEdit;
}

export const httpCall: FactKind<HttpCall> = {
  id: "http-call",
  title: "HTTP call",
  named: true,
  followed: true,
  ts: {
    mentions: clientMentions,
    *find(file) {
      for (const use of clientUses(file)) {
        // Calls of a client made here are judged where it is made; what they say is a setting of it.
        if (use.maker || dispatched(file, use) || elsewhere(file, use)) continue;
        const { row, call } = use;
        const found = limitOf(file, use);
        const stream = found.is === "none" && streams(file, use);
        const edit = stream || found.is === "set" || found.is === "unknown" ? undefined : limitEdit(file, use, found);
        const variant = stream ? "streaming" : found.is === "off" ? undefined : row.variant;
        yield {
          at: { file: "", start: call.getStart(), end: call.getStart() + file.text.slice(call.getStart(), call.expression.end).split(/\r?\n/, 1)[0]!.length },
          value: {
            client: use.client, library: row.library, what: name(call, use.client), limit: found.is,
            ...(row.waits === undefined || found.is === "off" ? {} : { waits: row.waits }), ...(variant ? { variant } : {}),
            ...(row.instance ? { instance: true as const } : {}), ...(row.since ? { since: row.since } : {}), ...(edit ? { edit } : {}),
          },
        };
      }
    },
  },
};

function name(call: CallExpression | NewExpression, client: string): string {
  const text = (ts.isNewExpression(call) ? "new " : "") + call.expression.getText().replace(/\s+/g, "");
  return /^[\w$ .]{1,40}$/.test(text) ? text : client;
}

/** The dispatcher of a call, when this file makes it: the call is judged with that. */
export function dispatched(file: TsFile, { options }: ClientUse): Expression | undefined {
  const found = options === "unknown" ? undefined : option(file, options, "dispatcher");
  const maker = found?.is === "present" ? made(file, found.node) : undefined;
  return clientUseAt(file, maker)?.row.instance ? maker : undefined;
}

/**
 * Not a call over the network that a server makes, or not for it to limit: a relative URL, embedded content, the machine itself in a script,
 * a request made before. What a sandbox hands to the code it runs is limited by the sandbox, from outside.
 */
function elsewhere(file: TsFile, { row, call }: ClientUse): boolean {
  const [first] = call.arguments ?? [];
  if (inBrowser(file, row.client) || /(^|\/)(vm|sandbox)\//.test(file.context.below)) return true;
  if (!first || row.instance) return false;
  const url = urlText(file, first);
  if (url !== undefined) return (row.client === "fetch" && /^(\/(?!\/)|\.\.?\/)/.test(url)) || /^(data|blob|file):/.test(url) || (isScript(file.context.below) && /^https?:\/\/(localhost|127\.0\.0\.1|169\.254\.169\.254)\b/.test(url));
  if (!/fetch/.test(row.client)) return false;
  const expr = made(file, first) ?? first;
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  if (declared && ts.isParameter(declared) && declared.type) return /\bRequest(Info)?\b/.test(declared.type.getText());
  if (ts.isCallExpression(expr)) return /\.clone$/.test(expr.expression.getText());
  if (ts.isNewExpression(expr)) return /Request$/.test(expr.expression.getText());
  const last = ts.isIdentifier(expr) ? expr.text : ts.isPropertyAccessExpression(expr) ? expr.name.text : "";
  return /^(req|request\w*|input|resource|info|raw)$/i.test(last);
}

/** In a package that has a browser part, a client that runs in both is a server's only where the file shows it. */
function inBrowser(file: TsFile, client: string): boolean {
  if (!file.context.browserPackage || !/^(fetch|axios|ky|superagent)$/.test(client)) return false;
  return !/(^|\/)(server|backend|api)\/|\.server\.[cm]?[jt]s$/.test(file.context.below) && !serverText.test(file.text);
}

const serverText =
  /["']use server["']|(?:from|require\()\s*["'](?:node:[\w/]+|fs|path|https?|crypto|os|net|express|koa|fastify|next|next\/server|next\/headers|@nestjs\/[\w-]+)["']|process\.env(?:\.(?!NEXT_PUBLIC_|REACT_APP_|VITE_|NODE_ENV)|\s*;|\[)/;

/** The text a URL begins with. */
function urlText(file: TsFile, node: Expression): string | undefined {
  const expr = made(file, node) ?? node;
  if (ts.isStringLiteralLike(expr)) return expr.text;
  if (ts.isTemplateExpression(expr)) return expr.head.text || undefined;
  return undefined;
}

/** A call that is meant to stay open: a total limit would cut it. */
function streams(file: TsFile, { row, call, options }: ClientUse): boolean {
  if (row.instance || row.new) return false;
  if (options && options !== "unknown") {
    const type = option(file, options, "responseType");
    if (type.is === "present" && "known" in type.value && type.value.known === "stream") return true;
    if (/text\/event-stream/.test(options.getText())) return true;
  }
  const callee = call.expression.getText();
  if (/\.stream$/.test(callee) && row.client === "got") return true;
  if (/\.(post|put|patch)$/.test(callee)) return false;
  const [first] = call.arguments ?? [];
  const url = first && (made(file, first) ?? first);
  const text = url && (ts.isStringLiteralLike(url) || ts.isTemplateExpression(url)) ? url.getText() : "";
  const method = options && options !== "unknown" ? option(file, options, "method") : undefined;
  const writes = method?.is === "present" && "known" in method.value && /^(post|put|patch|delete)$/i.test(String(method.value.known));
  return !writes && /[/?&](watch|stream|events|sse)(?=[/?&=`"']|$)/i.test(text);
}
