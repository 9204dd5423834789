// Suppressions and the baseline in an editor: silenced with a reason, cleaned up by a quick fix, and accepted findings as hints.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { DiagnosticSeverity, type CodeAction, type Diagnostic } from "vscode-languageserver-protocol/node";
import { folderWith } from "../host/folder.ts";
import { cli, warned } from "../cli/run.ts";
import { pullClient, pushClient, startClient, type Client } from "./client.ts";

const rule = "timeout/http-call-without-timeout";
const isFinding = (one: Diagnostic) => one.code === rule;
const isProblem = (one: Diagnostic) => one.code === "suppression";

async function withClient(test: TestContext, files: Readonly<Record<string, string>>, story: (client: Client, root: string) => Promise<void>, capabilities = pushClient): Promise<void> {
  const root = folderWith(test, files);
  const client = await startClient(root, capabilities);
  try {
    await story(client, root);
  } finally {
    await client.stop();
  }
}

/** Applies the quick fix of this title at a diagnostic. */
async function take(client: Client, path: string, at: Diagnostic, title: RegExp): Promise<void> {
  const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", { textDocument: { uri: client.uri(path) }, range: at.range, context: { diagnostics: [at] } });
  const action = actions.find((one) => title.test(one.title));
  assert.ok(action, actions.map((one) => one.title).join("\n"));
  const { edit } = action.edit ? action : await client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
  client.apply(edit!);
}

for (const [mode, capabilities] of [["push", pushClient], ["pull", pullClient]] as const)
  describe(`a suppression, by ${mode}`, () => {
    it("is put in, asks for its reason, and silences once it has one", (test) =>
      withClient(test, { "a.ts": warned }, async (client) => {
        client.open("a.ts", "typescript");
        const [finding] = (await client.until("a.ts", (found) => found.some(isFinding))).filter(isFinding);
        await take(client, "a.ts", finding!, /^Silence .* here, with a reason$/);
        const [asked] = (await client.until("a.ts", (found) => found.some(isProblem))).filter(isProblem);
        assert.match(String(asked!.message), /^gives no reason; expected pitlint-ignore-next-line timeout\/http-call-without-timeout -- <reason>$/);
        client.replace("a.ts", "<reason>", "the caller has one");
        await client.until("a.ts", (found) => found.length === 0);
      }, capabilities));

    it("that is not needed any more is said where it stands, and removed by a quick fix", (test) =>
      withClient(test, { "a.ts": `// pitlint-ignore-start ${rule} -- gone\nexport const a = 1;\n// pitlint-ignore-end ${rule}\n` }, async (client) => {
        client.open("a.ts", "typescript");
        const [idle] = await client.until("a.ts", (found) => found.some(isProblem));
        assert.deepEqual([idle!.message, idle!.severity, idle!.range.start.line], [`silences nothing: ${rule} finds nothing here`, DiagnosticSeverity.Warning, 0]);
        await take(client, "a.ts", idle!, /^Remove the suppression of /);
        assert.equal(client.text("a.ts"), "export const a = 1;\n");
        await client.until("a.ts", (found) => found.length === 0);
      }, capabilities));

    it("that is past its date, or misspelt, shows its finding again, with a way out", (test) =>
      withClient(test, { "a.ts": warned.replace("export", `// pitlint-ignore-next-line ${rule} until 2020-01-01 -- the old client\nexport`) }, async (client) => {
        client.open("a.ts", "typescript");
        const found = await client.until("a.ts", (all) => all.some(isProblem) && all.some(isFinding));
        assert.match(String(found.find(isProblem)!.message), /^is past its date 2020-01-01 and silences nothing/);
        client.replace("a.ts", "2020", "2999");
        await client.until("a.ts", (all) => all.length === 0);
        client.replace("a.ts", rule, "timeout/http-call-without-timout");
        const [misspelt] = (await client.until("a.ts", (all) => all.some((one) => isProblem(one) && /did you mean/.test(String(one.message))))).filter(isProblem);
        await take(client, "a.ts", misspelt!, /^Change to timeout\/http-call-without-timeout$/);
        await client.until("a.ts", (all) => all.length === 0);
      }, capabilities));
  });

describe("the baseline", () => {
  it("makes accepted findings hints; new ones keep their severity, and the hints go with the file", (test) =>
    withClient(test, { "b.ts": warned }, async (client, root) => {
      client.open("b.ts", "typescript");
      await client.until("b.ts", (found) => found.some(isFinding));
      const changed = (type: number) => client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: client.uri("pitlint-baseline.json"), type }] });
      execFileSync(process.execPath, [cli, "baseline"], { cwd: root, stdio: "pipe" });
      await changed(1);
      await client.until("b.ts", (found) => found.every((one) => one.severity === DiagnosticSeverity.Hint));
      client.replace("b.ts", "\nexport", '\nexport const c = () => axios.get("https://new.internal/");\nexport');
      const both = await client.until("b.ts", (found) => found.filter(isFinding).length === 2);
      assert.deepEqual(both.map((one) => [one.range.start.line, one.severity]).sort(), [[1, DiagnosticSeverity.Warning], [2, DiagnosticSeverity.Hint]]);
      rmSync(join(root, "pitlint-baseline.json"));
      await changed(3);
      await client.until("b.ts", (found) => found.filter((one) => one.severity === DiagnosticSeverity.Warning).length === 2);
    }));

  it("that is broken is said in its own file", (test) =>
    withClient(test, { "a.ts": warned, "pitlint-baseline.json": '{\n  "version": 2\n}\n' }, async (client) => {
      const [broken] = await client.until("pitlint-baseline.json", (found) => found.length > 0);
      assert.match(String(broken!.message), /^is of version 2/);
      assert.deepEqual(broken!.range.start, { line: 1, character: 13 });
      await client.until("a.ts", (found) => found.some(isFinding));
    }));
});
