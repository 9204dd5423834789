// What the language server offers on findings and suppressions, over stdio with a real client library.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it } from "node:test";
import type { ClientCapabilities, CodeAction, Diagnostic, DocumentLink, Hover, InlayHint, Position, Range, WorkspaceDiagnosticReportPartialResult, WorkspaceEdit } from "vscode-languageserver-protocol/node";
import { CancellationTokenSource, DiagnosticSeverity, ProgressType } from "vscode-languageserver-protocol/node";
import { pullClient, pushClient, startClient, type Client } from "./client.ts";
import { consul, has, rule, server, shop } from "./shop.ts";

const slow = "gateway/src/slow.ts";
/** The shop, and a file that takes the parser about a second: an analysis that reads it lasts while requests come. */
function slowShop(): string {
  const root = shop();
  writeFileSync(join(root, slow), `// slow\nfetch("http://a/x");\n${"async(".repeat(19)}${")".repeat(19)};\n`);
  return root;
}

function workspace(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "pitlint-features-"));
  for (const [path, text] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function withClient(root: string, story: (client: Client) => Promise<void>, capabilities: ClientCapabilities = pushClient, more: object = {}): Promise<void> {
  const client = await startClient(root, capabilities, more);
  told.set(client, []);
  client.connection.onRequest("window/workDoneProgress/create", ({ token }: { token: string }) => (client.connection.onProgress(new ProgressType<{ kind: string }>(), token, ({ kind }) => void progressOf(client).push(kind)), null));
  try {
    await story(client);
  } catch (error) {
    client.process.kill();
    throw error;
  }
  assert.equal(await client.stop(), 0);
}

const about = (client: Client, path: string) => ({ textDocument: { uri: client.uri(path) } });
const hoverAt = (client: Client, path: string, position: Position) => client.connection.sendRequest<Hover | null>("textDocument/hover", { ...about(client, path), position });
const actionsAt = (client: Client, path: string, range: Range) => client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", { ...about(client, path), range, context: { diagnostics: [] } });
const resolved = (client: Client, action: CodeAction) => client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
const text = (hover: Hover | null) => (hover?.contents as { value: string } | undefined)?.value ?? "";
async function finding(client: Client): Promise<Diagnostic> {
  client.open(server, "typescript");
  return (await client.until(server, has)).find((one) => one.code === rule)!;
}

/** Kinds of progress that the client was told, in order. */
const told = new WeakMap<Client, string[]>();
const progressOf = (client: Client) => told.get(client)!;

/** Two calls without a timeout, each with a fix. */
const twoCalls = 'import axios from "axios";\nexport const a = () => axios.get("http://a/x");\nexport const b = () => axios.get("http://b/x");\n';
/** A number and a boolean where Kubernetes wants text: two safe fixes. */
const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      containers:\n        - name: orders\n          image: acme/orders\n          env:\n            - { name: PORT, value: 8080 }\n            - { name: TRACING, value: yes }\n";
const noTimeout = "timeout/http-call-without-timeout";
async function calls(client: Client): Promise<readonly Diagnostic[]> {
  client.open("src/calls.ts", "typescript");
  return client.until("src/calls.ts", (found) => found.filter((one) => one.code === noTimeout).length === 2);
}

describe("while an analysis runs", () => {
  it("requests on an unchanged document are answered from the last result", () =>
    withClient(slowShop(), async (client) => {
      const { range } = await finding(client);
      client.open(consul, "yaml");
      await client.until(consul, has);
      client.open(slow, "typescript");
      client.replace(slow, "slow", "slower");
      client.replace(consul, "ttl: 30s", "ttl: 90s");
      const [hover, actions] = await Promise.all([hoverAt(client, server, range.start), actionsAt(client, server, range)]);
      assert.match(text(hover), /registry TTL of 30 s/);
      assert.ok(actions.some((one) => one.title.startsWith("Lower the server timeout")));
      await client.until(server, (found) => !has(found));
      assert.equal(await hoverAt(client, server, range.start), null);
    }));

  it("a changed document is waited for", () =>
    withClient(shop(), async (client) => {
      const { range } = await finding(client);
      client.replace(server, "45_000", "25_000");
      assert.equal(await hoverAt(client, server, range.start), null);
    }));

  it("a request can be cancelled", () =>
    withClient(shop(), async (client) => {
      const source = new CancellationTokenSource();
      const asked = client.connection.sendRequest("workspace/diagnostic", { previousResultIds: [] }, source.token);
      source.cancel();
      await assert.rejects(asked, /cancel/i);
    }, pullClient));
});

describe("code actions", () => {
  it("fix one finding, all of its rule, silence it, explain it", () =>
    withClient(workspace({ "src/calls.ts": twoCalls }), async (client) => {
      const [first] = await calls(client);
      const actions = await actionsAt(client, "src/calls.ts", first!.range);
      assert.deepEqual(actions.map((one) => one.title).slice(1), [`Fix all of ${noTimeout} in this file`, `Silence ${noTimeout} here, with a reason`, "Accept it for now: add it to the baseline", `Explain ${noTimeout}`]);
      const explain = actions.at(-1)!;
      assert.deepEqual(explain.command, { title: explain.title, command: "pitlint.openRulePage", arguments: [noTimeout] });
    }, { ...pushClient, window: { showDocument: { support: true } } }));

  it("X6: fix all of a rule is made when it is chosen, for the version it was offered for", () =>
    withClient(workspace({ "src/calls.ts": twoCalls }), async (client) => {
      const [first] = await calls(client);
      const all = (await actionsAt(client, "src/calls.ts", first!.range)).find((one) => one.title.startsWith("Fix all of"))!;
      assert.equal(all.edit, undefined);
      const made = await resolved(client, all);
      client.apply(made.edit!);
      await client.until("src/calls.ts", (found) => !found.some((one) => one.code === noTimeout));
      assert.equal(client.text("src/calls.ts").match(/timeout|AbortSignal/g)?.length, 2);
      assert.equal((await resolved(client, all)).edit, undefined, "the document has changed since");
    }));

  it("come with their edits for a client that cannot ask for them later", () =>
    withClient(workspace({ "src/calls.ts": twoCalls }), async (client) => {
      const [first] = await calls(client);
      const actions = await actionsAt(client, "src/calls.ts", first!.range);
      assert.equal(actions.filter((one) => one.edit).length, 3);
      assert.ok(actions.every((one) => one.command || one.edit?.changes?.[client.uri("src/calls.ts")]));
    }, { textDocument: { publishDiagnostics: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } } }));

  it("silence a finding with a place for the reason, as a snippet where the client takes one", () =>
    withClient(workspace({ "src/calls.ts": twoCalls }), async (client) => {
      const [first] = await calls(client);
      const silence = (await actionsAt(client, "src/calls.ts", first!.range)).find((one) => one.title.startsWith("Silence"))!;
      const [change] = silence.edit!.documentChanges as { textDocument: { version: number }; edits: { snippet: { value: string } }[] }[];
      assert.equal(change!.textDocument.version, 1);
      assert.equal(change!.edits[0]!.snippet.value, `// pitlint-ignore-next-line ${noTimeout} -- \${0:<reason>}\n`);
    }, { ...pushClient, workspace: { workspaceEdit: { documentChanges: true, snippetEditSupport: true } } }));

  it("silence nothing where no comment can stand", () =>
    withClient(workspace({ "src/calls.ts": 'import axios from "axios";\nexport const a = async () => `\n${await axios.get("http://a/x")}`;\n' }), async (client) => {
      client.open("src/calls.ts", "typescript");
      const [found] = await client.until("src/calls.ts", (all) => all.length > 0);
      assert.deepEqual((await actionsAt(client, "src/calls.ts", found!.range)).filter((one) => one.title.startsWith("Silence")), []);
    }));

  it("accept a finding into the baseline, and it is a hint", async () => {
    const root = workspace({ "src/calls.ts": twoCalls });
    await withClient(root, async (client) => {
      const [first] = await calls(client);
      const accept = (await actionsAt(client, "src/calls.ts", first!.range)).find((one) => one.title.startsWith("Accept"))!;
      await client.connection.sendRequest("workspace/executeCommand", accept.command!);
      await client.until("src/calls.ts", (found) => found.some((one) => one.severity === DiagnosticSeverity.Hint) && found.some((one) => one.severity !== DiagnosticSeverity.Hint));
      const written = JSON.parse(readFileSync(join(root, "pitlint-baseline.json"), "utf8")) as { findings: { file: string; rule: string; count: number }[] };
      assert.deepEqual(written.findings.map(({ file, rule: id, count }) => [file, id, count]), [["src/calls.ts", noTimeout, 1]]);
    });
  });

  it("mend a suppression that names an unknown rule", () =>
    withClient(workspace({ "src/calls.ts": twoCalls.replace("export const b", `// pitlint-ignore-next-line ${noTimeout}s -- ends elsewhere\nexport const b`) }), async (client) => {
      client.open("src/calls.ts", "typescript");
      const problem = (await client.until("src/calls.ts", (found) => found.some((one) => one.code === "suppression"))).find((one) => one.code === "suppression")!;
      const mends = (await actionsAt(client, "src/calls.ts", problem.range)).filter((one) => one.title === `Change to ${noTimeout}`);
      assert.equal(mends.length, 1);
      const mend = mends[0]!;
      client.apply((mend.edit ?? (await resolved(client, mend)).edit)!);
      await client.until("src/calls.ts", (found) => found.length === 1);
    }));

  it("mark edits of other files for confirmation", () =>
    withClient(shop(), async (client) => {
      client.open(consul, "yaml");
      const found = (await client.until(consul, has)).find((one) => one.code === rule)!;
      const fix = (await actionsAt(client, consul, found.range)).find((one) => one.title.startsWith("Lower the server timeout"))!;
      const edit = fix.edit ?? (await resolved(client, fix)).edit!;
      assert.deepEqual(Object.values(edit.changeAnnotations ?? {}).map((one) => one.needsConfirmation), [true]);
    }));

  it("apply every safe fix of the workspace with confirmation", () =>
    withClient(workspace({ "k8s/orders.yaml": deployment }), async (client) => {
      const asked: WorkspaceEdit[] = [];
      client.connection.onRequest("workspace/applyEdit", ({ edit }: { edit: WorkspaceEdit }) => (asked.push(edit), { applied: true }));
      assert.equal(await client.connection.sendRequest("workspace/executeCommand", { command: "pitlint.fixAllSafe" }), 1);
      assert.deepEqual(asked.map((edit) => Object.values(edit.changeAnnotations ?? {}).map((one) => one.needsConfirmation)), [[true]]);
    }));
});

