// The checker sees what is wrong: each message here breaks one rule of the protocol, and a session in order breaks none.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createChecker, type Checker, type Message } from "./protocol/checker.ts";
import { deframer, frame } from "./protocol/framing.ts";
import { faultOf, offsetAt, positionAt, type Encoding } from "./protocol/text.ts";

const uri = "file:///a.ts";
const text = "const a = 1; // 🚀é\r\nconst b = 2;\n";
const range = (line: number, from: number, to: number) => ({ start: { line, character: from }, end: { line, character: to } });
const jsonrpc = "2.0";

/** A session that has opened one document. */
function session(capabilities: object = {}): Checker {
  const checker = createChecker();
  checker.take("client", { jsonrpc, id: 0, method: "initialize", params: { processId: null, rootUri: null, capabilities } });
  checker.take("server", { jsonrpc, id: 0, result: { capabilities: {} } });
  checker.take("client", { jsonrpc, method: "initialized", params: {} });
  checker.take("client", { jsonrpc, method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "typescript", version: 3, text } } });
  return checker;
}
const rules = (checker: Checker) => [...new Set(checker.findings.map((one) => one.rule))];
const server = (...messages: Message[]) => (checker: Checker) => messages.forEach((one) => checker.take("server", { jsonrpc, ...one }));
const published = (one: object, version?: number) => server({ method: "textDocument/publishDiagnostics", params: { uri, ...(version === undefined ? {} : { version }), diagnostics: [{ range: range(0, 6, 7), message: "no", ...one }] } });
const answered = (method: string, params: object, result: unknown) => (checker: Checker) => {
  checker.take("client", { jsonrpc, id: 7, method, params });
  checker.take("server", { jsonrpc, id: 7, result });
};
const action = (one: object, only?: string[]) => answered("textDocument/codeAction", { textDocument: { uri }, range: range(0, 0, 1), context: { diagnostics: [], ...(only ? { only } : {}) } }, [{ title: "Fix", kind: "quickfix", ...one }]);
const edit = (version: number | null, ...edits: object[]) => ({ edit: { documentChanges: [{ textDocument: { uri, version }, edits }] } });
const able = { workspace: { workspaceEdit: { documentChanges: true } }, textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } }, publishDiagnostics: { versionSupport: true } } };

