// A run reads a file once: what the second run needs to know of a file that has not changed, the cache tells.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { rulesOf } from "../../engine/analyse.ts";
import { defaultConfig } from "../../engine/config.ts";
import { languageOf, planOf } from "../../engine/plan.ts";
import { contextFor, packagesOf } from "../../engine/workspace.ts";
import { openDisk } from "../../host/disk.ts";
import { createExtractor } from "../../host/extractor.ts";
import { createScan } from "../../host/scan.ts";
import { openSession } from "../../host/session.ts";
import { packs } from "../../rules/packs/index.ts";
import type { Extract } from "../../engine/types.ts";
import { folderWith } from "./folder.ts";

const files = {
  "node_modules/p/index.js": "",
  "package.json": '{ "name": "shop", "dependencies": { "pg": "8.0.0" } }',
  "src/pool.ts": 'import { Pool } from "pg";\nexport const pool = new Pool();\n',
  "src/orders.ts": 'import { pool } from "./größe/../pool";\nexport * from "./limits";\nexport const all = () => pool.query("SELECT 1");\n',
  "src/limits.ts": "export const LIMIT = 5;\n",
  "src/plain.ts": "export const a = 1;\n",
  "src/call.ts": 'export const load = () => fetch("http://x");\n',
  "k8s.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\n",
  "other.yaml": "a: 1\n",
};

describe("a second run", () => {
  it("reads no file that has not changed, and knows the same of each", async (test) => {
    const root = folderWith(test, files);
    // The cache trusts no time of a file that is younger than two seconds.
    await pause(2100);
    const first = await openSession({ root, watchdogMs: 20_000, workers: 1 });
    await first.close();

    const plan = planOf(rulesOf(packs));
    const disk = openDisk(root);
    const reads: string[] = [];
    const counting = { ...disk, get paths() { return disk.paths; }, get manifests() { return disk.manifests; }, scanText: (path: string) => (reads.push(path), disk.scanText(path)), text: (path: string) => (reads.push(path), disk.text(path)) };
    for (const _ of disk.enumerating());
    const context = contextFor([defaultConfig], packagesOf(disk.manifests));
    const extractor = createExtractor({ root, watchdogMs: 20_000, workers: 1 }, counting, plan);
    const scan = createScan(plan, counting, extractor, true);
    const known = new Map<string, Extract>();
    const hits = [...scan.hits(context, known)].flat();
    const outlines = new Map([...disk.paths].filter((path) => path.endsWith(".ts")).map((path) => [path, scan.outline(path, () => context(path))]));
    await extractor.close();
    assert.deepEqual([hits, reads], [[], []]);
    assert.deepEqual([...known.keys()].sort(), [...first.workspace.extracts.keys()].sort());
    assert.ok(known.size >= 3 && known.size < disk.paths.size);
    assert.equal(outlines.size, 5);
    for (const [path, outline] of outlines) assert.deepEqual(outline, plan.scanner.outline(disk.text(path)!, languageOf(path)!), path);
    for (const [path, extract] of known) assert.deepEqual(extract, first.workspace.extracts.get(path), path);
  });
});
