// Command line and language server say the same: one result, two front doors.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rulesOf } from "../../engine/analyse.ts";
import { parseExample } from "../../engine/example.ts";
import { packs } from "../../rules/packs/index.ts";
import { folderWith } from "../host/folder.ts";
import { parityOf } from "./parity-of.ts";

const call = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';
const id = "timeout/http-call-without-timeout";

describe("L13: parity", () => {
  it("holds on examples/shop, both ends of each contradiction included", async (test) => {
    const root = join(folderWith(test), "shop");
    cpSync("examples/shop", root, { recursive: true });
    const { cli, mirrors, differences } = await parityOf(root);
    assert.ok(cli.length >= 10 && mirrors > 0);
    assert.deepEqual(differences, []);
  });

  it("holds under nested configurations", async (test) => {
    const root = folderWith(test, {
      "package.json": "{}", "pitlint.yaml": `profile: strict\nignore: [generated/]\ngrades:\n  - paths: [apps/]\n    rules: { ${id}: off }\n`,
      "apps/b/pitlint.yaml": `grades:\n  - paths: [/src]\n    rules: { ${id}: info }\n`, "a.ts": call, "generated/a.ts": call, "apps/a/a.ts": call, "apps/b/src/a.ts": call, "apps/b/lib/a.ts": call,
    });
    const { cli, differences } = await parityOf(root);
    assert.deepEqual(cli.map((one) => [one.file, one.severity]), [["a.ts", "error"], ["apps/b/src/a.ts", "info"]]);
    assert.deepEqual(differences, []);
  });

  it("holds where something is suppressed, wrongly suppressed or refused", async (test) => {
    const root = folderWith(test, {
      "package.json": "{}", "pitlint.yaml": "profil: strict\nregistry: { ttl: 30 }\n", "a.ts": call.replace("export", `// pitlint-ignore-next-line ${id} -- a batch\nexport`),
      "b.ts": call.replace("export", `// pitlint-ignore-next-line ${id} until 2020-01-31 -- a batch\nexport`), "c.ts": call.replace("export", "// pitlint-ignore-next-line timeout/no-such-rule\nexport"),
    });
    const { cli, problems, differences } = await parityOf(root);
    assert.deepEqual(cli.map((one) => one.file), ["b.ts", "c.ts"]);
    assert.ok(problems >= 5, String(problems));
    assert.deepEqual(differences, []);
  });

  it("holds on every example of every rule", async (test) => {
    const rules = rulesOf(packs);
    const files = rules.flatMap((rule) => rule.examples.flatMap((example, index) => {
      const home = `${rule.id.replace("/", "-")}/${index}`;
      return [[`${home}/package.json`, "{}"], ...parseExample("bad" in example ? example.bad : example.good).files.map(({ path, text }) => [`${home}/${path}`, text])];
    }));
    const { cli, differences } = await parityOf(folderWith(test, Object.fromEntries(files)));
    test.diagnostic(`${cli.length} findings in ${files.length} files`);
    assert.ok(cli.length >= rules.length);
    assert.deepEqual(differences, []);
  });

  it("holds on this repository", async () => {
    const root = realpathSync(execFileSync("git", ["rev-parse", "--show-toplevel"], { encoding: "utf8" }).trim());
    assert.deepEqual((await parityOf(root)).differences, []);
  });
});
