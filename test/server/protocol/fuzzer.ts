// A random editor. After every step the diagnostics that the server has given so far must equal those of a fresh run over the same texts.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { rulesOf } from "../../../engine/analyse.ts";
import { parseExample } from "../../../engine/example.ts";
import { packs } from "../../../rules/packs/index.ts";
import { freshDiagnostics, freshRuns, lineOf, type Line } from "./fresh.ts";
import { randomEdit, seeded, type Random } from "./edits.ts";
import { positionAt, type Encoding } from "./text.ts";
import { startServer, type Wire } from "./wire.ts";

export interface FuzzReport {
  readonly steps: number;
  /** Steps after which a worker had been killed for its time: the machine was too busy to tell. */
  readonly inconclusive: number;
  /** Diagnostics seen over all steps. */
  readonly diagnostics: number;
  readonly messages: number;
}

const base = ["pitlint.yaml", "consul/gateway.yaml", "gateway/package.json", "gateway/src/config.ts", "gateway/src/registration.ts", "gateway/src/server.ts", "k8s/gateway.yaml"];
const shop = join(import.meta.dirname, "../../../examples/shop");

/** Runs one seed. Even seeds pull diagnostics, odd ones have them pushed; the encoding goes round. Throws with what is needed to repeat the step. */
export async function fuzz(seed: number, steps: number): Promise<FuzzReport> {
  const random = seeded(seed);
  const root = mkdtempSync(join(tmpdir(), `pitlint-fuzz-${seed}-`));
  const disk = workspaceOf(random);
  for (const [path, text] of disk) write(root, path, text);
  const encoding = (["utf-16", "utf-8", "utf-32"] as const)[seed % 3]!;
  const editor = await RandomEditor.start({ root, disk, random, encoding, pull: seed % 2 === 0 });
  try {
    const counted = await run(editor, seed, steps);
    rmSync(root, { recursive: true, force: true });
    return counted;
  } finally {
    editor.wire.process.kill("SIGKILL");
  }
}

async function run(editor: RandomEditor, seed: number, steps: number): Promise<FuzzReport> {
  const { wire, encoding } = editor;
  let diagnostics = 0;
  let inconclusive = 0;
  const freshly = freshRuns();
  for (let step = 0; step < steps; step++) {
    const what = step === 0 ? "start" : await editor.step();
    const seen = await editor.seen();
    const fresh = freshly(editor.texts(), encoding, editor.uriOf);
    if (killed(seen)) inconclusive++;
    else same(seen, fresh, () => `seed ${seed}, step ${step} of ${steps} (${what}), ${encoding}; texts in ${editor.keep()}; again with PITLINT_FUZZ=${seed}:1x${steps}`);
    diagnostics += [...fresh.values()].reduce((sum, one) => sum + one.length, 0);
    assert.deepEqual(wire.checker.findings, [], `protocol, seed ${seed}, step ${step} (${what})`);
  }
  await editor.reopened(seed);
  assert.equal(await wire.stop(), 0);
  assert.deepEqual(wire.checker.findings, []);
  const { client, server } = wire.checker.counts;
  return { steps, inconclusive, diagnostics, messages: client + server };
}

/** A part of the example system, beside bad examples of some rules. */
export function workspaceOf(random: Random): Map<string, string> {
  const files = new Map(base.map((path) => [path, readFileSync(join(shop, path), "utf8")]));
  const rules = rulesOf(packs);
  for (let count = 0; count < 3; count++) {
    const example = random.pick(rules).examples.find((one) => "bad" in one)!;
    for (const { path, text } of parseExample((example as { bad: string }).bad).files) files.set(`extra${count}/${path}`, text);
  }
  return files;
}

class RandomEditor {
  readonly wire: Wire;
  readonly uriOf: (path: string) => string;
  private readonly root: string;
  private readonly random: Random;
  readonly encoding: Encoding;
  private readonly pull: boolean;
  private readonly disk: Map<string, string>;
  private readonly originals: ReadonlyMap<string, string>;
  private readonly open = new Map<string, { version: number; text: string }>();
  private readonly shown = new Map<string, { id: string; lines: Line[] }>();
  private version = 0;

