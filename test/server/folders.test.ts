// L10: ten folders in one editor, with files of the same name, one within the other, and configurations that contradict each other. Each says what the command line says of it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { packs } from "../../rules/packs/index.ts";
import { folderWith } from "../host/folder.ts";
import { firstSeed, size } from "../reliability/size.ts";
import { seeded } from "./protocol/edits.ts";
import { startEditor, type Editor } from "./protocol/editor.ts";

const rule = "timeout/http-call-without-timeout";
const calls = (count: number) => `import axios from "axios";\n${Array.from({ length: count }, (_, index) => `export const q${index} = () => axios.get("https://prices.internal/${index}");\n`).join("")}setInterval(async () => { await axios.post("http://a/b"); }, 1000);\n`;
const node = packs.find((one) => one.name === "node")!;
const configs: Readonly<Record<string, string>> = {
  a: "profile: strict\n", b: "profile: recommended\n", c: `packs: { node: "${node.releases[0]!.version}" }\n`, d: `packs: { node: "${node.releases.at(-1)!.version}" }\n`, e: `grades:\n  - paths: ["**"]\n    rules: { ${rule}: off }\n`,
  f: "ignore: [src/]\n", g: `grades:\n  - paths: ["**"]\n    rules: { ${rule}: hint }\n`, "g/inner": `profile: strict\ngrades:\n  - paths: ["**"]\n    rules: { ${rule}: error }\n`, "g/inner/deep": "profil: wrong\n",
};
const folders = [...Object.keys(configs), "shop"];

function tenFolders(test: TestContext): string {
  const files = Object.entries(configs).flatMap(([folder, config], index) => [[`${folder}/pitlint.yaml`, config], [`${folder}/package.json`, `{ "name": "${folder.replaceAll("/", "-")}" }`], [`${folder}/src/calls.ts`, calls(index + 1)]]);
  const root = folderWith(test, Object.fromEntries(files));
  cpSync("examples/shop", join(root, "shop"), { recursive: true });
  return root;
}

interface Row { readonly file: string; readonly rule: string; readonly severity: string; readonly message: string; readonly fingerprint: string; readonly at: string }
const order = (rows: readonly Row[]) => rows.map((one) => JSON.stringify([one.file, one.at, one.rule, one.severity, one.message, one.fingerprint])).sort();

/** What the command line says of a folder, without the folders in it that are roots of their own. */
function cli(root: string, folder: string, roots: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "../../dist/cli.js"), "--format", "json", "--no-cache"], { cwd: join(root, folder), encoding: "utf8", maxBuffer: 1 << 26 });
  if (stdout === "") throw new Error(stderr);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: any[] };
  const inner = roots.filter((one) => one.startsWith(`${folder}/`)).map((one) => one.slice(folder.length + 1));
  const place = ({ start, end }: any) => [start.line, start.column, end.line, end.column].join(":");
  return order(diagnostics.filter((one) => !inner.some((other) => one.file.startsWith(`${other}/`))).map((one) => ({ ...one, at: place(one.range) })));
}

