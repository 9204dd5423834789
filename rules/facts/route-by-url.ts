// Routes of plain Node servers: a handler that compares the request's URL. A handler that looks at no URL answers every path.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import type { Fact } from "../../engine/types.ts";
import type { Route } from "./route.ts";

/** Paths that handlers of `http.createServer` compare; whatever else they do with the URL keeps the table open. */
export function* urlComparisons(file: TsFile): Iterable<Fact<Route>> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    if (!/^https?#createServer$/.test(canonical(file, call.expression) ?? "")) continue;
    const handler = functionOf(file, call.arguments[call.arguments.length - 1]);
    // An application, or a handler from elsewhere: its own file states its routes.
    if (!handler?.body) continue;
    const text = handler.body.getText();
    if (!/\burl\b/.test(text)) {
      yield { at: span(call), value: { method: "ALL", path: { unknown: "a handler that answers every path" } } };
      continue;
    }
    for (const literal of nodes<Node & { text: string }>(file, ts.SyntaxKind.StringLiteral))
      if (literal.pos >= handler.body.pos && literal.end <= handler.body.end && literal.text.startsWith("/"))
        yield { at: span(literal), value: { method: "ALL", path: { known: literal.text, by: "text", from: [span(literal)] }, alone: true } };
    if (/\burl\b\s*(?:\?\.|!?\.)\s*(?:match|startsWith|includes|endsWith|split|replace)|\.test\(|\bpathname\b|\w\(\s*\w+\s*,\s*\w+\s*\)/.test(text)) yield { at: span(call), value: { method: "ALL", path: { unknown: "a handler that looks at more than whole paths" } } };
  }
}