  private constructor(wire: Wire, { root, random, encoding, pull, disk }: { root: string; random: Random; encoding: Encoding; pull: boolean; disk: Map<string, string> }) {
    this.wire = wire;
    this.root = root;
    this.random = random;
    this.encoding = encoding;
    this.pull = pull;
    this.disk = disk;
    this.originals = new Map(disk);
    this.uriOf = (path) => pathToFileURL(join(root, path)).href;
    wire.onMessage(({ method, params }) => {
      if (method !== "textDocument/publishDiagnostics") return;
      assert.equal(pull, false, "who pulls gets nothing pushed");
      this.shown.set(params.uri, { id: "", lines: params.diagnostics.map(lineOf).sort() });
    });
  }

  static async start(options: { root: string; random: Random; encoding: Encoding; pull: boolean; disk: Map<string, string> }): Promise<RandomEditor> {
    const editor = new RandomEditor(startServer(), options);
    const uri = pathToFileURL(options.root).href;
    const { result } = await editor.wire.initialize({
      rootUri: uri, workspaceFolders: [{ uri, name: "fuzz" }],
      capabilities: {
        general: { positionEncodings: [options.encoding] },
        window: { workDoneProgress: true },
        workspace: { workspaceFolders: true, workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} }, didChangeWatchedFiles: { dynamicRegistration: true }, diagnostics: { refreshSupport: true } },
        textDocument: {
          publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true, dataSupport: true },
          ...(options.pull ? { diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true } } : {}),
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source", "source.fixAll"] } }, isPreferredSupport: true, dataSupport: true, resolveSupport: { properties: ["edit"] } },
        },
      },
    });
    assert.equal(result.capabilities.positionEncoding, options.encoding);
    return editor;
  }

  /** Texts as an analysis must see them: what is open over what the disk has. */
  texts(): Map<string, string> {
    return new Map([...this.disk, ...[...this.open].map(([path, { text }]) => [path, text] as const)]);
  }

  /** Does one thing and says what. */
  async step(): Promise<string> {
    const path = this.random.pick([...this.originals.keys()]);
    const kind = this.random.below(100);
    if (kind < 5) return this.changeDisk(path);
    if (!this.open.has(path)) return this.openFile(path);
    if (kind < 10) return this.closeFile(path);
    if (kind < 20) return await this.ask(path);
    // Typing comes in bursts, now and then faster than anybody asks.
    const burst = this.random.chance(0.2) ? 1 + this.random.below(4) : 1;
    for (let count = 0; count < burst; count++) this.edit(path);
    return `edit ${path}`;
  }

  private edit(path: string): void {
    const document = this.open.get(path)!;
    const { changes, text } = randomEdit(this.random, document.text, this.originals.get(path)!, this.encoding);
    if (changes.length === 0) return;
    document.version = this.version += 1 + this.random.below(3);
    document.text = text;
    this.wire.notify("textDocument/didChange", { textDocument: { uri: this.uriOf(path), version: document.version }, contentChanges: changes });
  }

  private openFile(path: string): string {
    const text = this.disk.get(path) ?? this.originals.get(path)!;
    this.open.set(path, { version: ++this.version, text });
    this.wire.notify("textDocument/didOpen", { textDocument: { uri: this.uriOf(path), languageId: path.endsWith(".ts") ? "typescript" : path.endsWith(".json") ? "json" : "yaml", version: this.version, text } });
    return `open ${path}`;
  }

  private closeFile(path: string): string {
    this.open.delete(path);
    this.wire.notify("textDocument/didClose", { textDocument: { uri: this.uriOf(path) } });
    return `close ${path}`;
  }

  /** Another program writes, deletes or makes a file. */
  private changeDisk(path: string): string {
    const before = this.disk.get(path);
    const type = before === undefined ? 1 : this.random.chance(0.2) ? 3 : 2;
    if (type === 3) {
      this.disk.delete(path);
      rmSync(join(this.root, path));
    } else {
      const { text } = randomEdit(this.random, before ?? this.originals.get(path)!, this.originals.get(path)!, "utf-16");
      // What a decoder may change is not what this test is about.
      this.disk.set(path, text.replaceAll("\ufeff", "").replaceAll("\0", ""));
      write(this.root, path, this.disk.get(path)!);
    }
    this.wire.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: this.uriOf(path), type }] });
    return `${type === 3 ? "delete" : "write"} ${path}`;
  }

  /** Everything that can be asked about a place; the checker judges the answers. */
  private async ask(path: string): Promise<string> {
    const { text } = this.open.get(path)!;
    const [a, b] = [this.random.below(text.length + 1), this.random.below(text.length + 1)].sort((one, other) => one - other) as [number, number];
    const textDocument = { uri: this.uriOf(path) };
    const position = positionAt(text, a, this.encoding);
    const range = { start: position, end: positionAt(text, b, this.encoding) };
    const [actions, ...others] = await Promise.all([
      this.wire.request("textDocument/codeAction", { textDocument, range, context: { diagnostics: [], ...this.random.pick([{}, { only: ["quickfix"] }, { only: ["source.fixAll"] }]) } }),
      this.wire.request("textDocument/hover", { textDocument, position }),
      this.wire.request("textDocument/definition", { textDocument, position }),
    ]);
    const resolved = await Promise.all((actions!.result as { data?: unknown }[]).filter((one) => one.data).slice(0, 3).map((one) => this.wire.request("codeAction/resolve", one)));
    for (const { error } of [actions!, ...others, ...resolved]) assert.equal(error, undefined);
    return `ask ${path}`;
  }

  /** What the editor shows once the server has come to rest. */
  async seen(): Promise<Map<string, Line[]>> {
    if (this.pull) {
      const { result } = await this.wire.request("workspace/diagnostic", { identifier: "pitlint", previousResultIds: [...this.shown].map(([uri, { id }]) => ({ uri, value: id })) });
      for (const one of result.items) {
        if (one.kind === "full") this.shown.set(one.uri, { id: one.resultId ?? "", lines: one.items.map(lineOf).sort() });
        else assert.equal(this.shown.get(one.uri)?.id, one.resultId, "unchanged is said of the result that was named");
      }
    } else {
      // Fixes of a whole file are computed from a workspace at rest; what was pushed until then comes first.
      await this.wire.request("textDocument/codeAction", { textDocument: { uri: this.uriOf("gateway/src/server.ts") }, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, context: { diagnostics: [], only: ["source.fixAll"] } });
    }
    return new Map([...this.shown].filter(([, { lines }]) => lines.length > 0).map(([uri, { lines }]) => [uri, lines]));
  }

  /** The last texts on disk, read by a server that has seen nothing else. */
  async reopened(seed: number): Promise<void> {
    const texts = this.texts();
    // A byte order mark and what is no text are the reader's business, not the editor's.
    if ([...texts.values()].some((text) => text.includes("\ufeff") || text.includes("\0"))) return;
    const root = mkdtempSync(join(tmpdir(), `pitlint-fresh-${seed}-`));
    for (const [path, text] of texts) write(root, path, text);
    const other = await RandomEditor.start({ root, random: this.random, encoding: this.encoding, pull: true, disk: texts });
    const seen = await other.seen();
    try {
      if (!killed(seen)) same(seen, freshDiagnostics(texts, this.encoding, other.uriOf), () => `seed ${seed}: a fresh server on the last texts; ${root}`);
      assert.equal(await other.wire.stop(), 0);
    } finally {
      other.wire.process.kill("SIGKILL");
    }
    assert.deepEqual(other.wire.checker.findings, []);
    rmSync(root, { recursive: true, force: true });
  }

  /** Writes the texts of the moment beside those of the start. */
  keep(): string {
    const folder = `${this.root}-failed`;
    if (existsSync(this.root)) cpSync(this.root, folder, { recursive: true });
    for (const [path, text] of this.texts()) write(folder, path, text);
    return folder;
  }
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const killed = (seen: ReadonlyMap<string, readonly Line[]>) => [...seen.values()].some((lines) => lines.some((line) => JSON.parse(line)[2] === "timeout"));

/** Fails with the lines of the files that differ. */
function same(seen: ReadonlyMap<string, Line[]>, fresh: ReadonlyMap<string, Line[]>, where: () => string): void {
  const differ = [...new Set([...seen.keys(), ...fresh.keys()])].filter((uri) => JSON.stringify(seen.get(uri)) !== JSON.stringify(fresh.get(uri))).sort();
  const of = (map: ReadonlyMap<string, Line[]>) => differ.map((uri) => [uri, map.get(uri) ?? []]);
  if (differ.length > 0) assert.deepEqual(of(seen), of(fresh), where());
}