/** What the server says of each folder; the other ends of contradictions are left out. */
async function server(editor: Editor, roots: readonly string[]): Promise<Map<string, string[]>> {
  const { items } = await editor.ask("workspace/diagnostic", { previousResultIds: [] });
  const severities = ["", "error", "warning", "info", "hint"];
  const place = ({ start, end }: any) => [start.line + 1, start.character + 1, end.line + 1, end.character + 1].join(":");
  const rows = new Map<string, Row[]>(roots.map((one) => [one, []]));
  for (const { uri, items: list } of items) {
    const path = decodeURIComponent(uri.slice(editor.uri("").length)).replace(/^\//, "");
    const folder = roots.filter((one) => path.startsWith(`${one}/`)).sort((a, b) => b.length - a.length)[0];
    assert.ok(folder !== undefined, `${path} belongs to no folder`);
    for (const one of list) {
      const mirror = one.relatedInformation?.some((other: any) => other.message === "The other side is here");
      if (one.data && !mirror) rows.get(folder)!.push({ file: path.slice(folder.length + 1), rule: one.code, severity: severities[one.severity]!, message: one.message, fingerprint: one.data.fingerprint, at: place(one.range) });
    }
  }
  return new Map([...rows].map(([folder, list]) => [folder, order(list)]));
}

const change = (editor: Editor, added: readonly string[], removed: readonly string[]) =>
  editor.wire.notify("workspace/didChangeWorkspaceFolders", { event: { added: added.map((name) => ({ uri: editor.uri(name), name })), removed: removed.map((name) => ({ uri: editor.uri(name), name })) } });

describe("L10: many folders", () => {
  it("L10: each of ten folders, nested and in contradiction, says what the command line says, also after others come and go", async (test) => {
    const root = tenFolders(test);
    const editor = await startEditor(root, { folders });
    let compared = 0;
    const same = async (roots: readonly string[]) => {
      const found = await server(editor, roots);
      for (const folder of roots) {
        assert.deepEqual(found.get(folder), cli(root, folder, roots), folder);
        compared += found.get(folder)!.length;
      }
      return found;
    };
    try {
      const found = await same(folders);
      assert.ok(["a", "b", "c", "d", "g", "g/inner", "g/inner/deep", "shop"].every((one) => found.get(one)!.length > 0) && ["e", "f"].every((one) => !found.get(one)!.some((line) => line.includes(rule))));
      change(editor, [], ["a", "g/inner", "shop"]);
      await same(folders.filter((one) => !["a", "g/inner", "shop"].includes(one)));
      change(editor, ["g/inner", "shop", "b"], ["no-such-folder"]);
      await same(folders.filter((one) => one !== "a"));
      change(editor, ["a"], folders.filter((one) => one !== "a"));
      await same(["a"]);
      change(editor, [], ["a"]);
      assert.deepEqual(await editor.rest(), {}, "nothing after the last one is removed");
      await editor.done();
      test.diagnostic(`${compared} findings compared`);
    } finally {
      await editor.kill();
    }
  });

  it("L10: a folder that is removed shows nothing where diagnostics are pushed", async (test) => {
    const root = tenFolders(test);
    const editor = await startEditor(root, { folders: ["a", "b"], pull: false });
    try {
      await editor.wire.until(({ method, params }) => method === "textDocument/publishDiagnostics" && params.uri.endsWith("b/src/calls.ts"));
      change(editor, [], ["a"]);
      await editor.wire.until(({ method, params }) => method === "textDocument/publishDiagnostics" && params.uri.endsWith("a/src/calls.ts") && params.diagnostics.length === 0);
      const shown = await editor.rest();
      assert.deepEqual(Object.keys(shown), ["b/src/calls.ts"]);
      await editor.done();
    } finally {
      await editor.kill();
    }
  });

  const rounds = size(12, 300);
  it(`L10: ${rounds} times a folder is removed while its documents are typed in, and the other goes on`, async (test) => {
    const random = seeded(firstSeed);
    const root = tenFolders(test);
    const editor = await startEditor(root, { folders: ["a", "b"], pull: false });
    const line = async () => ((await editor.rest())["b/src/calls.ts"] ?? []).map((one) => JSON.parse(one)[0][0]).sort((a, b) => a - b)[0];
    try {
      for (const path of ["a/src/calls.ts", "b/src/calls.ts"]) editor.open(path);
      for (let round = 0; round < rounds; round++) {
        const remove = random.below(20);
        for (let stroke = 0; stroke < 20; stroke++) {
          editor.type("a/src/calls.ts", `${editor.text("a/src/calls.ts")}// ${stroke}\n`);
          if (stroke === remove) change(editor, [], ["a"]);
          if (random.chance(0.2)) await editor.ask("pitlint/rules");
        }
        editor.type("b/src/calls.ts", `\n${editor.text("b/src/calls.ts")}`);
        assert.equal(await line(), round + 2, `seed ${firstSeed}, round ${round}`);
        change(editor, ["a"], []);
      }
      assert.ok((await editor.rest())["a/src/calls.ts"]);
      await editor.done();
    } finally {
      await editor.kill();
    }
  });
});
