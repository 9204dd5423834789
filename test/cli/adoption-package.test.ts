// The packed package in the hands of a team, from the first day to an upgrade: scripts/adoption-story.mjs runs the same story in any repository.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";

const tell = (...args: string[]) => spawnSync(process.execPath, ["scripts/adoption-story.mjs", ...args], { encoding: "utf8" });

describe("the package that npm packs", () => {
  it("is adopted in a repository: baseline, new pitfall, fix, suppression, upgrade", (test) => {
    const folder = folderWith(test);
    cpSync("examples/shop", folder, { recursive: true });
    const before = readdirSync(folder, { recursive: true });
    const { status, stdout, stderr } = tell(folder);
    assert.deepEqual([status, stderr], [0, ""], stdout);
    assert.match(stdout, /\$ pitlint --format compact\npitlint-story\/src\/price\.ts:4:26 warning: .*\n\(exit code 1\)\n/);
    assert.match(stdout, /\nthe story ends as it should\n$/);
    assert.deepEqual(readdirSync(folder, { recursive: true }), before, "the folder itself is only read");
  });

  it("refuses a folder that is not there", () => {
    assert.deepEqual([tell("nowhere").status, tell().status], [2, 2]);
  });
});
