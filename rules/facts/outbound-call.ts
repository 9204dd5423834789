// Fact: an HTTP call with the beginning of its URL and the time after which its text gives up.

import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { option } from "../../engine/typescript/option.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { apply } from "../../engine/value.ts";
import { awaitOf } from "./await-of.ts";
import { limitMs } from "./http-limit-ms.ts";
import { clientMentions, clientUses, type ClientUse } from "./http-client.ts";
import type { FactKind, Value } from "../../engine/types.ts";

export interface OutboundCall {
  readonly what: string;
  readonly method: string;
  /** Up to the first part that is not known before the program runs. */
  readonly url: Value<unknown>;
  /** The path, `:x` for parts that are not known. */
  readonly path?: string;
  readonly ms: Value<number>;
}

export const outboundCall: FactKind<OutboundCall> = {
  id: "outbound-call",
  title: "HTTP call of another service",
  ts: {
    mentions: clientMentions,
    *find(file) {
      for (const use of clientUses(file)) {
        const ms = use.row.new || use.row.instance || !ts.isCallExpression(use.call) || !awaitOf(file, use.call) ? undefined : limitMs(file, use);
        const [first] = use.call.arguments ?? [];
        if (!ms || "unknown" in ms || !first || !ts.isCallExpression(use.call)) continue;
        const base = baseOf(file, use);
        const url = base ? apply("text", [base, { known: "/", by: "text", from: [] }], [span(first)]) : beginning(file, first);
        const path = pathOf(file, first, base !== undefined);
        yield { at: span(use.call.expression), value: { what: calleeText(use.call), method: methodOf(file, use), url, ms, ...(path === undefined ? {} : { path }) } };
      }
    },
  },
};

function methodOf(file: TsFile, { call, options }: ClientUse): string {
  const verb = /\.(get|post|put|patch|delete|head)$/.exec(call.expression.getText())?.[1];
  if (verb) return verb.toUpperCase();
  const found = options && options !== "unknown" ? option(file, options, "method") : undefined;
  return found?.is === "present" ? ("known" in found.value ? String(found.value.known).toUpperCase() : "ALL") : found?.is === "unknown" ? "ALL" : "GET";
}

/** `baseURL` of the client that the call is made with. */
function baseOf(file: TsFile, { maker }: ClientUse): Value<unknown> | undefined {
  const made = maker as CallExpression | NewExpression | undefined;
  const options = made?.arguments?.[0];
  for (const key of ["baseURL", "prefixUrl"]) {
    const found = options ? option(file, options, key) : undefined;
    if (found?.is === "present") return found.value;
  }
  return undefined;
}

function beginning(file: TsFile, node: Expression): Value<unknown> {
  const expr = bare(receiverOf(file, node).made ?? node);
  if (ts.isTemplateExpression(expr)) {
    const head: Value<unknown> = { known: expr.head.text, by: "text", from: [span(expr.head)] };
    if (/^https?:\/\/[^/]+\//.test(expr.head.text)) return head;
    const [first] = expr.templateSpans;
    return first ? apply("text", [head, value(file, first.expression), { known: first.literal.text, by: "text", from: [span(first.literal)] }], [span(expr)]) : head;
  }
  if (ts.isBinaryExpression(expr)) return beginning(file, expr.left);
  if (ts.isNewExpression(expr) && canonical(file, expr.expression) === "#URL" && expr.arguments?.[0]) return value(file, expr.arguments[1] ?? expr.arguments[0]);
  return value(file, expr);
}

/** The path behind the host; behind the base where the client has one. */
function pathOf(file: TsFile, node: Expression, based: boolean): string | undefined {
  const expr = bare(receiverOf(file, node).made ?? node);
  const text = ts.isTemplateExpression(expr) ? [expr.head.text, ...expr.templateSpans.map((one) => `:x${one.literal.text}`)].join("")
    : ts.isStringLiteralLike(expr) ? expr.text
    : ts.isBinaryExpression(expr) && ts.isStringLiteralLike(expr.right) ? `:x${expr.right.text}`
    : ts.isNewExpression(expr) && expr.arguments?.length === 2 && ts.isStringLiteralLike(expr.arguments[0]!) ? `:x${(expr.arguments[0] as Expression & { text: string }).text}` : undefined;
  const path = text === undefined ? undefined : based ? `/${text.replace(/^\//, "")}` : /^(?:https?:\/\/[^/]+|:x)(\/[^?#]*)/.exec(text)?.[1];
  return path?.replace(/[?#][^]*/, "").replace(/(?<=.)\/$/, "");
}
