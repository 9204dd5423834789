// Threading a signal through functions: what the edits are, and every shape that is refused because its signature is not ours to change.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { threadEdits } from "../../engine/typescript/thread.ts";
import type { Span } from "../../engine/types.ts";

/** Threads `signal` from the call in run.ts through the declarations that `marks` begin and end, and gives the texts after it. */
async function threaded(files: Record<string, string>, call: string, marks: readonly (readonly [file: string, declaration: string])[]) {
  const texts = new Map(Object.entries(files));
  const at = (file: string, text: string): Span => {
    const start = texts.get(file)!.indexOf(text);
    assert.ok(start >= 0, `${file} holds ${text}`);
    return { file, start, end: start + text.length };
  };
  const input = { text: (file: string) => texts.get(file), documents: () => [], paths: [...texts.keys()].filter((path) => /\.[jt]s$/.test(path)) };
  const edits = await threadEdits({ call: at("run.ts", call), signal: "signal", through: marks.map(([file, text]) => at(file, text)) }, input);
  if (!edits) return undefined;
  const after = new Map(texts);
  for (const one of [...edits].sort((a, b) => b.at.start - a.at.start)) after.set(one.at.file, after.get(one.at.file)!.slice(0, one.at.start) + one.text + after.get(one.at.file)!.slice(one.at.end));
  return Object.fromEntries(after);
}

const run = (from: string, call: string) => `import { load } from "${from}";\nexport async function run(signal: AbortSignal) { return await ${call}; }\n`;

describe("threading a signal", () => {
  it("keeps every character that it does not add", async () => {
    const declaration = `export async function load(\n\tid: string, // the order\n\tlimit = 10,\n) { return [id, limit]; }`;
    const after = await threaded({ "run.ts": run("./load", "load('1')"), "load.ts": `/** Loads. */\n${declaration}\n` }, "load('1')", [["load.ts", declaration]]);
    assert.equal(after?.["load.ts"], `/** Loads. */\nexport async function load(\n\tid: string, // the order\n\tlimit = 10,\n\tsignal?: AbortSignal,\n) { return [id, limit]; }\n`);
    assert.equal(after?.["run.ts"], run("./load", "load('1', undefined, signal)"));
  });

  it("follows tsconfig paths and re-exports", async () => {
    const declaration = `export async function load(id: string) { return id; }`;
    const files = {
      "tsconfig.json": `{ "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }`,
      "run.ts": run("@app/index", "load('1')"), "src/index.ts": `export * from "./load";\n`, "src/load.ts": `${declaration}\n`,
    };
    const after = await threaded(files, "load('1')", [["src/load.ts", declaration]]);
    assert.equal(after?.["run.ts"], run("@app/index", "load('1', signal)"));
  });

  it("leaves other callers, and calls in catch and finally, as they are", async () => {
    const declaration = `export async function load(id: string) {\n  try { return await save(id); } catch { return await save("x"); } finally { await save("y"); }\n}`;
    const save = `async function save(id: string) { return id; }`;
    const after = await threaded({ "run.ts": run("./load", "load('1')"), "load.ts": `${declaration}\n${save}\nexport const other = () => load("2");\n` }, "load('1')", [["load.ts", declaration], ["load.ts", save]]);
    assert.equal(after?.["load.ts"], `export async function load(id: string, signal?: AbortSignal) {\n  try { return await save(id, signal); } catch { return await save("x"); } finally { await save("y"); }\n}\nasync function save(id: string, signal?: AbortSignal) { return id; }\nexport const other = () => load("2");\n`);
  });

  it("keeps CRLF line ends in lists", async () => {
    const declaration = `export async function load(\r\n  id: string\r\n) { return id; }`;
    const after = await threaded({ "run.ts": run("./load", "load('1')"), "load.ts": declaration }, "load('1')", [["load.ts", declaration]]);
    assert.equal(after?.["load.ts"], `export async function load(\r\n  id: string,\r\n  signal?: AbortSignal\r\n) { return id; }`);
  });
});

describe("threading a signal is refused for", () => {
  const plain = `export async function load(id: string) { return id; }`;
  const refused: Record<string, { load: string; declaration?: string; call?: string; more?: Record<string, string> }> = {
    "overloads": { load: `export async function load(id: string): Promise<string>;\nexport async function load(id: number): Promise<string>;\nexport async function load(id: any) { return id; }`, declaration: `export async function load(id: any) { return id; }` },
    "a rest parameter": { load: `export async function load(...ids: string[]) { return ids; }` },
    "a name that is taken": { load: `export async function load(id: string) { const signal = id; return signal; }` },
    "more arguments than parameters, or spread ones": { load: plain, call: `load(...["1"])` },
    "a function that a type describes": { load: `export const load: (id: string) => Promise<string> = async (id) => id;`, declaration: `async (id) => id` },
    "a function used as a callback": { load: `${plain}\nexport const all = (ids: string[]) => ids.map(load);` },
    "an export of the package": { load: plain, more: { "package.json": `{ "name": "a", "exports": { ".": { "import": "./dist/index.mjs" } } }`, "src/index.ts": `export { load } from "../load";` } },
    "an export of a package without main": { load: plain, more: { "package.json": `{ "name": "a" }`, "index.ts": `export * from "./load";` } },
  };
  for (const [title, { load, declaration = load.split("\n")[0]!, call = "load('1')", more = {} }] of Object.entries(refused))
    it(title, async () => assert.equal(await threaded({ "run.ts": run("./load", call), "load.ts": load, ...more }, call, [["load.ts", declaration]]), undefined));

  const method = `async find(id: string) { return id; }`;
  const classes: Record<string, string> = {
    "a method that an interface declares": `interface Finder { find(id: string): Promise<string> }\nexport class Repo implements Finder { ${method} }`,
    "a method of a class whose interface is not known": `import type { Finder } from "elsewhere";\nexport class Repo implements Finder { ${method} }`,
    "a method that a base class declares": `class Base { async find(id: string) { return id; } }\nexport class Repo extends Base { ${method.replace("{ return id", "{ return  id")} }`,
    "a method that a framework calls": `export class Repo { @Get() ${method} }`,
  };
  for (const [title, text] of Object.entries(classes))
    it(title, async () => {
      const found = /(@Get\(\) )?async find\(id: string\) \{ return  ?id; \}(?= \}$)/.exec(text)![0];
      const files = { "run.ts": `import { Repo } from "./repo";\nexport async function run(signal: AbortSignal) { return await new Repo().find("1"); }\n`, "repo.ts": text };
      assert.equal(await threaded(files, `new Repo().find("1")`, [["repo.ts", found]]), undefined);
    });

  it("nothing else: a private package without main has no public face", async () => {
    const after = await threaded({ "package.json": `{ "private": true }`, "run.ts": run("./index", "load('1')"), "index.ts": plain }, "load('1')", [["index.ts", plain]]);
    assert.equal(after?.["index.ts"], `export async function load(id: string, signal?: AbortSignal) { return id; }`);
  });
});
