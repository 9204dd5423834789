// Suppressions as users meet them: what each form covers, what ends one, and how they are listed and cleaned up.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";
import { assertOutput } from "./schema.ts";
import { mended, pitlint, report, warned } from "./run.ts";

const rule = "timeout/http-call-without-timeout";
const head = 'import axios from "axios";\n';
const call = (name: string) => `export const ${name} = () => axios.get("https://prices.internal/");\n`;
/** Lines of the findings, and what is said of suppressions. */
const seen = async (test: Parameters<typeof folderWith>[0], files: Record<string, string>, ...args: string[]) => {
  const { json, code } = await report(folderWith(test, files), args);
  return { lines: json.diagnostics.map((one) => one.range.start.line), said: json.problems.filter((one) => one.kind === "suppression").map((one) => `${one.file}:${one.range!.start.line} ${one.message}`), suppressed: json.summary["suppressed"], code };
};

const workload = (annotations: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\n  annotations:\n${annotations}spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 5\n      containers:\n        - name: orders\n          image: acme/orders\n          lifecycle:\n            preStop:\n              exec:\n                command: [sleep, "30"]\n`;
const grace = "lifecycle/prestop-exceeds-grace";

describe("a suppression", () => {
  for (const [form, text] of [
    ["of the next line", `${head}// pitlint-ignore-next-line ${rule} -- the caller has one\n${call("a")}`],
    ["of its own line", `${head}${call("a").trimEnd()} // pitlint-ignore-line ${rule} -- the caller has one\n`],
    ["of a block", `${head}// pitlint-ignore-start ${rule} -- the caller has one\n${call("a")}${call("c")}// pitlint-ignore-end ${rule}\n`],
  ] as const)
    it(`${form} silences what it covers and nothing else`, async (test) => {
      const { lines, said, code } = await seen(test, { "a.ts": `${text}${call("b")}` });
      assert.deepEqual([lines, said, code], [[text.split("\n").length], [], 1]);
    });

  it("of a file silences all of it, and no other file", async (test) => {
    const { lines, said, suppressed } = await seen(test, { "a.ts": `// pitlint-ignore-file ${rule} -- generated\n${head}${call("a")}${call("b")}`, "b.ts": warned });
    assert.deepEqual([lines, said, suppressed], [[2], [], 2]);
  });

  it("as an annotation covers its document", async (test) => {
    const bare = workload("    team: orders\n");
    const silent = workload(`    pitlint.dev/ignore: "k8s/no-readiness-probe -- a batch job; ${grace} owner @team -- the sidecar ends first"\n`);
    const found = await report(folderWith(test, { "k8s/a.yaml": `${silent}---\n${bare.replace("orders", "other")}` }), ["--rule", grace, "--report-suppressed"]);
    assert.deepEqual(found.json.problems, []);
    assert.deepEqual(found.json.diagnostics.map((one) => [one.rule, one.range.start.line > silent.split("\n").length]), [[grace, true]]);
    assert.deepEqual(found.json.suppressed!.map(({ suppression: { form, reason, owner, range } }) => [form, reason, owner, range.start.line]), [["annotation", "the sidecar ends first", "@team", 6]]);
  });

  it("silences until the end of its day, and is said when it is past", async (test) => {
    const dated = (day: string) => ({ "a.ts": `${head}// pitlint-ignore-next-line ${rule} until ${day} owner @prices -- waits for the new client\n${call("a")}` });
    const later = await seen(test, dated("2999-01-01"));
    assert.deepEqual([later.lines, later.said, later.code], [[], [], 0]);
    const past = await seen(test, dated("2020-01-01"));
    assert.deepEqual([past.lines, past.said, past.code], [[3], ["a.ts:2 is past its date 2020-01-01 and silences nothing: fix what it hid, or set a later date"], 1]);
  });

  it("that silences nothing is said, also in a file that mentions nothing else", async (test) => {
    const { said, code } = await seen(test, { "a.ts": `// pitlint-ignore-next-line ${rule} -- gone\nexport const a = 1;\n`, "k8s/b.yaml": workload(`    pitlint.dev/ignore: ${rule} -- never here\n`) });
    assert.deepEqual(said, [`a.ts:1 silences nothing: ${rule} finds nothing here`, `k8s/b.yaml:6 silences nothing: ${rule} finds nothing here`]);
    assert.equal(code, 1, "the deployment has findings of its own");
  });

  it("is not called idle by a run that could not see everything, or looked for other rules", async (test) => {
    const idle = `// pitlint-ignore-next-line ${rule} -- gone\nexport const a = 1;\n`;
    assert.deepEqual((await seen(test, { "a.ts": idle, "b.ts": `${head}export const = ;\n` })).said, []);
    assert.deepEqual((await seen(test, { "a.ts": idle }, "--rule", grace)).said, []);
    assert.deepEqual((await seen(test, { "a.ts": idle }, "--no-prefilter")).said, (await seen(test, { "a.ts": idle })).said);
  });

  it("of the narrowest form counts; a wider one is not needed then", async (test) => {
    const { said } = await seen(test, { "a.ts": `// pitlint-ignore-file ${rule} -- all\n${head}// pitlint-ignore-next-line ${rule} -- one\n${call("a")}` });
    assert.deepEqual(said, [`a.ts:1 silences nothing: ${rule} finds nothing here`]);
  });
});

