// Streams that no editor should send: damaged frames, damaged JSON, damaged JSON-RPC. Seeded.

import { frame } from "./framing.ts";
import type { Random } from "./edits.ts";

export interface Damage {
  readonly what: string;
  /** Chunks in the order they are written. */
  readonly chunks: readonly Buffer[];
  /** Frames are whole and hold what they say: the server has to go on. Otherwise it may end, with a reason. */
  readonly framed: boolean;
}

const uri = "file:///é漢🚀.ts";
const hover = (id: unknown) => ({ jsonrpc: "2.0", id, method: "textDocument/hover", params: { textDocument: { uri }, position: { line: 0, character: 0 } } });
const opened = { jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "typescript", version: 1, text: 'const a = "🚀é漢";\n' } } };

const lengths = ["-5", "99999999999", "1e3", "12 34", "NaN", "0x10", "67108865", "", " ", "+5", "5;5", "5,5", "\u00a05", "Infinity", "1.5", "-0", "9".repeat(400), "5\0", "null"];
/** Headers around a body of this length. */
const headers: readonly ((length: number) => string)[] = [
  (length) => `Content-Length: ${length}\n\n`, (length) => `Content-Length: ${length}\r\r`, (length) => `Content-Length: ${length}\r\r\n\r\n`, (length) => `Content-Length ${length}\r\n\r\n`,
  (length) => `Content-Length : ${length}\r\n\r\n`, (length) => ` Content-Length: ${length}\r\n\r\n`, (length) => `no colon\r\nContent-Length: ${length}\r\n\r\n`, (length) => `X: a\nContent-Length: ${length}\r\n\r\n`,
  (length) => `X: a\u2028Content-Length: ${length}\r\n\r\n`, (length) => `Content-Length: ${length}\r\nContent-Length: 99999\r\n\r\n`, (length) => `Content-Length: 99999\r\nContent-Length: ${length}\r\n\r\n`,
  (length) => `Content-Length: ${length}\r\nContent-Length: -1\r\n\r\n`, (length) => `Content-Length: ${length}\r\n: x\r\n\r\n`, (length) => `\r\nContent-Length: ${length}\r\n\r\n`, (length) => `X: ${"x".repeat(5000)}\r\nContent-Length: ${length}\r\n\r\n`,
  (length) => `Content-Length: ${length}\r\nX: a\r\n b\r\n\r\n`, (length) => `X: 1\r\n\r\nContent-Length: ${length}\r\n\r\n`, (length) => `\ufeffContent-Length: ${length}\r\n\r\n`, (length) => `Content-Length:\r\n ${length}\r\n\r\n`,
];
/** Headers that the protocol allows. */
const fair: readonly ((length: number) => string)[] = [
  (length) => `content-length: ${length}\r\n\r\n`, (length) => `CONTENT-LENGTH:${length}\r\n\r\n`, (length) => `Content-Length:   0${length}  \r\n\r\n`,
  (length) => `Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: ${length}\r\n\r\n`, (length) => `X-Other: é:1\r\nContent-Length: ${length}\r\n\r\n`,
];
/** Bodies that are no JSON-RPC, and some that nearly are. */
const bodies: readonly unknown[] = [
  "", " ", "null", "5", '"x"', "true", "[]", "{}", "{", "[1,", '{"jsonrpc":', "NaN", "\ufeff{}", "\0", "undefined", '{"__proto__":{"method":"x"}}', `${"[".repeat(5_000)}${"]".repeat(5_000)}`, `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`,
  '{"jsonrpc":"2.0","id":NaN,"method":"textDocument/hover"}', '{"jsonrpc":"2.0","id":1e999,"method":"textDocument/hover","params":{}}', "[".repeat(20_000),
  [hover(1), hover(2)], [opened], [[]], hover(null), hover(undefined), hover(1.5), hover(-1), hover(2 ** 53), hover({}), hover([]), hover(true), hover(""), hover("x".repeat(10_000)), hover("__proto__"), hover("constructor"),
  { ...hover(7), jsonrpc: undefined }, { ...hover(7), jsonrpc: "1.0" }, { ...hover(7), jsonrpc: 2 }, { ...hover(7), method: 5 }, { ...hover(7), method: null }, { ...hover(7), method: "" }, { ...hover(7), method: "__proto__" }, { ...hover(7), method: "toString" },
  { ...hover(7), params: "x" }, { ...hover(7), params: 5 }, { ...hover(7), params: null }, { ...hover(7), params: [] }, { ...hover(7), params: [[], {}] }, { ...hover(7), params: { textDocument: null } }, { ...hover(7), params: { textDocument: { uri: "%%%" }, position: null } },
  { ...hover(7), result: null }, { ...hover(7), error: {} }, { jsonrpc: "2.0", id: 7 }, { jsonrpc: "2.0", id: 7, result: 1 }, { jsonrpc: "2.0", id: null, error: { code: 1, message: "x" } }, { jsonrpc: "2.0", id: 0, error: null },
  { jsonrpc: "2.0", id: 7, result: 1, error: { code: 1, message: "x" } }, { jsonrpc: "2.0", id: [], result: 1 }, { jsonrpc: "2.0", method: "$/cancelRequest" }, { jsonrpc: "2.0", method: "$/cancelRequest", params: null }, { jsonrpc: "2.0", method: "$/cancelRequest", params: { id: {} } },
  { jsonrpc: "2.0", method: "$/cancelRequest", params: [1] }, { jsonrpc: "2.0", method: "$/progress", params: ["x", 1] }, { jsonrpc: "2.0", method: "$/setTrace", params: { value: "nonsense" } }, { jsonrpc: "2.0", method: "$/setTrace" }, { jsonrpc: "2.0", id: 7, method: "initialize" },
  { jsonrpc: "2.0", id: 7, method: "workspace/executeCommand", params: { command: 5, arguments: 5 } }, { jsonrpc: "2.0", id: 7, method: "workspace/executeCommand", params: { command: "no/such" } }, { jsonrpc: "2.0", id: 7, method: "codeAction/resolve", params: { title: 1, data: 5 } },
  ...["didOpen", "didChange", "didClose", "didSave"].flatMap((method) => [undefined, null, [], 5, {}, { textDocument: null }, { textDocument: { uri: 5, version: "x", text: 5 }, contentChanges: 5 }, { textDocument: { uri, version: 2 }, contentChanges: [null, {}, { range: null }, { range: {}, text: 5 }] }].map((params) => ({ jsonrpc: "2.0", method: `textDocument/${method}`, params }))),
  ...["didChangeWatchedFiles", "didChangeWorkspaceFolders", "didChangeConfiguration"].flatMap((method) => [null, {}, { changes: [null] }, { changes: [{ uri: 5, type: "x" }] }, { event: null }, { event: { added: [null], removed: [{ uri: 5 }] } }, { event: { added: [{ uri: "file:///no/such/folder", name: "x" }], removed: [] } }].map((params) => ({ jsonrpc: "2.0", method: `workspace/${method}`, params }))),
];

