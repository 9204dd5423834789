// pitlint.yaml in the editor: problems with their place, completion and hover.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import type { CompletionItem, Hover } from "vscode-languageserver-protocol/node";
import { configPlace } from "../../server/config-place.ts";
import { pullClient, pushClient, startClient, type Client } from "./client.ts";

/** A package and a Deployment that nothing links, and a pitlint.yaml in which `|` marks the cursor. */
async function withConfig(marked: string, story: (client: Client, cursor: { line: number; character: number }) => Promise<void>, path = "pitlint.yaml", capabilities = pushClient): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "pitlint-config-"));
  const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop-web }\nspec: { template: { spec: { containers: [{ name: web, image: acme/shop }] } } }\n";
  for (const [name, text] of Object.entries({ "package.json": "{}", "services/web/package.json": "{}", "services/web/main.ts": 'import axios from "axios";\n', "k8s/web.yaml": deployment, [path]: marked.replace("|", "") })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const before = marked.slice(0, marked.indexOf("|")).split("\n");
  const client = await startClient(root, capabilities);
  try {
    client.open(path, path.endsWith(".ts") ? "typescript" : "yaml");
    await client.connection.sendRequest("pitlint/services");
    await story(client, { line: before.length - 1, character: before.at(-1)!.length });
  } catch (error) {
    client.process.kill();
    throw error;
  }
  assert.equal(await client.stop(), 0);
}

const labels = async (client: Client, position: object, path = "pitlint.yaml") => (await completions(client, position, path)).map((one) => one.label);
const completions = (client: Client, position: object, path = "pitlint.yaml") => client.connection.sendRequest<CompletionItem[]>("textDocument/completion", { textDocument: { uri: client.uri(path) }, position });
const hover = async (client: Client, position: object) => ((await client.connection.sendRequest<Hover | null>("textDocument/hover", { textDocument: { uri: client.uri("pitlint.yaml") }, position }))?.contents as { value: string } | undefined)?.value ?? "";

describe("problems of pitlint.yaml", () => {
  for (const [mode, capabilities] of [["push", pushClient], ["pull", pullClient]] as const)
    it(`stand at their place, and go when they are mended (${mode})`, () =>
      withConfig("profile: strict\npakcs: {}|\n", async (client) => {
        const [found] = await client.until("pitlint.yaml", (all) => all.length > 0);
        assert.match(String(found!.message), /unknown key "pakcs"; did you mean packs\?/);
        assert.deepEqual(found!.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } });
        assert.equal(found!.code, "config");
        client.replace("pitlint.yaml", "pakcs", "packs");
        await client.until("pitlint.yaml", (all) => all.length === 0);
      }, "pitlint.yaml", capabilities));
});