const faults: readonly [rule: string, fault: (checker: Checker) => void, capabilities?: object][] = [
  ["schema-params", published({ severity: 7 })],
  ["schema-params", published({ code: {} })],
  ["schema-result", answered("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } }, { content: "x" })],
  ["diagnostics-fit-no-text", published({ range: range(0, 6, 99) })],
  ["diagnostics-fit-no-text", published({ range: range(0, 16, 17) })],
  ["diagnostics-fit-no-text", published({ range: range(9, 0, 0) })],
  ["diagnostics-for-future-version", published({}, 4), able],
  ["capability-publishDiagnostics-version", published({}, 3)],
  ["capability-diagnostic-data", published({ data: 1 })],
  ["capability-diagnostic-tags", published({ tags: [1] })],
  ["capability-diagnostic-codeDescription", published({ code: "a", codeDescription: { href: "https://a" } })],
  ["capability-diagnostic-relatedInformation", published({ relatedInformation: [] })],
  ["empty-diagnostic-message", published({ message: "" })],
  ["jsonrpc-not-2.0", (checker) => checker.take("server", { method: "window/logMessage", params: { type: 3, message: "x" } })],
  ["unknown-method", server({ method: "made/up", params: {} })],
  ["wrong-direction", server({ method: "textDocument/didSave", params: { textDocument: { uri } } })],
  ["request-without-id", server({ method: "workspace/configuration", params: { items: [] } }), { workspace: { configuration: true } }],
  ["client-did-not-declare", server({ id: 1, method: "workspace/configuration", params: { items: [] } })],
  ["capability-dynamicRegistration", server({ id: 1, method: "client/registerCapability", params: { registrations: [{ id: "1", method: "workspace/didChangeWatchedFiles" }] } })],
  ["duplicate-request-id", server({ id: 1, method: "workspace/diagnostic/refresh" }, { id: 1, method: "workspace/diagnostic/refresh" }), { workspace: { diagnostics: { refreshSupport: true } } }],
  ["response-to-unknown-id", server({ id: 99, result: null })],
  ["neither-or-both-of-result-and-error", (checker) => (checker.take("client", { jsonrpc, id: 5, method: "textDocument/hover", params: { textDocument: { uri }, position: { line: 0, character: 0 } } }), checker.take("server", { jsonrpc, id: 5, result: null, error: { code: 1, message: "x" } }))],
  ["internal-error-response", (checker) => (checker.take("client", { jsonrpc, id: 5, method: "textDocument/hover", params: { textDocument: { uri }, position: { line: 0, character: 0 } } }), checker.take("server", { jsonrpc, id: 5, error: { code: -32603, message: "x" } }))],
  ["capability-codeActionLiteral", action({ edit: {} })],
  ["capability-documentChanges", action(edit(3)), { textDocument: able.textDocument }],
  ["capability-isPreferred", action({ isPreferred: true, edit: {} }), able],
  ["codeAction-kind-not-asked-for", action({ edit: {} }, ["source"]), able],
  ["codeAction-does-nothing", action({}), able],
  ["edit-for-wrong-version", action(edit(2, { range: range(0, 0, 1), newText: "" })), able],
  ["unversioned-edit-of-open-document", action(edit(null)), able],
  ["overlapping-edits", action(edit(3, { range: range(0, 0, 5), newText: "" }, { range: range(0, 4, 6), newText: "" })), able],
  ["position-inside-a-character", action(edit(3, { range: range(0, 17, 18), newText: "" })), able],
  ["unknown-annotation", action(edit(3, { range: range(0, 0, 1), newText: "", annotationId: "x" })), able],
  ["progress-never-ended", (checker) => (server({ method: "$/progress", params: { token: 1, value: { kind: "begin", title: "x" } } })(checker), answered("shutdown", undefined!, null)(checker))],
  ["message-after-shutdown", (checker) => (answered("shutdown", undefined!, null)(checker), published({})(checker))],
  ["exit-status", (checker) => (answered("shutdown", undefined!, null)(checker), checker.take("client", { jsonrpc, method: "exit" }), checker.ended(1))],
  ["request-never-answered", (checker) => (checker.take("client", { jsonrpc, id: 5, method: "textDocument/hover", params: { textDocument: { uri }, position: { line: 0, character: 0 } } }), checker.ended(0))],
  ["bytes-outside-frames", (checker) => deframer(() => {}, (bytes) => checker.stray("server", bytes))(Buffer.concat([Buffer.from("debug\n"), frame({ jsonrpc })]))],
];

describe("L12: the checker", () => {
  for (const [index, [rule, fault, capabilities]] of faults.entries())
    it(`sees ${rule} (${index + 1})`, () => {
      const checker = session(capabilities);
      fault(checker);
      assert.deepEqual(rules(checker), [rule], JSON.stringify(checker.findings));
    });

  it("sees a server that speaks too early", () => {
    const checker = createChecker();
    published({})(checker);
    assert.deepEqual(rules(checker), ["message-before-initialize-response"]);
  });

  it("sees an encoding that nobody offered", () => {
    const checker = createChecker();
    checker.take("client", { jsonrpc, id: 0, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    checker.take("server", { jsonrpc, id: 0, result: { capabilities: { positionEncoding: "utf-8" } } });
    assert.deepEqual(rules(checker), ["position-encoding-not-offered"]);
  });

  it("lets diagnostics be about the version that they name, when the client has typed on", () => {
    const checker = session(able);
    checker.take("client", { jsonrpc, method: "textDocument/didChange", params: { textDocument: { uri, version: 4 }, contentChanges: [{ text: "" }] } });
    published({}, 3)(checker);
    assert.deepEqual(rules(checker), []);
    published({}, 4)(checker);
    assert.deepEqual(rules(checker), ["diagnostics-fit-no-text"]);
  });

  it("has nothing to say about a session in order", () => {
    const checker = session(able);
    published({}, 3)(checker);
    action(edit(3, { range: range(0, 0, 5), newText: "let" }, { range: range(0, 5, 6), newText: "" }))(checker);
    answered("shutdown", undefined!, null)(checker);
    checker.take("client", { jsonrpc, method: "exit" });
    checker.ended(0);
    assert.deepEqual(checker.findings, []);
  });
});

describe("positions", () => {
  const widths: Record<Encoding, number> = { "utf-8": 6, "utf-16": 3, "utf-32": 2 };
  for (const encoding of ["utf-8", "utf-16", "utf-32"] as const)
    it(`come back from ${encoding}`, () => {
      const sample = "a🚀é\r\nb\rc\u2028d\n";
      for (const at of [0, 1, 3, 4, 6, 7, 8, 11, 12]) assert.equal(offsetAt(sample, positionAt(sample, at, encoding), encoding), at);
      assert.deepEqual(positionAt(sample, 4, encoding), { line: 0, character: widths[encoding] + 1 });
      assert.deepEqual(positionAt(sample, 12, encoding).line, 3);
      assert.equal(faultOf(sample, { start: { line: 0, character: 0 }, end: { line: 0, character: 99 } }, encoding), "position-past-end-of-line");
    });
});
