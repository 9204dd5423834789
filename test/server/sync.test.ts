// L3: editor and server disagree about a document. The server notices, says it once, shows nothing there until it knows the text again, and never shows anything at a wrong place.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { folderWith } from "../host/folder.ts";
import { firstSeed, size } from "../reliability/size.ts";
import { seeded, type Random } from "./protocol/edits.ts";
import { startEditor, type Editor } from "./protocol/editor.ts";
import { positionAt } from "./protocol/text.ts";

const path = "src/calls.ts";
const head = 'import axios from "axios";\n';
const call = 'export const quote = () => axios.get("https://prices.internal/");\n';
const rule = "timeout/http-call-without-timeout";
const deployment = (name: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, labels: { app: ${name} } }\nspec:\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec:\n      containers:\n        - name: app\n          image: acme/app:1.0\n          env:\n            - name: RETRIES\n              value: 3\n`;

/** Runs a story with one open document; the messages that break the rules go past the checker. */
async function story(test: TestContext, run: (editor: Editor, logs: string[]) => Promise<void>, pull = true, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const root = folderWith(test, { "package.json": "{}", [path]: head + call, ...files });
  const editor = await startEditor(root, { pull });
  const logs: string[] = [];
  editor.wire.onMessage(({ method, params }) => void (method === "window/logMessage" && logs.push(params.message)));
  try {
    editor.open(path);
    assert.equal((await found(editor)).length, 1);
    await run(editor, logs);
    assert.equal(await editor.wire.stop(), 0);
  } finally {
    await editor.kill();
  }
}

const found = async (editor: Editor) => (await editor.rest())[path] ?? [];
const lines = (text: string) => ({ contentChanges: [{ text }] });
const insert = (text: string, line = 0, character = 0) => ({ contentChanges: [{ range: { start: { line, character }, end: { line, character } }, text }] });
const change = (editor: Editor, version: number, changes: object) => editor.wire.wrong({ method: "textDocument/didChange", params: { textDocument: { uri: editor.uri(path), version }, ...changes } });

const disagreements: readonly [what: string, send: (editor: Editor) => void][] = [
  ["an older version", (editor) => change(editor, 0, insert("// a\n"))],
  ["an equal version", (editor) => change(editor, 1, insert("// a\n"))],
  ["an older whole text", (editor) => change(editor, 0, lines("// a\n"))],
  ["a line that is not there", (editor) => change(editor, 2, insert("x", 99))],
  ["a place behind the end of a line", (editor) => change(editor, 2, insert("x", 0, 999))],
  ["a negative place", (editor) => change(editor, 2, insert("x", -1, -5))],
  ["a range that ends before it begins", (editor) => change(editor, 2, { contentChanges: [{ range: { start: { line: 1, character: 5 }, end: { line: 0, character: 0 } }, text: "x" }] })],
  ["half a character", (editor) => (change(editor, 2, insert("// 🚀\n")), change(editor, 3, insert("x", 0, 4)))],
  ["places that are no numbers", (editor) => change(editor, 2, { contentChanges: [{ range: { start: { line: "0", character: null }, end: {} }, text: "x" }] })],
];

describe("L3: a document out of step", () => {
  for (const pull of [true, false])
    for (const [what, send] of disagreements)
      it(`L3: after ${what} shows nothing, says so once, and is there again when the text is known (${pull ? "pulled" : "pushed"})`, (test) =>
        story(test, async (editor, logs) => {
          send(editor);
          change(editor, 5, insert("// b\n"));
          change(editor, 6, insert("// c\n"));
          assert.deepEqual(await found(editor), []);
          const textDocument = { uri: editor.uri(path) };
          const position = { line: 1, character: 30 };
          assert.equal(await editor.ask("textDocument/hover", { textDocument, position }), null);
          assert.deepEqual(await editor.ask("textDocument/codeAction", { textDocument, range: { start: position, end: position }, context: { diagnostics: [] } }), []);
          assert.deepEqual(await editor.ask("textDocument/completion", { textDocument, position }), []);
          assert.equal(logs.filter((one) => one.includes("out of step")).length, 1, logs.join("\n"));
          change(editor, 7, lines(`${head}\n${call}`));
          assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 2, "a whole text is known again");
          change(editor, 7, insert("// a\n"));
          assert.deepEqual(await found(editor), []);
          editor.wire.wrong({ method: "textDocument/didOpen", params: { textDocument: { ...textDocument, languageId: "typescript", version: 1, text: `${head}\n\n${call}` } } });
          assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 3, "and one that is opened anew");
        }, pull));

  it("L3: gets no edit, and the others do", (test) =>
    story(test, async (editor) => {
      const asked: any[] = [];
      editor.wire.onMessage(({ method, params }) => void (method === "workspace/applyEdit" && asked.push(params.edit)));
      editor.open("k8s/b.yaml");
      editor.wire.wrong({ method: "textDocument/didChange", params: { textDocument: { uri: editor.uri("k8s/b.yaml"), version: 9 }, ...insert("x", 99) } });
      assert.equal(await editor.ask("workspace/executeCommand", { command: "pitlint.fixAllSafe" }), 1);
      assert.deepEqual(asked.flatMap((one) => one.documentChanges.map((change: any) => change.textDocument.uri)), [editor.uri("k8s/a.yaml")]);
    }, true, { "k8s/a.yaml": deployment("a"), "k8s/b.yaml": deployment("b") }));
});

describe("L3: order", () => {
  it("L3: versions may be skipped", (test) => story(test, async (editor) => {
    change(editor, 1000, insert("\n"));
    change(editor, 2 ** 31 - 1, insert("\n"));
    assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 3);
  }));
  it("L3: a change before the document is opened, or after it is closed, is no change", (test) => story(test, async (editor) => {
    editor.close(path);
    change(editor, 9, lines("// nothing\n"));
    assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 1, "the disk counts");
    const other = { uri: editor.uri("src/new.ts") };
    editor.wire.wrong({ method: "textDocument/didChange", params: { textDocument: { ...other, version: 2 }, ...lines(head + call) } });
    assert.deepEqual(Object.keys(await editor.rest()), [path]);
    editor.open("src/new.ts", head + call);
    assert.deepEqual(Object.keys(await editor.rest()), [path, "src/new.ts"]);
  }));
  it("L3: the last of two openings counts, and closing twice is closing", (test) => story(test, async (editor) => {
    editor.wire.wrong({ method: "textDocument/didOpen", params: { textDocument: { uri: editor.uri(path), languageId: "typescript", version: 1, text: `${head}\n\n\n${call}` } } });
    assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 4);
    editor.close(path);
    editor.wire.wrong({ method: "textDocument/didClose", params: { textDocument: { uri: editor.uri(path) } } });
    assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 1);
  }));
  it("L3: a file that was never written is gone when it is closed, and nothing is left to be read", (test) => story(test, async (editor) => {
    const states: any[] = [];
    editor.wire.onMessage(({ method, params }) => void (method === "pitlint/status" && states.push(params)));
    editor.open("src/new.ts", head + call);
    assert.deepEqual(Object.keys(await editor.rest()), [path, "src/new.ts"]);
    editor.close("src/new.ts");
    assert.deepEqual(Object.keys(await editor.rest()), [path]);
    assert.equal(states.at(-1).incomplete, 0);
  }));
  it("L3: closing gives the file back to the disk, also what was written meanwhile", (test) => {
    const root = folderWith(test, { "package.json": "{}", [path]: head + call });
    return (async () => {
      const editor = await startEditor(root);
      try {
        editor.open(path);
        writeFileSync(join(root, path), `${head}\n\n${call}`);
        editor.close(path);
        assert.equal(JSON.parse((await found(editor))[0]!)[0][0], 3);
        await editor.done();
      } finally {
        await editor.kill();
      }
    })();
  });
});

const steps = size(3_000, 1_000_000);

describe("L3: random disagreements", () => {
  it(`L3: ${steps} messages, right and wrong, and no diagnostic at a wrong place`, async (test) => {
    const random = seeded(firstSeed);
    const counts = { right: 0, wrong: 0, compared: 0, silent: 0 };
    const root = folderWith(test, { "package.json": "{}", [path]: head });
    const editor = await startEditor(root);
    const document = { open: false, synced: false, version: 0, newest: 0, text: head };
    try {
      for (let step = 1; step <= steps; step++) {
        counts[disturb(random, editor, document) ? "right" : "wrong"]++;
        if (random.below(15) > 0) continue;
        const shown = (await editor.pull(path)).filter((one) => one.code === rule).map((one) => one.range.start).sort((a, b) => a.line - b.line || a.character - b.character);
        const due = document.open ? (document.synced ? document.text : "") : head;
        assert.deepEqual(shown, [...due.matchAll(/axios\.get\("/g)].map((one) => positionAt(due, one.index, "utf-16")), `seed ${firstSeed}, step ${step}: ${JSON.stringify(due)}`);
        counts[document.open && !document.synced ? "silent" : "compared"] += Math.max(1, shown.length);
      }
      assert.equal(await editor.wire.stop(), 0);
    } finally {
      await editor.kill();
      test.diagnostic(JSON.stringify(counts));
    }
  });
});

/** One message about the document, and what a server must know after it. True where it is in order. */
function disturb(random: Random, editor: Editor, document: { open: boolean; synced: boolean; version: number; newest: number; text: string }): boolean {
  const kind = random.below(100);
  const whole = () => head + Array.from({ length: random.below(6) }, (_, index) => random.pick([`export const q${index} = () => axios.get("https://a/");\n`, "// 🚀 é 漢\r\n", "\n"])).join("");
  if (!document.open || kind < 4) {
    if (kind < 2) {
      editor.wire.wrong({ method: "textDocument/didClose", params: { textDocument: { uri: editor.uri(path) } } });
      document.open = false;
      return true;
    }
    if (!document.open && kind < 30) {
      change(editor, ++document.version, insert("x"));
      return false;
    }
    const again = document.open;
    Object.assign(document, { open: true, synced: true, text: whole(), version: random.below(5), newest: 0 });
    document.newest = document.version;
    editor.wire.wrong({ method: "textDocument/didOpen", params: { textDocument: { uri: editor.uri(path), languageId: "typescript", version: document.version, text: document.text } } });
    return !again;
  }
  if (kind < 10) {
    Object.assign(document, { synced: true, text: whole(), version: document.newest + 1 });
    document.newest = document.version;
    change(editor, document.version, lines(document.text));
    return true;
  }
  if (kind < 90) {
    // Lines come and go, and comments grow: what the rule looks at stays whole.
    const at = lineStartsOf(document.text);
    const from = random.pick(at.slice(1));
    const to = random.chance(0.3) ? (at.find((one) => one > from) ?? from) : from;
    const text = random.pick(['export const q = () => axios.get("https://b/");\n', "// 🚀 é 漢\n", "// a\r\n", "\n", ""]);
    const range = { start: positionAt(document.text, from, "utf-16"), end: positionAt(document.text, to, "utf-16") };
    document.version = document.newest += 1 + random.below(3);
    change(editor, document.version, { contentChanges: [{ range, text }] });
    document.text = document.text.slice(0, from) + text + document.text.slice(to);
    return true;
  }
  const wrong = random.pick<() => void>([
    () => change(editor, document.newest - random.below(3), insert("// a\n")),
    () => change(editor, document.newest - random.below(3), lines(whole())),
    () => change(editor, ++document.newest, insert("x", 50 + random.below(1000))),
    () => change(editor, ++document.newest, insert("x", 0, head.length + random.below(10))),
    () => change(editor, ++document.newest, { contentChanges: [{ range: { start: { line: 1, character: 0 }, end: { line: 0, character: 0 } }, text: random.pick(["", "x"]) }] }),
    () => change(editor, ++document.newest, { contentChanges: [insert("// 🚀").contentChanges[0], insert("x", 0, 4).contentChanges[0]] }),
  ]);
  wrong();
  document.synced = false;
  return false;
}

const lineStartsOf = (text: string) => [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((one) => one.index + one[0].length)];
