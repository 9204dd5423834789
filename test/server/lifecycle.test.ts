// The life cycle and the framing of the language server, byte by byte: what no client library would send. Every test ends without a finding of the checker.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { frame } from "./protocol/framing.ts";
import { startServer, type Wire } from "./protocol/wire.ts";

const position = { line: 0, character: 0 };
const here = (uri = "file:///x.ts") => ({ textDocument: { uri }, position });
const hover = (id: number | string) => ({ jsonrpc: "2.0", id, method: "textDocument/hover", params: here() });
const opened = (uri: string, text: string, version = 1) => ({ textDocument: { uri, languageId: "typescript", version, text } });

/** Runs a story against a fresh server; it must leave no finding and no process. */
async function story(run: (wire: Wire) => Promise<void>): Promise<void> {
  const wire = startServer();
  try {
    await run(wire);
    assert.deepEqual(wire.checker.findings, []);
  } finally {
    wire.process.kill("SIGKILL");
    await wire.ended();
  }
}

/** The server still answers. */
async function lives(wire: Wire): Promise<void> {
  assert.equal((await wire.request("textDocument/hover", here(), `alive-${Math.random()}`)).result, null);
}

describe("before initialize", () => {
  it("a request fails with ServerNotInitialized", () => story(async (wire) => {
    wire.wrong(hover(1));
    wire.wrong({ id: 2, method: "textDocument/diagnostic", params: { textDocument: { uri: "file:///x.ts" } } });
    wire.wrong({ id: 3, method: "shutdown" });
    const codes = [await wire.answer(1), await wire.answer(2), await wire.answer(3)].map((one) => one.error?.code);
    assert.deepEqual(codes, [-32002, -32002, -32002]);
    assert.ok((await wire.initialize()).result, "it can be initialized after that");
  }));
  it("a notification is dropped", () => story(async (wire) => {
    wire.wrong({ method: "textDocument/didOpen", params: opened("file:///x.ts", "const a = 1;") });
    wire.wrong({ method: "textDocument/didChange", params: { textDocument: { uri: "file:///x.ts", version: 2 }, contentChanges: [{ text: "" }] } });
    assert.ok((await wire.initialize()).result);
    await lives(wire);
  }));
  it("exit ends it with status 1", () => story(async (wire) => {
    wire.wrong({ method: "exit" });
    assert.equal((await wire.ended()).code, 1);
  }));
});

describe("initialize", () => {
  it("needs no root, no capabilities, no options", () => story(async (wire) => {
    const { result } = await wire.initialize({ workspaceFolders: null, initializationOptions: null });
    assert.equal(result.serverInfo.name, "pitlint");
    assert.equal(result.capabilities.diagnosticProvider, undefined, "pull is offered to those who pull only");
    assert.equal(await wire.stop(), 0);
  }));
  it("is refused the second time, and the first session goes on", () => story(async (wire) => {
    await wire.initialize();
    const again = await wire.request("initialize", { processId: null, rootUri: null, capabilities: {} });
    assert.equal(again.error?.code, -32600);
    await lives(wire);
  }));
  it("takes the first encoding that it knows of those offered", async () => {
    for (const [offered, taken] of [[undefined, "utf-16"], [["utf-8", "utf-16"], "utf-16"], [["utf-8", "utf-32"], "utf-8"], [["utf-32"], "utf-32"]] as const)
      await story(async (wire) => {
        const { result } = await wire.initialize({ capabilities: { general: offered ? { positionEncodings: offered } : {} } });
        assert.equal(result.capabilities.positionEncoding, taken);
      });
  });
});