describe("hover", () => {
  it("names both places, the line there, and what linked them", () =>
    withClient(shop(), async (client) => {
      const { range } = await finding(client);
      const said = text(await hoverAt(client, server, range.start));
      assert.match(said, /\[consul\/gateway\.yaml:\d+:\d+\]\(file:\/\/\/[^)]*consul\/gateway\.yaml#L\d+\) .*ttl: 30s/);
      assert.match(said, /Linked as service gateway: .*consul\/gateway\.yaml/);
      assert.match(said, /E5: pitlint\.yaml states it/);
      assert.match(said, /\]\(https:\/\/github\.com\/pitlint\/pitlint\/blob\/main\/docs\/rules\/registry%2Fserver-timeout-exceeds-ttl\.md\)|\/registry\/server-timeout-exceeds-ttl\.md\)/);
    }));

  it("on a suppression says what it silences; the rule id is a link", async () => {
    const silenced = twoCalls.replace("export const b", `// pitlint-ignore-next-line ${noTimeout} -- the peer *ends* it\nexport const b`);
    await withClient(workspace({ "src/calls.ts": silenced }), async (client) => {
      client.open("src/calls.ts", "typescript");
      await client.until("src/calls.ts", (found) => found.length === 1);
      const said = text(await hoverAt(client, "src/calls.ts", { line: 2, character: 10 }));
      assert.match(said, /the peer \\\*ends\\\* it/);
      assert.match(said, /src\/calls\.ts:4:24/);
      const [link] = await client.connection.sendRequest<DocumentLink[]>("textDocument/documentLink", about(client, "src/calls.ts"));
      assert.deepEqual(link!.range, { start: { line: 2, character: 28 }, end: { line: 2, character: 28 + noTimeout.length } });
      assert.match(link!.target!, /http-call-without-timeout/);
    });
  });

  it("leads to the editor's own page of a rule where it has one", () =>
    withClient(shop(), async (client) => {
      const found = await finding(client);
      assert.equal(found.codeDescription?.href, "command:explain?registry%2Fserver-timeout-exceeds-ttl");
      assert.match(text(await hoverAt(client, server, found.range.start)), /\(command:explain\?registry%2Fserver-timeout-exceeds-ttl\)/);
    }, pushClient, { initializationOptions: { rulePage: "command:explain?{rule}" } }));
});

