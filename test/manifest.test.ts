// The extension's manifest promises only what holds: every setting has a scope, and no setting names a program, a path or an address.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const settings = Object.entries(manifest.contributes.configuration.properties as Record<string, { scope?: string; description?: string; type: string }>);

describe("the extension's manifest", () => {
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
  it("activates on the languages it reads", () => {
    for (const language of ["typescript", "javascript", "yaml", "helm", "dockercompose"]) assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`), language);
  });
  it("names files that exist", () => {
    for (const { url } of manifest.contributes.yamlValidation) assert.ok(existsSync(url), url);
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
