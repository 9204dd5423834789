// What a name means: canonical names through every way to import, alias and inject.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonical, declaredType, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression } from "../../engine/typescript/compiler.ts";
import { nodes, parseTs } from "../../engine/typescript/parse.ts";

/** Canonical name of the callee of the last call whose text starts with `target`. */
function nameOf(text: string, target: string, path = "a.ts"): string | undefined {
  const file = parseTs(path, text);
  const call = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).filter((one) => one.getText().startsWith(target)).at(-1)!;
  return canonical(file, call.expression);
}

describe("canonical names", () => {
  const cases: [string, string, string | undefined][] = [
    ['import axios from "axios"; axios.get(u);', "axios.get", "axios#get"],
    ['import * as axios from "axios"; axios.default.get(u);', "axios.default", "axios#get"],
    ['import { get as g } from "axios"; g(u);', "g(", "axios#get"],
    ['import axios = require("axios"); axios.get(u);', "axios.get", "axios#get"],
    ['const axios = require("axios"); axios.get(u);', "axios.get", "axios#get"],
    ['const { get } = require("axios"); get(u);', "get(", "axios#get"],
    ['const { get: fetchIt } = require("axios").default; fetchIt(u);', "fetchIt(", "axios#get"],
    ['async function f() { const { default: axios } = await import("axios"); axios.get(u); }', "axios.get", "axios#get"],
    ['import http from "node:http"; http.request(u);', "http.request", "http#request"],
    ['import axios from "axios"; const client = axios; client.get(u);', "client.get", "axios#get"],
    ['import axios from "axios"; class A { private http = axios; go() { this.http.get(u); } }', "this.http.get", "axios#get"],
    ["fetch(u);", "fetch(", "#fetch"],
    ['import { orders } from "./clients"; orders.get(u);', "orders.get", "./clients#orders.get"],
    ["function f(axios: any) { axios.get(u); }", "axios.get", undefined],
    ['import axios from "axios"; let client = axios; client = other; client.get(u);', "client.get", undefined],
    ['import axios from "axios"; function f() { const axios = mine(); axios.get(u); }', "axios.get", undefined],
    ["const fetch = mine; fetch(u);", "fetch(", "#mine"],
    ['import { default as axios } from "axios"; axios(u);', "axios(", "axios#"],
  ];
  for (const [text, target, expected] of cases) it(text, () => assert.equal(nameOf(text, target), expected));
});

describe("declared types", () => {
  it("of a constructor's parameter property", () => {
    const file = parseTs("a.ts", 'import { HttpService } from "@nestjs/axios"; class A { constructor(private readonly http: HttpService) {} go() { this.http.get(u); } }');
    const call = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)[0]!;
    assert.equal(declaredType(file, (call.expression as { expression: never } & typeof call.expression).expression), "@nestjs/axios#HttpService");
  });
});

describe("made", () => {
  it("follows variables, fields and await to the call that made the value", () => {
    const file = parseTs("a.ts", 'class A { client; constructor() { this.client = create(); } go() { const c = this.client; c.run(); } }');
    const call = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).find((one) => one.getText() === "c.run()")!;
    assert.equal(made(file, (call.expression as unknown as { expression: never }).expression)?.getText(), "create()");
  });
  it("ends on names that go round", () => {
    const file = parseTs("a.ts", "const a = b; const b = a; a.run();");
    const call = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)[0]!;
    assert.ok(made(file, (call.expression as unknown as { expression: never }).expression));
  });
});