const kinds: readonly ((random: Random) => Damage)[] = [
  (random) => {
    const length = random.pick(lengths);
    return { what: `length ${length.slice(0, 20)}`, chunks: [Buffer.from(`Content-Length: ${length}\r\n\r\n{}`)], framed: false };
  },
  (random) => {
    const by = (1 + random.below(3000)) * (random.chance(0.5) ? 1 : -1);
    return { what: `length off by ${by}`, chunks: [frame(hover(1), (length) => `Content-Length: ${Math.max(0, length + by)}\r\n\r\n`)], framed: false };
  },
  (random) => {
    const header = random.pick(headers);
    return { what: `header ${JSON.stringify(header(1)).slice(0, 60)}`, chunks: [frame(hover(1), header)], framed: false };
  },
  (random) => {
    const header = random.pick(fair);
    return { what: `fair header ${JSON.stringify(header(1))}`, chunks: [frame(hover(1), header)], framed: true };
  },
  (random) => bodied(random.pick(bodies)),
  (random) => bodied(random.pick(bodies)),
  (random) => bodied(random.pick(bodies)),
  () => ({ what: "chunks of one byte", chunks: [...Buffer.concat([frame(hover(1)), frame(opened)])].map((byte) => Buffer.from([byte])), framed: true }),
  (random) => {
    const bytes = Buffer.concat([frame(opened), frame(hover(2)), frame(hover(2))]);
    const cut = 1 + random.below(bytes.length - 1);
    return { what: `messages cut at ${cut}`, chunks: [bytes.subarray(0, cut), bytes.subarray(cut)], framed: true };
  },
  (random) => {
    const body = Buffer.from(JSON.stringify(opened));
    for (let count = 1 + random.below(4); count > 0; count--) body[random.below(body.length)] = 0x80 + random.below(0x80);
    return { what: `body that is no UTF-8 ${body.toString("latin1").slice(0, 40)}`, chunks: [Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])], framed: true };
  },
  (random) => {
    let bytes: Buffer = Buffer.concat([frame(hover(3)), frame(opened), frame(hover("é")), frame({ jsonrpc: "2.0", method: "textDocument/didClose", params: { textDocument: { uri } } }), frame(hover(4))]);
    for (let count = 1 + random.below(3); count > 0; count--) {
      const [from, to] = [random.below(bytes.length), random.below(bytes.length)].sort((a, b) => a - b) as [number, number];
      const some = bytes.subarray(from, Math.min(to, from + 40));
      bytes = random.pick([
        () => Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + some.length)]),
        () => Buffer.concat([bytes.subarray(0, to), some, bytes.subarray(to)]),
        () => bytes.map((byte, at) => (at === from ? byte ^ (1 << random.below(8)) : byte)) as Buffer,
        () => Buffer.concat([bytes.subarray(0, from), noise(random, 1 + random.below(30)), bytes.subarray(from)]),
      ])();
    }
    return { what: `damaged stream ${bytes.toString("latin1").slice(0, 60)}`, chunks: [Buffer.from(bytes)], framed: false };
  },
  (random) => ({ what: "noise", chunks: [noise(random, 1 + random.below(6000))], framed: false }),
];

/** The next damage of a seed. */
export function damage(random: Random): Damage {
  return random.pick(kinds)(random);
}

function bodied(body: unknown): Damage {
  return { what: `body ${(typeof body === "string" ? body : JSON.stringify(body)).slice(0, 120)}`, chunks: [frame(body)], framed: true };
}

const noise = (random: Random, size: number) => Buffer.from(Array.from({ length: size }, () => random.below(256)));
