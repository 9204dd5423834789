// The options-object model: present, provably absent, or unknown.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ts, type CallExpression } from "../../engine/typescript/compiler.ts";
import { option, slot } from "../../engine/typescript/option.ts";
import { nodes, parseTs } from "../../engine/typescript/parse.ts";

function of(text: string, name = "timeout"): string {
  const file = parseTs("a.ts", text);
  const call = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).find((one) => one.getText().startsWith("get("))!;
  return option(file, call.arguments[1], name).is;
}

describe("an option", () => {
  const cases: [string, string, string?][] = [
    ["get(u);", "absent"], ["get(u, {});", "absent"], ["get(u, { timeout: 5 });", "present"], ["get(u, { timeout });", "present"], ["get(u, { 'timeout': 5 });", "present"], ["get(u, { ['timeout']: 5 });", "present"],
    ["get(u, { timeout: undefined });", "absent"], ["get(u, undefined);", "absent"], ["get(u, { retries: 1 });", "absent"], ["get(u, { ...base });", "unknown"], ["get(u, { ...base, timeout: 5 });", "present"],
    ["get(u, { timeout: 5, ...base });", "unknown"], ["const base = { timeout: 5 }; get(u, { ...base });", "present"], ["const base = { retries: 5 }; get(u, { ...base });", "absent"], ["get(u, { [key]: 5 });", "unknown"],
    ["get(u, { get timeout() { return 5; } });", "unknown"], ["const o = { timeout: 5 }; get(u, o);", "present"], ["const o = { retries: 5 }; get(u, o);", "absent"], ["const o = {}; o.timeout = 5; get(u, o);", "present"],
    ["const o = {}; prepare(o); get(u, o);", "unknown"], ["const o = {}; o[key] = 5; get(u, o);", "unknown"], ["let o = {}; o = other; get(u, o);", "unknown"], ["function f(o: any) { get(u, o); }", "unknown"], ["get(u, options());", "unknown"],
    ["import { o } from './o'; get(u, o);", "unknown"], ["get(u, { timeout: { request: 5 } });", "present", "timeout.request"], ["get(u, { timeout: { response: 5 } });", "absent", "timeout.request"], ["get(u, { timeout: t });", "unknown", "timeout.request"],
  ];
  for (const [text, expected, name] of cases) it(`${text}${name ? ` (${name})` : ""} is ${expected}`, () => assert.equal(of(text, name), expected));
});

describe("where an option is written", () => {
  const written = (text: string): string | undefined => {
    const file = parseTs("a.ts", text);
    const call = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).find((one) => one.getText().startsWith("get("))!;
    const where = slot(file, call, 1);
    return where && text.slice(0, where.at.start) + where.before + "timeout: 5" + where.after + text.slice(where.at.end);
  };
  const cases: [string, string | undefined][] = [
    ["get(u);", "get(u, { timeout: 5 });"], ["get(u, {});", "get(u, { timeout: 5 });"], ["get(u, { a: 1 });", "get(u, { a: 1, timeout: 5 });"], ["get(u, { a: 1, });", "get(u, { a: 1, timeout: 5, });"],
    ["get(u, {\n  a: 1,\n});", "get(u, {\n  a: 1,\n  timeout: 5,\n});"], ["get(u, {\n  a: 1\n});", "get(u, {\n  a: 1,\n  timeout: 5\n});"], ["get(u, {\r\n\ta: 1,\r\n});", "get(u, {\r\n\ta: 1,\r\n\ttimeout: 5,\r\n});"],
    ["get();", undefined], ["get(...args);", undefined], ["get(u, options());", undefined], ["const o = { a: 1 }; get(u, o);", "const o = { a: 1, timeout: 5 }; get(u, o);"],
  ];
  for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.equal(written(text), expected));
});
