// What a value is: literals, arithmetic, constants across files, environment defaults, durations in words; unknown where it cannot be told.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { scanner } from "../../engine/mention.ts";
import { link } from "../../engine/link.ts";
import { ts, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { extract } from "../../engine/extract.ts";
import { planOf } from "../../engine/plan.ts";
import { defaultConfig } from "../../engine/config.ts";
import { nodes, noContext, span } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";
import type { FactKind, Value } from "../../engine/types.ts";

/** Every variable named `answer` states its value. */
const answer: FactKind<Value<unknown>> = {
  id: "answer", title: "Answer",
  ts: {
    mentions: [["answer"]],
    *find(file) {
      for (const one of nodes<VariableDeclaration>(file, ts.SyntaxKind.VariableDeclaration)) if (one.name.getText() === "answer") yield { at: span(one), value: value(file, one.initializer) };
    },
  },
};

function answerOf(files: Record<string, string>): unknown {
  const plan = { ...planOf([]), kinds: [answer], scanner: scanner([[["answer"]]]) };
  const extracts = new Map(Object.entries(files).filter(([path]) => /\.ts$|\.js$/.test(path)).map(([path, text]) => [path, extract(path, text, noContext, plan)]));
  const manifests = new Map(Object.entries(files).filter(([path]) => path.endsWith(".json")));
  const index = link({ extracts, manifests, paths: new Set(extracts.keys()), configs: [defaultConfig], text: (path) => files[path], settled: true });
  const found = [...extracts.keys()].flatMap((path) => index.facts.in(path, answer))[0]!.value;
  return "known" in found ? found.known : "absent" in found ? "absent" : "unknown";
}

describe("values in one file", () => {
  const cases: [string, unknown][] = [
    ["const answer = 30_000;", 30000], ["const answer = 30 * 1000;", 30000], ["const answer = -5;", -5], ["const answer = 2 ** 10;", 1024], ["const S = 10; const answer = (S * 1000) / 4;", 2500],
    ["const S = 10; const answer = `${S}s`;", "10s"], ['const answer = "a" + "b";', "ab"], ["const answer = Number('5');", 5], ["const answer = parseInt('30', 10);", 30],
    ['import ms from "ms"; const answer = ms("30s");', 30000], ["const L = { http: { timeout: 5 } } as const; const answer = L.http.timeout;", 5], ["enum E { A = 7 } const answer = E.A;", 7],
    ["const { a = 3 } = { b: 1 }; const answer = a;", "unknown"], ["const { a } = { a: 4 }; const answer = a;", 4], ["const answer = Math.min(5, 3);", 3], ["const answer = undefined;", "absent"],
    ["const answer = Number(process.env.T ?? 5000);", 5000], ["const answer = Number(process.env.T || '5000');", 5000], ["const answer = +(process.env.T ?? 7);", 7], ["const answer = parseInt(process.env.T || '9', 10);", 9],
    ["const answer = Number(process.env.T);", "unknown"], ["const answer = process.env.T;", "unknown"], ["let t = 5; t = 6; const answer = t;", "unknown"], ["function f(t = 5) { const answer = t; }", "unknown"],
    ["const answer = load();", "unknown"], ["const answer = x ? 1 : 2;", "unknown"], ["const a = b; const b = a; const answer = a;", "unknown"], ["const o = { ...base, t: 1 }; const answer = o.t;", 1], ["const o = { t: 1, ...base }; const answer = o.t;", "unknown"],
    ["class A { t = 3; f() { const answer = this.t; } }", 3], ["const answer = 1 / 0;", "unknown"], ["const answer = 'x' * 2;", "unknown"],
  ];
  for (const [text, expected] of cases) it(text, () => assert.deepEqual(answerOf({ "a.ts": text }), expected));
});

describe("values across files", () => {
  const cases: [string, Record<string, string>, unknown][] = [
    ["an exported constant", { "a.ts": 'import { T } from "./limits"; const answer = T * 2;', "limits.ts": "export const T = 4;" }, 8],
    ["a default export", { "a.ts": 'import limits from "./limits"; const answer = limits.t;', "limits.ts": "export default { t: 4 };" }, 4],
    ["a namespace", { "a.ts": 'import * as L from "./limits.js"; const answer = L.T;', "limits.ts": "export const T = 4;" }, 4],
    ["a re-export", { "a.ts": 'import { T } from "./index"; const answer = T;', "index.ts": 'export * from "./limits";', "limits.ts": "const T = 4; export { T };" }, 4],
    ["a renamed re-export", { "a.ts": 'import { U } from "./lib"; const answer = U;', "lib/index.ts": 'export { T as U } from "../limits";', "limits.ts": "export const T = 4;" }, 4],
    ["CommonJS", { "a.js": 'const { T } = require("./limits"); const answer = T;', "limits.js": "module.exports = { T: 4 };" }, "unknown"],
    ["a tsconfig path", { "a.ts": 'import { T } from "@app/limits"; const answer = T;', "src/limits.ts": "export const T = 4;", "tsconfig.json": '{ // paths\n "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["src/*"], } } }' }, 4],
    ["a package of the workspace", { "a.ts": 'import { T } from "@acme/limits"; const answer = T;', "packages/limits/package.json": '{"name":"@acme/limits","main":"dist/index.js"}', "packages/limits/src/index.ts": "export const T = 4;" }, 4],
    ["an enum", { "a.ts": 'import { E } from "./limits"; const answer = E.A;', "limits.ts": "export enum E { A = 4 }" }, 4],
    ["a cycle", { "a.ts": 'import { T } from "./b"; export const U = T; const answer = T;', "b.ts": 'import { U } from "./a"; export const T = U;' }, "unknown"],
    ["a variable that changes", { "a.ts": 'import { T } from "./limits"; const answer = T;', "limits.ts": "export let T = 4; T = 5;" }, "unknown"],
    ["a package from elsewhere", { "a.ts": 'import { T } from "limits"; const answer = T;' }, "unknown"],
  ];
  for (const [title, files, expected] of cases) it(title, () => assert.deepEqual(answerOf(files), expected));
});
