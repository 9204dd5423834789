// The extension's manifest promises only what holds: every setting has a scope, and no setting names a program, a path or an address.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const settings = Object.entries(manifest.contributes.configuration.properties as Record<string, { scope?: string; description?: string; type: string }>);

describe("S3, S8: the extension's manifest", () => {
  it("has at most six settings, each with a scope and a description", () => {
    assert.ok(settings.length <= 6);
    assert.deepEqual(settings.filter(([, one]) => !one.scope || !one.description).map(([name]) => name), []);
  });
  it("has no setting that names a program, a path or an address", () => {
    assert.deepEqual(settings.filter(([name, one]) => /path|command|url|binary|server$/i.test(name) && one.scope !== "machine" && name !== "pitlint.trace.server").map(([name]) => name), []);
  });
  it("works in folders that are not trusted, and says that it needs files", () => {
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces, { supported: true });
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
  });
  it("declares each command it registers, and registers each it declares", () => {
    const declared = manifest.contributes.commands.map((one: { command: string }) => one.command).sort();
    const source = ["client/commands.ts", "server/requests/commands.ts"].map((path) => readFileSync(path, "utf8")).join("\n");
    const known = new Set([...source.matchAll(/\bcommand\("(\w+)"|"(pitlint\.\w+)"/g)].map((match) => match[2] ?? `pitlint.${match[1]}`));
    assert.deepEqual(declared.filter((one: string) => !known.has(one)), []);
    // The status item leads to its menu; the server's own command stands behind Lint Workspace.
    assert.deepEqual([...known].filter((one) => !declared.includes(one)).sort(), ["pitlint.lintWorkspace", "pitlint.showMenu"]);
  });
  it("activates on the languages it reads", () => {
    for (const language of ["typescript", "javascript", "yaml", "helm", "dockercompose"]) assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`), language);
  });
  it("names files that exist", () => {
    for (const { url } of manifest.contributes.jsonValidation) assert.ok(existsSync(url), url);
  });
  it("runs no install script on the user's machine", () => {
    assert.deepEqual(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name)), []);
  });
  it("has at most ten direct dependencies, each pinned", () => {
    const dependencies = Object.entries(manifest.dependencies as Record<string, string>);
    assert.ok(dependencies.length <= 10);
    assert.deepEqual(dependencies.filter(([, version]) => !/^\d/.test(version)), []);
  });
});

describe("the packaged extension", () => {
  const content = () => execFileSync(process.execPath, ["node_modules/@vscode/vsce/vsce", "ls", "--no-dependencies"], { encoding: "utf8" }).split("\n").filter(Boolean).map((path) => path.replaceAll("\\", "/"));

  it("holds what it needs and nothing else", () => {
    const files = content();
    assert.deepEqual(files.filter((path) => !/^(dist\/[\w-]+\.c?js|docs\/rules\/[\w\/-]+\.md|media\/walkthrough\/(look|link|state|silent)(\.png|(\.nls\.zh-cn)?\.md))$/.test(path)).sort(), [
      "CHANGELOG.md", "LICENSE", "README.md", "docs/baseline.schema.json", "docs/pitlint.schema.json", "l10n/bundle.l10n.zh-cn.json", "l10n/server.zh-cn.json",
      "media/icon.png", "package.json", "package.nls.json", "package.nls.zh-cn.json",
    ]);
    for (const path of ["dist/client.cjs", "dist/server.js", "dist/worker.cjs", "dist/cli.js", "dist/parser.cjs"]) assert.ok(files.includes(path), path);
  });

  it("has a picture for each step of the walkthrough, in every language", () => {
    for (const { media } of manifest.contributes.walkthroughs.flatMap((one: { steps: { media: { markdown: string } }[] }) => one.steps))
      for (const page of [media.markdown, media.markdown.replace(".md", ".nls.zh-cn.md")]) {
        const [, alternative, picture] = /!\[(.+)\]\((\w+\.png)\)/.exec(readFileSync(page, "utf8")) ?? assert.fail(`${page} shows no picture`);
        assert.ok(alternative && content().includes(`media/walkthrough/${picture}`), page);
      }
  });

  it("is the same file every time, below 4 MB", () => {
    const folder = mkdtempSync(join(tmpdir(), "pitlint-vsix-"));
    const [one, two] = ["one.vsix", "two.vsix"].map((name) => {
      execFileSync(process.execPath, ["scripts/package.mjs", join(folder, name)], { stdio: "pipe", env: { ...process.env, SOURCE_DATE_EPOCH: "1700000000" } });
      return readFileSync(join(folder, name));
    });
    assert.ok(one!.equals(two!));
    assert.ok(one!.length < 4 * 1024 * 1024, `${one!.length} bytes`);
  });

  it("has an icon of 128 by 128 pixels", () => {
    const icon = readFileSync(manifest.icon);
    assert.deepEqual([icon.toString("latin1", 1, 4), icon.readUInt32BE(16), icon.readUInt32BE(20)], ["PNG", 128, 128]);
  });
});