describe("requests", () => {
  it("L4: may have ids that are text, and are answered when cancelled", () => story(async (wire) => {
    await wire.initialize();
    assert.equal((await wire.request("textDocument/hover", here(), "an id")).result, null);
    const cancelled = wire.request("textDocument/hover", here(), 77);
    wire.notify("$/cancelRequest", { id: 77 });
    wire.notify("$/cancelRequest", { id: 12_345 });
    const { error } = await cancelled;
    assert.ok(error === undefined || error.code === -32800);
    await lives(wire);
  }));
  it("of unknown methods fail with MethodNotFound, unknown notifications are ignored", () => story(async (wire) => {
    await wire.initialize();
    assert.equal((await wire.request("$/no/such")).error?.code, -32601);
    wire.wrong({ id: 900, method: "no/such", params: { a: 1 } });
    assert.equal((await wire.answer(900)).error?.code, -32601);
    wire.notify("$/no/such");
    await lives(wire);
  }));
  it("with malformed parameters fail alone", () => story(async (wire) => {
    await wire.initialize();
    const methods = ["textDocument/hover", "textDocument/definition", "textDocument/codeAction", "textDocument/diagnostic", "workspace/diagnostic", "codeAction/resolve"];
    for (const [index, method] of methods.entries()) wire.wrong({ id: 300 + index, method, params: { nonsense: true } });
    for (const [index, method] of methods.entries()) assert.ok(await wire.answer(300 + index), method);
    for (const params of [null, {}, { textDocument: {} }, { textDocument: { uri: 5 } }])
      for (const method of ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave", "workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"]) wire.wrong({ method, params });
    await lives(wire);
  }));
  it("on documents that were never opened, or are no files, find nothing", () => story(async (wire) => {
    await wire.initialize();
    wire.wrong({ method: "textDocument/didChange", params: { textDocument: { uri: "file:///never.ts", version: 2 }, contentChanges: [{ text: "x" }] } });
    wire.wrong({ method: "textDocument/didClose", params: { textDocument: { uri: "file:///never.ts" } } });
    for (const uri of ["untitled:Untitled-1", "git:/x.ts?%7B%7D", "vscode-notebook-cell:/a#b"]) {
      wire.notify("textDocument/didOpen", opened(uri, "const a = 1;"));
      assert.deepEqual((await wire.request("textDocument/codeAction", { textDocument: { uri }, range: { start: position, end: position }, context: { diagnostics: [] } })).result, []);
    }
  }));
});

describe("L2: frames", () => {
  it("may be cut into single bytes, come together, and name a type", () => story(async (wire) => {
    await wire.initialize();
    for (const byte of frame(hover(1))) wire.raw(Buffer.from([byte]), 1);
    wire.raw(Buffer.concat([frame(hover(2)), frame(hover(3))]), 2, 3);
    wire.raw(frame(hover(4), (length) => `Content-Length: ${length}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n`), 4);
    wire.raw(frame(hover(5), (length) => `content-length: ${length}\r\n\r\n`), 5);
    for (const id of [1, 2, 3, 4, 5]) assert.equal((await wire.answer(id)).result, null);
  }));
  it("count bytes, not characters", () => story(async (wire) => {
    await wire.initialize();
    wire.notify("textDocument/didOpen", opened("file:///u.ts", "const a = '🚀é漢';".repeat(50)));
    await lives(wire);
  }));
  it("whose body is no JSON are passed over", () => story(async (wire) => {
    await wire.initialize();
    wire.raw(frame('{"jsonrpc":'));
    await lives(wire);
  }));
  it("L11: that hold a list of messages are passed over, and the log quotes nothing of them", () => story(async (wire) => {
    await wire.initialize();
    const logs: string[] = [];
    wire.onMessage(({ method, params }) => void (method === "window/logMessage" && logs.push(params.message)));
    wire.raw(frame([{ jsonrpc: "2.0", method: "textDocument/didOpen", params: opened("file:///a.ts", "const secret = 1;") }]));
    await lives(wire);
    assert.equal(logs.length, 1);
    assert.doesNotMatch(logs[0]!, /secret/);
  }));
  it("may be 16 MiB long", () => story(async (wire) => {
    await wire.initialize();
    wire.notify("textDocument/didOpen", opened("file:///big.ts", "const a = 1; // filler filler filler\n".repeat(450_000)));
    await lives(wire);
  }));
  for (const length of ["-5", "99999999999", "1e3", "12 34", "NaN", "0x10", "67108865"])
    it(`of length ${length} end the server with a reason instead of wedging it`, () => story(async (wire) => {
      await wire.initialize();
      wire.raw(`Content-Length: ${length}\r\n\r\n{}`);
      wire.raw(frame(hover(1)), 1);
      assert.equal((await wire.ended()).code, 1);
      assert.match(wire.stderr, /Content-Length/);
    }));
  for (const header of ["Content-Length: 2\r\nContent-Length: 99999", "no colon\r\nContent-Length: 2", "X: a\nContent-Length: 2", "Content-Length: 2\r", "Content-Length : 2", `X: ${"x".repeat(5000)}\r\nContent-Length: 2`])
    it(`with the header ${JSON.stringify(header).slice(0, 50)} end it too: two readers may understand them differently`, () => story(async (wire) => {
      await wire.initialize();
      wire.raw(`${header}\r\n\r\n{}`);
      wire.raw(frame(hover(1)), 1);
      assert.equal((await wire.ended()).code, 1);
      assert.match(wire.stderr, /a header/);
    }));
  it("without a length end it too", () => story(async (wire) => {
    await wire.initialize();
    wire.raw("X-Nothing: 1\r\n\r\n");
    assert.equal((await wire.ended()).code, 1);
    assert.match(wire.stderr, /Content-Length/);
  }));
});

describe("L9: the end", () => {
  it("is shutdown, then nothing but exit, then status 0", () => story(async (wire) => {
    await wire.initialize();
    assert.equal((await wire.request("shutdown")).result, null);
    for (const method of ["textDocument/hover", "textDocument/definition"]) assert.equal((await wire.request(method, here())).error?.code, -32600);
    wire.notify("textDocument/didOpen", opened("file:///late.ts", "const a = 1;"));
    assert.equal((await wire.request("textDocument/hover", here())).error?.code, -32600);
    wire.notify("exit");
    assert.equal((await wire.ended()).code, 0);
  }));
  it("without shutdown is status 1", () => story(async (wire) => {
    await wire.initialize();
    wire.notify("exit");
    assert.equal((await wire.ended()).code, 1);
  }));
  it("comes with the end of its input", () => story(async (wire) => {
    await wire.initialize();
    wire.process.stdin!.end();
    assert.equal((await wire.ended()).code, 1);
  }));
  it("comes when nobody reads its answers any more", () => story(async (wire) => {
    await wire.initialize();
    wire.process.stdout!.destroy();
    for (let id = 40; id < 60; id++) wire.wrong(hover(id));
    wire.process.stdin!.end();
    assert.notEqual((await wire.ended()).code, 0);
  }));
  it("comes with the death of the process named in initialize", () => story(async (wire) => {
    const editor = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await wire.initialize({ processId: editor.pid });
    editor.kill("SIGKILL");
    assert.equal((await wire.ended()).code, 1);
  }));
});

describe("L9: a file that hangs its parser", () => {
  // Exponential in the TypeScript parser: a worker needs more than a minute for it, and is killed before.
  const hang = `import http from "node:http";\nhttp.createServer();\nfetch("http://a");\n${"async(".repeat(40)}`;

  it("delays no answer beyond the watchdog, and its shutdown is in order", () => story(async (wire) => {
    const root = shop();
    await wire.initialize({ rootUri: pathToFileURL(root).href, workspaceFolders: [{ uri: pathToFileURL(root).href, name: "shop" }] });
    wire.notify("textDocument/didOpen", opened(pathToFileURL(join(root, "gateway/src/hang.ts")).href, hang));
    await lives(wire);
    assert.equal(await wire.stop(), 0);
    rmSync(root, { recursive: true, force: true });
  }));
});

function shop(): string {
  const root = join(mkdtempSync(join(tmpdir(), "pitlint-life-")), "shop");
  cpSync(join(import.meta.dirname, "../../examples/shop"), root, { recursive: true });
  return root;
}
