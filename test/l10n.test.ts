// The editor's other language: every sentence of the server, the rules and the extension has a translation with the same places for values.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { analyse, rulesOf } from "../engine/analyse.ts";
import { parseExample } from "../engine/example.ts";
import { packs } from "../rules/packs/index.ts";
import { translationFor } from "../server/translation.ts";

type Table = Readonly<Record<string, string>>;
const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Table;
const holes = (text: string) => [...text.matchAll(/\{[^}]*\}/g)].map(([hole]) => hole).sort();
const texts = (folder: string) => readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith(".ts")).map((name) => readFileSync(`${folder}/${name}`, "utf8"));

describe("the server in Simplified Chinese", () => {
  const table = read("l10n/server.zh-cn.json");

  it("translates every title and every sentence that an example of a rule shows: add what is missing to l10n/server.zh-cn.json", () => {
    const said = new Set<string>();
    for (const rule of rulesOf(packs)) {
      said.add(rule.title);
      for (const example of rule.examples) {
        const files = new Map(parseExample("bad" in example ? example.bad : example.good).files.map(({ path, text }) => [path, text]));
        for (const { message, related } of analyse(files, { packs, only: [rule.id], profile: "strict" }).diagnostics) for (const one of [message, ...(related ?? []).map((other) => other.message)]) said.add(one.template);
      }
    }
    assert.deepEqual([...said].filter((one) => !Object.hasOwn(table, one)), []);
  });

  it("translates every sentence of its own", () => {
    const said = texts("server").flatMap((text) => [...text.matchAll(/\bsay`((?:[^`\\])*)`/g)].map((match) => { let index = 0; return match[1]!.replace(/\$\{[^}]*\}/g, () => `{${index++}}`); }));
    assert.ok(said.length > 20);
    assert.deepEqual(said.filter((one) => !Object.hasOwn(table, one)), []);
  });

  it("keeps every value of a sentence", () => {
    assert.deepEqual(Object.entries(table).filter(([from, to]) => holes(from).join() !== holes(to).join()), []);
  });

  it("is chosen by the editor's locale, however it is written; others get English", () => {
    const message = { template: "Server timeout of {0} outlives the registry TTL of {1}", values: ["45 s", "30 s"] };
    assert.equal(translationFor("zh-CN").say(message), "服务器超时 45 s 长于注册中心的 TTL 30 s");
    for (const locale of [undefined, "en", "de", "../../package"]) assert.equal(translationFor(locale).say(message), "Server timeout of 45 s outlives the registry TTL of 30 s");
  });
});

describe("the extension in Simplified Chinese", () => {
  it("translates what the manifest names", () => {
    const [english, chinese] = [read("package.nls.json"), read("package.nls.zh-cn.json")];
    const used = [...readFileSync("package.json", "utf8").matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]!);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  });

  it("translates what the client says", () => {
    const table = read("l10n/bundle.l10n.zh-cn.json");
    const said = texts("client").flatMap((text) => [...text.matchAll(/\bl10n\.t\("((?:[^"\\])*)"/g)].map((match) => match[1]!));
    assert.ok(said.length > 5);
    assert.deepEqual([...new Set(said)].sort(), Object.keys(table).sort());
    assert.deepEqual(Object.entries(table).filter(([from, to]) => holes(from).join() !== holes(to).join()), []);
  });

  it("has every page of the walkthrough in both languages", () => {
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as { contributes: { walkthroughs: { steps: { media: { markdown: string } }[] }[] } };
    const pages = contributes.walkthroughs.flatMap((one) => one.steps.map((step) => step.media.markdown));
    assert.ok(pages.length >= 3);
    assert.deepEqual(pages.flatMap((page) => [page, page.replace(/md$/, "nls.zh-cn.md")]).filter((page) => !existsSync(page)), []);
  });
});