describe("completion in pitlint.yaml", () => {
  it("offers the keys of the map the cursor is in", async () => {
    await withConfig("|", async (client, at) => assert.deepEqual((await labels(client, at)).sort(), Object.keys((JSON.parse(readFileSync("docs/pitlint.schema.json", "utf8")) as { properties: object }).properties).sort()));
    await withConfig("services:\n  web:\n    so|\n", async (client, at) => {
      const items = await completions(client, at);
      assert.deepEqual(items.map((one) => one.label), ["source", "workloads", "images", "names", "registry", "loadBalancer", "database"]);
      assert.deepEqual(items[0]!.textEdit, { range: { start: { line: 2, character: 4 }, end: { line: 2, character: 6 } }, newText: "source: " });
    });
  });
  it("offers profiles, packs and their versions", async () => {
    await withConfig("profile: |\n", async (client, at) => assert.deepEqual(await labels(client, at), ["recommended", "strict"]));
    await withConfig("packs:\n  |\n", async (client, at) => assert.deepEqual(await labels(client, at), ["node", "kubernetes", "observability", "spring"]));
    await withConfig("packs:\n  node: |\n", async (client, at) => {
      const items = await completions(client, at);
      assert.ok(items.length > 0 && items.every((one) => /^\d+\.\d+/.test(one.label) && one.detail));
      assert.ok("newText" in items[0]!.textEdit! && /^"\d/.test(items[0]!.textEdit.newText));
    });
  });
  it("offers rules and how loud they may be", async () => {
    await withConfig("grades:\n  - paths: [a/**]\n    rules:\n      timeout/|\n", async (client, at) => assert.ok((await labels(client, at)).includes("timeout/http-call-without-timeout")));
    await withConfig("grades:\n- rules:\n    timeout/http-call-without-timeout: |\n", async (client, at) => assert.deepEqual(await labels(client, at), ["error", "warning", "info", "hint", "off"]));
  });
  it("offers the packages and workloads of this repository", async () => {
    await withConfig("services:\n  web:\n    source: |\n", async (client, at) => assert.deepEqual(await labels(client, at), ["services/web"]));
    await withConfig("services:\n  web:\n    workloads: [|]\n", async (client, at) => assert.deepEqual(await labels(client, at), ["Deployment/shop-web"]));
    await withConfig("services:\n  web:\n    workloads:\n      - |\n", async (client, at) => assert.deepEqual(await labels(client, at), ["Deployment/shop-web"]));
  });
  it("offers rule ids in suppression comments of any file", () =>
    withConfig('import axios from "axios";\n// pitlint-ignore-next-line timeout/http|\naxios.get("http://a/b");\n', async (client, at) => {
      const found = await labels(client, at, "services/web/calls.ts");
      assert.ok(found.includes("timeout/http-call-without-timeout"));
    }, "services/web/calls.ts"));
  it("offers nothing in comments and in other YAML", async () => {
    await withConfig("# pro|\n", async (client, at) => assert.deepEqual(await labels(client, at), []));
    await withConfig("pro|\n", async (client, at) => assert.deepEqual(await labels(client, at, "k8s/other.yaml"), []), "k8s/other.yaml");
  });
});

describe("hover in pitlint.yaml", () => {
  it("says what a key means", () => withConfig("registry:\n  t|tl: 30s\n", async (client, at) => assert.match(await hover(client, at), /How long the registry keeps an instance/)));
  it("lists the releases of a pack", () => withConfig('packs:\n  no|de: "0.1"\n', async (client, at) => assert.match(await hover(client, at), /- \d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)/)));
  it("says what a service is linked to", async () => {
    await withConfig("services:\n  w|eb: { source: services/web, workloads: [Deployment/shop-web] }\n", async (client, at) => assert.match(await hover(client, at), /Deployment\/shop-web \(k8s\/web\.yaml\): E5/));
    await withConfig("services:\n  w|ebb: {}\n", async (client, at) => assert.match(await hover(client, at), /Nothing is linked/));
  });
});

describe("a place in a pitlint.yaml", () => {
  const place = (marked: string) => configPlace(marked.replace("|", ""), marked.indexOf("|"));
  it("has the keys above it, however far the text parses", () => {
    assert.deepEqual(place("services:\n  a:\n    source: x\n  b:\n\n    names:\n    - |")?.above, ["services", "b", "names"]);
    assert.deepEqual(place("services:\r\n  'a b':\r\n    # note\r\n    registry:\r\n      t|")?.above, ["services", "a b", "registry"]);
    assert.deepEqual(place("grades:\n- paths: [a]\n  rules:\n    a/b: |")?.above, ["grades", "rules"]);
    assert.deepEqual(place("grades:\n  - rules:\n      a/b: off\n  - |")?.above, ["grades"]);
    assert.deepEqual(place("profile: strict\nservices: {|")?.above, []);
  });
  it("is a key, a value or an item", () => {
    assert.equal(place("prof|ile: strict")?.part, "key");
    assert.equal(place("profile: str|ict")?.part, "value");
    assert.equal(place("ignore:\n  - a|b")?.part, "item");
    assert.equal(place("profile: strict # |"), undefined);
  });
});
