// The formats say the same, each in its own form, to standard output or to files.

import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { folderWith } from "../host/folder.ts";
import { assertFormat } from "./format-schema.ts";
import { pitlint, report, warned, type Output } from "./run.ts";
import { assertOutput, isOutput } from "./schema.ts";

const shop = join(import.meta.dirname, "../../examples/shop");

function copyOfShop(test: TestContext): string {
  const root = join(folderWith(test), "shop");
  cpSync(shop, root, { recursive: true });
  return root;
}

const rows = ({ diagnostics }: Output) => diagnostics.map((one) => `${one.file}:${one.range.start.line}:${one.range.start.column} ${one.severity}: ${one.message} (${one.rule})`);

describe("formats", () => {
  it("go several at once, one to standard output and others to files", async (test) => {
    const root = copyOfShop(test);
    const { code, stdout, stderr } = await pitlint(root, ["--format", "text", "--format", "json=out.json", "--format", "sarif=out.sarif"]);
    assert.deepEqual([code, stderr], [1, ""]);
    const json = JSON.parse(readFileSync(join(root, "out.json"), "utf8")) as Output;
    const sarif = JSON.parse(readFileSync(join(root, "out.sarif"), "utf8")) as Sarif;
    const found = rows(json);
    assert.ok(found.length >= 8);
    assert.deepEqual(stdout.split("\n").filter((line) => /^\S+:\d+:\d+ /.test(line)), found);
    const levels: Record<string, string> = { error: "error", warning: "warning", info: "note", hint: "note" };
    assert.deepEqual(
      sarif.runs[0]!.results.map((one) => [one.ruleId, one.level, one.message.text, one.locations[0]!.physicalLocation.artifactLocation.uri, one.locations[0]!.physicalLocation.region!.startLine, one.partialFingerprints["pitlint/v1"]]),
      json.diagnostics.map((one) => [one.rule, levels[one.severity], one.message, one.file, one.range.start.line, one.fingerprint]),
    );
  });

  it("write nothing to standard output when all go to files", async (test) => {
    const root = folderWith(test, { "a.ts": warned });
    const { code, stdout } = await pitlint(root, ["--format", "text=out.txt"]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(readFileSync(join(root, "out.txt"), "utf8"), /^a\.ts:2:28 warning: axios\.get has no timeout/);
  });
});

describe("json", () => {
  it("is what docs/output.schema.json says, on the example system", async (test) => {
    const { json } = await report(copyOfShop(test));
    assertOutput(json);
    assert.ok(json.diagnostics.some((one) => one.related.length > 0) && json.diagnostics.some((one) => one.fixes.some((fix) => fix.lazy)) && json.diagnostics.some((one) => one.fixes.some((fix) => fix.edits)));
  });

  it("is so with every kind of problem that a user can make", async (test) => {
    const { json } = await report(folderWith(test, {
      "a.ts": `${warned}// pitlint-ignore-next-line timeout/http-call-without-timeout\nexport const = ;\n`,
      "wide.ts": Buffer.from("\uFEFFexport const a = 1;\n", "utf16le"),
      "deep.ts": `import axios from "axios";\nexport const a = ${"[".repeat(100_000)};\n`,
      "pitlint.yaml": "profile: none\n",
    }));
    assertOutput(json);
    assert.deepEqual([...new Set(json.problems.map((one) => one.kind))].sort(), ["config", "suppression", "syntax", "too-deep", "undecodable"]);
    assert.equal(json.complete, false);
  });

  it("would be refused by the schema in any other shape", async (test) => {
    // What a run read is optional and holds paths as keys: any may be missing.
    const { basis: _, ...json } = (await report(folderWith(test, { "a.ts": warned }))).json as Record<string, any>;
    const properties: (readonly (string | number)[])[] = [];
    const open: { readonly path: readonly (string | number)[]; readonly value: unknown }[] = [{ path: [], value: json }];
    for (let one = open.pop(); one; one = open.pop())
      if (one.value !== null && typeof one.value === "object")
        for (const [key, value] of Object.entries(one.value)) {
          const path = [...one.path, Array.isArray(one.value) ? Number(key) : key];
          properties.push(path);
          open.push({ path, value });
        }
    const withChange = (path: readonly (string | number)[], change: (holder: any, key: string | number) => void) => {
      const copy = structuredClone(json) as any;
      change(path.slice(0, -1).reduce((holder, key) => holder[key], copy), path.at(-1)!);
      return copy;
    };
    fc.assert(fc.property(fc.constantFrom(...properties), (path) => {
      assert.ok(!isOutput(withChange(path, (holder, key) => (holder[key] = null))), `null at ${path.join("/")}`);
      if (typeof path.at(-1) === "string") assert.ok(!isOutput(withChange(path, (holder, key) => delete holder[key])), `nothing at ${path.join("/")}`);
      assert.ok(!isOutput(withChange(path, (holder) => (Array.isArray(holder) ? holder.push("more") : (holder.more = "more")))), `more beside ${path.join("/")}`);
    }), { numRuns: 200 });
  });
});

describe("C8: sarif", () => {
  it("has the shape of SARIF 2.1.0, and what the schema cannot say", async (test) => {
    const root = copyOfShop(test);
    const sarif = JSON.parse((await pitlint(root, ["--format", "sarif"])).stdout) as Sarif;
    assertSarif(sarif, root);
    assert.ok(sarif.runs[0]!.results.some((one) => one.relatedLocations) && sarif.runs[0]!.results.some((one) => one.fixes));
    assert.deepEqual(sarif.runs[0]!.invocations, [{ executionSuccessful: true, toolConfigurationNotifications: [], toolExecutionNotifications: [] }]);
  });

  it("names what was not analysed, and what the user must know", async (test) => {
    const root = folderWith(test, { "my src/ä.ts": `${warned}export const = ;\n`, "b.ts": `${warned}// pitlint-ignore-line wolf -- cried\n` });
    const sarif = JSON.parse((await pitlint(root, ["--format", "sarif"])).stdout) as Sarif;
    assertSarif(sarif, root);
    const [{ executionSuccessful, toolExecutionNotifications } = assert.fail()] = sarif.runs[0]!.invocations;
    assert.equal(executionSuccessful, false);
    assert.deepEqual(toolExecutionNotifications.map((one) => [one.level, one.descriptor.id, one.locations?.[0]!.physicalLocation.artifactLocation.uri, one.locations?.[0]!.physicalLocation.region?.startLine]), [
      ["warning", "suppression", "b.ts", 3],
      ["error", "syntax", "my%20src/%C3%A4.ts", 3],
    ]);
  });

  it("gives fixes that make the same text as --unsafe-fixes", async (test) => {
    const root = folderWith(test, { "a.ts": warned.replaceAll("\n", "\r\n") });
    const sarif = JSON.parse((await pitlint(root, ["--format", "sarif"])).stdout) as Sarif;
    const [{ replacements } = assert.fail()] = sarif.runs[0]!.results[0]!.fixes![0]!.artifactChanges;
    const lines = readFileSync(join(root, "a.ts"), "utf8").split("\r\n");
    for (const { deletedRegion: at, insertedContent } of [...replacements].reverse()) {
      assert.equal(at.startLine, at.endLine);
      const line = lines[at.startLine - 1]!;
      lines[at.startLine - 1] = line.slice(0, at.startColumn - 1) + insertedContent.text + line.slice(at.endColumn - 1);
    }
    await pitlint(root, ["--fix", "--unsafe-fixes"]);
    assert.equal(lines.join("\r\n"), readFileSync(join(root, "a.ts"), "utf8"));
  });
});

interface Region { readonly startLine: number; readonly startColumn: number; readonly endLine: number; readonly endColumn: number }
interface Location { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string }; readonly region?: Region } }
interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly semanticVersion: string; readonly informationUri: string; readonly rules: readonly { readonly id: string; readonly name: string; readonly helpUri: string; readonly shortDescription: { readonly text: string }; readonly fullDescription: { readonly text: string } }[] } };
    readonly columnKind: string;
    readonly originalUriBaseIds: Readonly<Record<string, unknown>>;
    readonly invocations: readonly { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly { readonly level: string; readonly message: { readonly text: string }; readonly descriptor: { readonly id: string }; readonly locations?: readonly Location[] }[] }[];
    readonly results: readonly {
      readonly ruleId: string; readonly ruleIndex: number; readonly level: string; readonly message: { readonly text: string };
      readonly locations: readonly Location[]; readonly relatedLocations?: readonly (Location & { readonly id: number; readonly message: { readonly text: string } })[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly fixes?: readonly { readonly description: { readonly text: string }; readonly artifactChanges: readonly { readonly replacements: readonly { readonly deletedRegion: Region; readonly insertedContent: { readonly text: string } }[] }[] }[];
    }[];
  }[];
}

