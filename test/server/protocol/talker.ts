// An editor that never waits: every message that an editor may send, in any order, many under way at once. Each request is answered, and no answer is an error.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { rulesOf } from "../../../engine/analyse.ts";
import { packs } from "../../../rules/packs/index.ts";
import { randomEdit, seeded, type Random } from "./edits.ts";
import { workspaceOf } from "./fuzzer.ts";
import { positionAt, type Encoding, type Range } from "./text.ts";
import { startServer, type Wire } from "./wire.ts";

export interface Talk {
  /** Messages that were sent, and that came. */
  readonly client: number;
  readonly server: number;
  /** How often each request and notification was sent. */
  readonly sent: ReadonlyMap<string, number>;
  readonly cancelled: number;
  /** Answers that are errors and need not be; with what to repeat them. */
  readonly faults: readonly string[];
}

/** Requests under way at a time. */
const depth = 60;

/** Documents that are open at a time. */
const desk = 5;

/** Talks to a server of its own until so many messages are sent. Throws when an answer stays out or the server ends. */
export async function talk(seed: number, messages: number): Promise<Talk> {
  const talker = new Talker(seed);
  try {
    return await talker.run(messages);
  } finally {
    talker.wire.process.kill("SIGKILL");
    rmSync(talker.root, { recursive: true, force: true });
  }
}

class Talker {
  readonly wire: Wire = startServer();
  readonly root: string;
  private readonly random: Random;
  private readonly encoding: Encoding;
  private readonly files: ReadonlyMap<string, string>;
  private readonly open = new Map<string, { version: number; text: string }>();
  private readonly sent = new Map<string, number>();
  private readonly pending = new Map<number, Promise<void>>();
  private readonly cancelled = new Set<number>();
  private readonly faults: string[] = [];
  private readonly seed: number;
  private readonly rules = rulesOf(packs).map((one) => one.id);
  private version = 0;
  private id = 1000;
  private results: { uri: string; value: string }[] = [];
  private second = false;

  constructor(seed: number) {
    this.seed = seed;
    this.random = seeded(seed);
    this.encoding = this.random.pick(["utf-16", "utf-8", "utf-32"]);
    this.root = mkdtempSync(join(tmpdir(), `pitlint-talk-${seed}-`));
    this.files = workspaceOf(this.random);
    for (const [path, text] of this.files) this.write(path, text);
  }