describe("diagnostics on request", () => {
  it("come in parts to a client that takes parts", () =>
    withClient(shop(), async (client) => {
      const parts: WorkspaceDiagnosticReportPartialResult[] = [];
      const listening = client.connection.onProgress(new ProgressType<WorkspaceDiagnosticReportPartialResult>(), "parts", (part) => void parts.push(part));
      const last = await client.connection.sendRequest<{ items: unknown[] }>("workspace/diagnostic", { previousResultIds: [], partialResultToken: "parts" });
      listening.dispose();
      assert.deepEqual(last.items, []);
      assert.ok(parts.flatMap((one) => one.items).some((one) => one.uri === client.uri(server)));
    }, pullClient));

  it("say what is wrong with a suppression", () =>
    withClient(workspace({ "src/calls.ts": `// pitlint-ignore-next-line ${noTimeout}\n${twoCalls}` }), async (client) => {
      client.open("src/calls.ts", "typescript");
      const found = await client.until("src/calls.ts", (all) => all.some((one) => one.code === "suppression"));
      assert.match(String(found.find((one) => one.code === "suppression")!.message), /gives no reason/);
    }));

  it("are of both folders of an editor with two", async () => {
    const [one, two] = [workspace({ "src/calls.ts": twoCalls }), workspace({ "src/calls.ts": twoCalls })];
    const folders = [one, two].map((path) => ({ uri: pathToFileURL(path).href, name: path }));
    await withClient(one, async (client) => {
      const { items } = await client.connection.sendRequest<{ items: { uri: string }[] }>("workspace/diagnostic", { previousResultIds: [] });
      assert.deepEqual(items.map((item) => item.uri).sort(), folders.map((folder) => `${folder.uri}/src/calls.ts`).sort());
    }, pullClient, { workspaceFolders: folders });
  });

  for (const encoding of ["utf-8", "utf-16", "utf-32"] as const)
    it(`stand where they stand in ${encoding}`, () =>
      withClient(workspace({ "src/calls.ts": twoCalls.replace("export const a = ", "/* 🚀é */ export const a = ") }), async (client) => {
        assert.equal(client.initialized.capabilities.positionEncoding, encoding);
        const [first] = await calls(client);
        const before = "/* 🚀é */ export const a = () => ";
        const width = { "utf-8": Buffer.byteLength(before), "utf-16": before.length, "utf-32": [...before].length }[encoding];
        assert.deepEqual(first!.range.start, { line: 1, character: width });
      }, { ...pushClient, general: { positionEncodings: [encoding] } }));
});