/** What the standard asks for, where pitlint writes it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
function assertSarif(sarif: Sarif, root: string): void {
  assertFormat("sarif", JSON.stringify(sarif));
  assert.equal(sarif.version, "2.1.0");
  assert.match(sarif.$schema, /sarif-2\.1\.0\.json$/);
  assert.equal(sarif.runs.length, 1);
  const { tool, columnKind, originalUriBaseIds, invocations, results } = sarif.runs[0]!;
  assert.equal(columnKind, "utf16CodeUnits");
  assert.match(tool.driver.semanticVersion, /^\d+\.\d+\.\d+/);
  assert.equal(new Set(tool.driver.rules.map((one) => one.id)).size, tool.driver.rules.length);
  for (const rule of tool.driver.rules) {
    assert.match(rule.name, /^[A-Z]\w+$/);
    assert.ok(rule.shortDescription.text && rule.fullDescription.text && URL.canParse(rule.helpUri));
  }
  const region = (at: Region) => assert.ok(at.startLine >= 1 && at.startColumn >= 1 && (at.endLine > at.startLine || (at.endLine === at.startLine && at.endColumn >= at.startColumn)), JSON.stringify(at));
  const location = ({ physicalLocation: { artifactLocation, region: at } }: Location) => {
    assert.ok(artifactLocation.uriBaseId in originalUriBaseIds);
    assert.doesNotMatch(artifactLocation.uri, /^\/|\\|\s/);
    assert.ok(existsSync(join(root, decodeURIComponent(artifactLocation.uri))), artifactLocation.uri);
    if (at) region(at);
  };
  for (const one of results) {
    assert.equal(tool.driver.rules[one.ruleIndex]!.id, one.ruleId);
    assert.ok(["error", "warning", "note", "none"].includes(one.level) && one.message.text);
    assert.equal(one.locations.length, 1);
    one.locations.forEach(location);
    one.relatedLocations?.forEach(location);
    assert.equal(new Set(one.relatedLocations?.map((other) => other.id)).size, one.relatedLocations?.length ?? 0);
    for (const fix of one.fixes ?? []) {
      assert.ok(fix.description.text && fix.artifactChanges.length);
      for (const { replacements } of fix.artifactChanges) {
        assert.ok(replacements.length);
        for (const { deletedRegion } of replacements) region(deletedRegion);
      }
    }
  }
  for (const { toolExecutionNotifications } of invocations)
    for (const one of toolExecutionNotifications) {
      assert.ok(one.message.text);
      one.locations?.forEach(location);
    }
}