  async run(messages: number): Promise<Talk> {
    const { random, wire } = this;
    const yes = () => random.chance(0.7);
    const uri = pathToFileURL(this.root).href;
    await wire.initialize({
      rootUri: uri, workspaceFolders: [{ uri, name: "talk" }], locale: random.pick(["en", "zh-cn", "de"]),
      initializationOptions: { inlayHints: yes(), ...(yes() ? { profile: random.pick(["recommended", "strict"]) } : {}) },
      capabilities: {
        general: { positionEncodings: [this.encoding] },
        window: { workDoneProgress: yes(), showDocument: { support: yes() } },
        workspace: {
          workspaceFolders: true, workspaceEdit: { documentChanges: yes(), changeAnnotationSupport: {}, snippetEditSupport: yes() }, applyEdit: yes(),
          didChangeWatchedFiles: { dynamicRegistration: yes() }, diagnostics: { refreshSupport: yes() }, inlayHint: { refreshSupport: yes() },
        },
        textDocument: {
          publishDiagnostics: { relatedInformation: yes(), versionSupport: yes(), codeDescriptionSupport: yes(), dataSupport: yes() },
          ...(yes() ? { diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true } } : {}),
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source", "source.fixAll"] } }, isPreferredSupport: yes(), dataSupport: true, ...(yes() ? { resolveSupport: { properties: ["edit"] } } : {}) },
        },
      },
    });
    while (wire.checker.counts.client < messages) {
      this.step();
      if (this.pending.size >= depth) await this.drained();
    }
    await this.drained();
    if ((await wire.stop()) !== 0) this.faults.push("the server did not end with 0");
    for (const one of wire.checker.findings) this.faults.push(JSON.stringify(one));
    const { client, server } = wire.checker.counts;
    return { client, server, sent: this.sent, cancelled: this.cancelled.size, faults: this.faults.map((one) => `seed ${this.seed}: ${one}`) };
  }

  private async drained(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending.values());
  }

  private step(): void {
    const { random } = this;
    const path = random.pick([...(this.open.size > 0 && random.chance(0.85) ? this.open : this.files).keys()]);
    const kind = random.below(1000);
    if (kind < 2) this.refolder();
    else if (kind < 6) this.rewrite(path);
    else if (kind < 9) this.notify("$/setTrace", { value: "off" });
    else if (kind < 12) this.notify("workspace/didChangeConfiguration", { settings: null });
    else if (!this.open.has(path)) this.openOne(path);
    else if (kind < 60) this.close(path);
    else if (kind < 90) this.notify("textDocument/didSave", { textDocument: this.document(path) });
    else if (kind < 420) this.type(path);
    else this.ask(path, kind);
  }

  private openOne(path: string): void {
    if (this.open.size >= desk) return this.random.chance(0.1) ? this.close(this.random.pick([...this.open.keys()])) : this.type(this.random.pick([...this.open.keys()]));
    const text = this.files.get(path)!;
    this.open.set(path, { version: ++this.version, text });
    this.notify("textDocument/didOpen", { textDocument: { ...this.document(path), languageId: path.endsWith(".ts") ? "typescript" : path.endsWith(".json") ? "json" : "yaml", version: this.version, text } });
  }

  private close(path: string): void {
    this.open.delete(path);
    this.notify("textDocument/didClose", { textDocument: this.document(path) });
  }

  private type(path: string): void {
    const document = this.open.get(path)!;
    // A text that only grows is no text that anybody has.
    const { changes, text } = document.text.length > 20_000 ? { changes: [{ text: this.files.get(path)! }], text: this.files.get(path)! } : randomEdit(this.random, document.text, this.files.get(path)!, this.encoding);
    if (changes.length === 0) return;
    this.open.set(path, { version: (this.version += 1 + this.random.below(3)), text });
    this.notify("textDocument/didChange", { textDocument: { ...this.document(path), version: this.version }, contentChanges: changes });
  }

  /** Another program writes or deletes a file. */
  private rewrite(path: string): void {
    const gone = this.random.chance(0.2);
    if (gone) rmSync(join(this.root, path), { force: true });
    else this.write(path, randomEdit(this.random, this.files.get(path)!, this.files.get(path)!, "utf-16").text);
    this.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: this.document(path).uri, type: gone ? 3 : this.random.pick([1, 2]) }] });
  }

  /** A folder within the folder comes or goes. */
  private refolder(): void {
    const folder = { uri: pathToFileURL(join(this.root, "gateway")).href, name: "gateway" };
    this.second = !this.second;
    this.notify("workspace/didChangeWorkspaceFolders", { event: this.second ? { added: [folder], removed: [] } : { added: [], removed: [folder] } });
  }

  private ask(path: string, kind: number): void {
    const { random } = this;
    const { text } = this.open.get(path)!;
    const textDocument = this.document(path);
    const [a, b] = [random.below(text.length + 1), random.below(text.length + 1)].sort((one, other) => one - other) as [number, number];
    const position = positionAt(text, a, this.encoding);
    // Where somebody asks for the whole document there is most to answer.
    const range: Range = random.chance(0.3) ? { start: { line: 0, character: 0 }, end: positionAt(text, text.length, this.encoding) } : { start: position, end: positionAt(text, b, this.encoding) };
    if (kind < 550) this.request("textDocument/hover", { textDocument, position });
    else if (kind < 630) this.request("textDocument/definition", { textDocument, position });
    else if (kind < 710) this.request("textDocument/completion", { textDocument, position });
    else if (kind < 760) this.request("textDocument/documentLink", { textDocument });
    else if (kind < 800) this.request("textDocument/inlayHint", { textDocument, range });
    else if (kind < 860) this.request("textDocument/diagnostic", { textDocument, ...(random.chance(0.5) ? {} : { previousResultId: "before" }) });
    else if (kind < 870) this.request("workspace/diagnostic", { previousResultIds: this.results }, (result) => (this.results = result.items.filter((one: any) => one.resultId).map((one: any) => ({ uri: one.uri, value: one.resultId }))));
    else if (kind < 950)
      this.request("textDocument/codeAction", { textDocument, range, context: { diagnostics: [], ...random.pick([{}, {}, { only: ["quickfix"] }, { only: ["source.fixAll"] }]) } }, (result) => {
        const lazy = result.filter((one: any) => one.data);
        if (lazy.length) this.request("codeAction/resolve", random.pick(lazy));
      });
    else if (kind < 960) this.request("pitlint/silence", textDocument);
    else if (kind < 970) this.request("pitlint/rulePage", { rule: random.pick(this.rules) });
    else if (kind < 978) this.request("pitlint/services");
    else if (kind < 984) this.request("pitlint/rules");
    else if (kind < 990) this.request("workspace/executeCommand", { command: "pitlint.openRulePage", arguments: [random.pick(this.rules)] });
    else if (kind < 993) this.request("workspace/executeCommand", { command: "pitlint.fixAllSafe" });
    else if (kind < 995) this.request("workspace/executeCommand", { command: "pitlint.lintWorkspace" });
    else if (kind < 998) this.request("workspace/executeCommand", { command: "pitlint.addToBaseline", arguments: [textDocument.uri, "no such finding"] });
    else this.request("textDocument/hover", { textDocument: { uri: "untitled:Untitled-1" }, position });
  }

  private document(path: string): { uri: string } {
    return { uri: pathToFileURL(join(this.root, path)).href };
  }

  private notify(method: string, params: object): void {
    this.count(method);
    this.wire.notify(method, params);
  }

  private request(method: string, params?: object, then?: (result: any) => void): void {
    const id = ++this.id;
    this.count(method);
    this.pending.set(id, this.wire.request(method, params, id).then(({ result, error }) => {
      this.pending.delete(id);
      if (!error) then?.(result);
      else if (error.code !== -32800 || !this.cancelled.has(id)) this.faults.push(`${method} ${JSON.stringify(params).slice(0, 300)}: ${JSON.stringify(error)}`);
    }));
    if (!this.random.chance(0.05)) return;
    const other = this.random.pick([...this.pending.keys()]);
    this.cancelled.add(other);
    this.notify("$/cancelRequest", { id: other });
  }

  private count(method: string): void {
    this.sent.set(method, (this.sent.get(method) ?? 0) + 1);
  }

  private write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    this.wire.checker.wrote(this.document(path).uri, text);
  }
}