describe("--fix", () => {
  it("removes suppressions that silence nothing, and keeps the rest of the comment and the line", async (test) => {
    const root = folderWith(test, {
      "a.ts": `// pitlint-ignore-start ${rule} -- gone\n${mended}// pitlint-ignore-end ${rule}\n`,
      "b.ts": `${mended.trimEnd()} // pitlint-ignore-line ${rule} -- gone\n`,
      "c.ts": `${head}// pitlint-ignore-next-line log/error-dropped, ${rule} -- one of two\n${call("a")}`,
      "d.ts": `${head}// pitlint-ignore-next-line ${rule} until 2020-01-01 -- past\n${call("a")}`,
      "k8s/e.yaml": workload(`    pitlint.dev/ignore: "${rule} -- gone; ${grace} -- kept"\n`),
      "k8s/f.yaml": workload(`    team: orders\n    pitlint.dev/ignore: ${rule} -- gone\n`),
    });
    await pitlint(root, ["--fix"]);
    const text = (path: string) => readFileSync(join(root, path), "utf8");
    assert.equal(text("a.ts"), mended);
    assert.equal(text("b.ts"), mended);
    assert.equal(text("c.ts"), `${head}// pitlint-ignore-next-line ${rule} -- one of two\n${call("a")}`);
    assert.equal(text("d.ts"), `${head}${call("a")}`);
    assert.match(text("k8s/e.yaml"), new RegExp(`    pitlint.dev/ignore: "?${grace} -- kept"?\n`));
    assert.equal(text("k8s/f.yaml"), workload("    team: orders\n"));
  });

  it("corrects the name of a rule only when a person looks at it", async (test) => {
    const root = folderWith(test, { "a.ts": `${head}// pitlint-ignore-next-line timeout/http-call-without-timout -- the caller has one\n${call("a")}` });
    const { stdout } = await pitlint(root, ["--fix"]);
    assert.match(stdout, /a\.ts:2:1 suppression: unknown rule "timeout\/http-call-without-timout"; did you mean timeout\/http-call-without-timeout\?/);
    assert.match(readFileSync(join(root, "a.ts"), "utf8"), /without-timout/);
    assert.match((await pitlint(root, ["--fix-dry-run", "--unsafe-fixes"])).stdout, new RegExp(`^\\+// pitlint-ignore-next-line ${rule} -- the caller has one$`, "m"));
  });
});

describe("--report-suppressed", () => {
  const files = { "a.ts": `${head}// pitlint-ignore-next-line ${rule} until 2999-01-01 owner @prices -- the caller has one\n${call("a")}` };
  it("lists finding, reason, owner and date in text", async (test) => {
    const root = folderWith(test, files);
    assert.doesNotMatch((await pitlint(root)).stdout, /the caller has one/);
    assert.match((await pitlint(root, ["--report-suppressed"])).stdout, /^a\.ts:3:24 suppressed: .* \(timeout\/http-call-without-timeout\)\n  └ a\.ts:2:1: the caller has one; owner @prices; until 2999-01-01\n\nno findings; .*; 1 suppressed\n$/);
  });

  it("lists them in json", async (test) => {
    const root = folderWith(test, files);
    assert.equal((await report(root)).json.suppressed, undefined);
    const [one = assert.fail()] = (await report(root, ["--report-suppressed"])).json.suppressed ?? [];
    assert.equal(one.rule, rule);
    assertOutput((await report(root, ["--report-suppressed"])).json);
    assert.deepEqual(one.suppression, { form: "next-line", reason: "the caller has one", owner: "@prices", until: "2999-01-01", file: "a.ts", range: { start: { line: 2, column: 1 }, end: { line: 2, column: files["a.ts"].split("\n")[1]!.length + 1 } } });
  });
});