describe("progress", () => {
  it("is of the first reading, and ends", () =>
    withClient(shop(), async (client) => {
      await finding(client);
      client.replace(server, "45_000", "46_000");
      await client.until(server, (found) => found.some((one) => String(one.message).includes("46 s")));
      assert.deepEqual([progressOf(client).filter((one) => one === "begin").length, progressOf(client).at(-1)], [1, "end"]);
    }, { ...pushClient, window: { workDoneProgress: true } }));
});

describe("pages", () => {
  it("list services with their evidence", () =>
    withClient(shop(), async (client) => {
      const page = await client.connection.sendRequest<{ markdown: string }>("pitlint/services");
      assert.match(page.markdown, /### gateway \(gateway\)/);
      assert.match(page.markdown, /E5: pitlint\.yaml states it/);
    }));

  it("explain a rule without a network", () =>
    withClient(shop(), async (client) => {
      const page = await client.connection.sendRequest<{ markdown: string }>("pitlint/rulePage", { rule });
      assert.match(page.markdown, /^# Server timeout outlives the registry TTL\n/);
      assert.equal(await client.connection.sendRequest("pitlint/rulePage", { rule: "no/such-rule" }), null);
    }));

  it("say why a file is silent", () =>
    withClient(workspace({ "src/plain.ts": "export const x = 1;\n", "test/calls.ts": twoCalls, ".gitignore": "out\n", "out/calls.ts": twoCalls, "src/calls.ts": twoCalls }), async (client) => {
      const why = async (path: string) => (await client.connection.sendRequest<{ markdown: string }>("pitlint/silence", { uri: client.uri(path) })).markdown;
      assert.match(await why("src/plain.ts"), /mentions no library/);
      assert.match(await why("test/calls.ts"), /test code/);
      assert.match(await why("out/calls.ts"), /\.gitignore/);
      assert.match(await why("src/calls.ts"), /It is not: it shows 2 findings/);
      assert.match(await why("notes.md"), /No rule reads files of this kind/);
    }));

  it("speak the language of the editor", () =>
    withClient(shop(), async (client) => {
      const found = await finding(client);
      assert.match(String(found.message), /45 s.*30 s/);
      assert.match(String(found.message), /[\u4e00-\u9fff]/);
      const actions = await actionsAt(client, server, found.range);
      assert.ok(actions.some((one) => /[\u4e00-\u9fff]/.test(one.title)));
    }, pushClient, { locale: "zh-cn" }));
});

describe("inlay hints", () => {
  const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  it("show the time budget of a server where they are asked for", () =>
    withClient(shop(), async (client) => {
      await finding(client);
      const hints = await client.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", { ...about(client, server), range: whole });
      assert.deepEqual(hints.map((one) => one.label).filter((one) => /^45 s here/.test(String(one))).length, 1);
      assert.match(String(hints[0]!.label), /registry 30 s/);
    }, pushClient, { initializationOptions: { inlayHints: true } }));

  it("are not offered otherwise", () =>
    withClient(shop(), async (client) => assert.equal(client.initialized.capabilities.inlayHintProvider, undefined)));
});
