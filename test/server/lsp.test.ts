// The language server as an editor meets it: over stdio, with a real client library.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CodeAction, Diagnostic } from "vscode-languageserver-protocol/node";
import { pullClient, pushClient, startClient, type Client } from "./client.ts";
import { consul, has, rule, server, shop } from "./shop.ts";

async function withClient(capabilities: Parameters<typeof startClient>[1], story: (client: Client) => Promise<void>): Promise<void> {
  const client = await startClient(shop(), capabilities);
  await story(client);
  assert.equal(await client.stop(), 0);
}

for (const [mode, capabilities] of [["push", pushClient], ["pull", pullClient]] as const)
  describe(`a client that takes diagnostics by ${mode}`, () => {
    it("sees the squiggle in TypeScript come and go with the TTL in YAML", () =>
      withClient(capabilities, async (client) => {
        client.open(server, "typescript");
        client.open(consul, "yaml");
        await client.until(server, has);
        client.replace(consul, "ttl: 30s", "ttl: 90s");
        await client.until(server, (found) => !has(found));
        client.replace(consul, "ttl: 90s", "ttl: 20s");
        const [finding] = (await client.until(server, has)).filter((one) => one.code === rule);
        assert.match(String(finding!.message), /outlives the registry TTL of 20 s/);
        assert.equal(finding!.relatedInformation?.[0]?.location.uri, client.uri(consul));
      }));

    it("sees the finding on the YAML side too, and it goes when the quick fix is applied", () =>
      withClient(capabilities, async (client) => {
        client.open(server, "typescript");
        client.open(consul, "yaml");
        await client.until(consul, has);
        const [finding] = (await client.until(server, has)).filter((one) => one.code === rule);
        const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", { textDocument: { uri: client.uri(server) }, range: finding!.range, context: { diagnostics: [] } });
        const fix = actions.find((one) => /^Lower the server timeout/.test(one.title));
        assert.ok(fix?.edit, "the fix comes with its edit");
        client.apply(fix.edit);
        assert.match(client.text(server), /requestTimeout = 25_000/);
        await client.until(server, (found) => !has(found));
        await client.until(consul, (found) => !has(found));
      }));

    it("sees a change of a file that is not open", () =>
      withClient(capabilities, async (client) => {
        client.open(consul, "yaml");
        await client.until(server, has);
        client.replace(consul, "ttl: 30s", "ttl: 90s");
        await client.until(server, (found) => !has(found));
      }));
  });

describe("requests", () => {
  it("fail after shutdown and before initialize", async () => {
    const client = await startClient(shop(), pushClient);
    await client.connection.sendRequest("shutdown");
    await assert.rejects(client.connection.sendRequest("textDocument/hover", { textDocument: { uri: client.uri(server) }, position: { line: 0, character: 0 } }), /shutting down/);
    const ended = new Promise((resolve) => client.process.once("exit", resolve));
    await client.connection.sendNotification("exit");
    assert.equal(await ended, 0);
  });

  it("hover shows both values and the way to the other place", () =>
    withClient(pushClient, async (client) => {
      client.open(server, "typescript");
      const [finding] = (await client.until(server, has)).filter((one) => one.code === rule);
      const shown = await client.connection.sendRequest<{ contents: { value: string } }>("textDocument/hover", { textDocument: { uri: client.uri(server) }, position: finding!.range.start });
      assert.match(shown.contents.value, /45 s/);
      assert.match(shown.contents.value, /consul\/gateway\.yaml/);
      const targets = await client.connection.sendRequest<{ uri: string }[]>("textDocument/definition", { textDocument: { uri: client.uri(server) }, position: finding!.range.start });
      assert.deepEqual(targets.map((one) => one.uri), [client.uri(consul)]);
    }));

  it("workspace diagnostics say unchanged for known result ids", () =>
    withClient(pullClient, async (client) => {
      type Report = { items: { kind: string; uri: string; resultId: string; items?: Diagnostic[] }[] };
      const first = await client.connection.sendRequest<Report>("workspace/diagnostic", { previousResultIds: [] });
      assert.ok(first.items.some((one) => one.uri === client.uri(server)));
      const again = await client.connection.sendRequest<Report>("workspace/diagnostic", { previousResultIds: first.items.map((one) => ({ uri: one.uri, value: one.resultId })) });
      assert.ok(again.items.length > 0 && again.items.every((one) => one.kind === "unchanged"));
    }));
});
