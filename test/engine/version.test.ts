// Versions from lockfiles of every kind, in the layouts that their tools write, and from package.json where there is none.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { versions } from "../../engine/version.ts";
import { packagesOf } from "../../engine/workspace.ts";

/** Asks for versions in a workspace with these texts. */
function asked(texts: Readonly<Record<string, string>>): (file: string, pkg: string) => string | undefined {
  const manifests = new Map(Object.entries(texts));
  return versions(manifests, packagesOf(manifests));
}

const json = (value: unknown) => JSON.stringify(value);

describe("package-lock.json", () => {
  const version = asked({
    "package.json": json({ workspaces: ["apps/*"], dependencies: { axios: "^1.0.0" } }),
    "apps/orders/package.json": json({ name: "orders", dependencies: { axios: "^0.27.0" } }),
    "package-lock.json": json({
      lockfileVersion: 3,
      packages: {
        "": { dependencies: { axios: "^1.0.0" } },
        "node_modules/axios": { version: "1.7.2" },
        "node_modules/@smithy/node-http-handler": { version: "4.4.5" },
        "node_modules/fetcher": { name: "node-fetch", version: "3.3.2" },
        "apps/orders/node_modules/axios": { version: "0.27.2" },
      },
    }),
  });
  it("tells the version of the package that a file belongs to", () => {
    assert.equal(version("src/a.ts", "axios"), "1.7.2");
    assert.equal(version("apps/orders/src/a.ts", "axios"), "0.27.2");
    assert.equal(version("apps/orders/src/a.ts", "@smithy/node-http-handler"), "4.4.5");
  });
  it("tells nothing of a package that is not there, or of an alias", () => {
    assert.equal(version("src/a.ts", "got"), undefined);
    assert.equal(version("src/a.ts", "fetcher"), undefined);
  });
  it("tells nothing while it is merged", () => {
    assert.equal(asked({ "package-lock.json": "<<<<<<< ours\n{}\n" })("a.ts", "axios"), undefined);
  });
});

describe("pnpm-lock.yaml", () => {
  const v9 = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    devDependencies:
      typescript:
        specifier: ^5.4.0
        version: 5.4.5

  apps/orders:
    dependencies:
      '@grpc/grpc-js':
        specifier: ^1.10.0
        version: 1.10.9
      axios:
        specifier: ^1.7.0
        version: 1.7.2(debug@4.3.4)
      compiler:
        specifier: npm:typescript@^5.0.0
        version: typescript@5.4.5
      shared:
        specifier: workspace:*
        version: link:../shared

packages:

  '@grpc/grpc-js@1.10.9':
    resolution: {integrity: sha512-x}

  '@smithy/node-http-handler@4.4.5':
    resolution: {integrity: sha512-x}

  axios@1.7.2:
    resolution: {integrity: sha512-x}

  debug@3.2.7:
    resolution: {integrity: sha512-x}

  debug@4.3.4:
    resolution: {integrity: sha512-x}

snapshots:

  axios@1.7.2(debug@4.3.4):
    dependencies:
      debug: 4.3.4
`;
  const manifests = { "apps/orders/package.json": json({ name: "orders", dependencies: { axios: "^1.7.0" } }), "package.json": json({ name: "root" }) };
  const expectations = (version: (file: string, pkg: string) => string | undefined) => {
    assert.equal(version("apps/orders/src/a.ts", "axios"), "1.7.2");
    assert.equal(version("apps/orders/src/a.ts", "@grpc/grpc-js"), "1.10.9");
    assert.equal(version("tools/a.ts", "typescript"), "5.4.5");
  };
  it("v9: importers, peers in brackets, quoted names", () => expectations(asked({ ...manifests, "pnpm-lock.yaml": v9 })));
  it("v9: CRLF, and a first document of pnpm's own", () => {
    expectations(asked({ ...manifests, "pnpm-lock.yaml": v9.replaceAll("\n", "\r\n") }));
    const own = "---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    packageManagerDependencies:\n      typescript:\n        specifier: 1.0.0\n        version: 1.0.0\n";
    expectations(asked({ ...manifests, "pnpm-lock.yaml": `${own}\n---\n${v9}` }));
  });
  it("v9: a package that nobody declares has the one version that is locked", () => {
    const version = asked({ ...manifests, "pnpm-lock.yaml": v9 });
    assert.equal(version("apps/orders/src/a.ts", "@smithy/node-http-handler"), "4.4.5");
    assert.equal(version("apps/orders/src/a.ts", "debug"), undefined, "two versions");
    assert.equal(version("apps/orders/src/a.ts", "shared"), undefined, "a link");
    assert.equal(version("apps/orders/src/a.ts", "compiler"), undefined, "an alias");
    assert.equal(version("apps/orders/src/a.ts", "js@1"), undefined);
  });
  it("v6: one package without importers, keys with a slash", () => {
    const v6 = `lockfileVersion: '6.0'

dependencies:
  '@grpc/grpc-js':
    specifier: ^1.8.0
    version: 1.8.22
  mongoose:
    specifier: ^7.0.0
    version: 7.8.3(@aws-sdk/client-sts@3.1.0)

devDependencies:
  tsx:
    specifier: ^4.0.0
    version: 4.19.2

packages:

  /@types/whatwg-url@8.2.2:
    resolution: {integrity: sha512-x}
    dev: false

  /mongodb@5.9.2(@aws-sdk/client-sts@3.1.0):
    resolution: {integrity: sha512-x}
`;
    const version = asked({ "package.json": json({ dependencies: { mongoose: "^7.0.0" } }), "pnpm-lock.yaml": v6 });
    assert.equal(version("src/a.ts", "mongoose"), "7.8.3");
    assert.equal(version("src/a.ts", "@grpc/grpc-js"), "1.8.22");
    assert.equal(version("src/a.ts", "tsx"), "4.19.2");
    assert.equal(version("src/a.ts", "mongodb"), "5.9.2");
    assert.equal(version("src/a.ts", "@types/whatwg-url"), "8.2.2");
  });
});

describe("yarn.lock", () => {
  it("classic: several ranges of one entry, quoted names", () => {
    const text = `# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.
# yarn lockfile v1


"@grpc/grpc-js@^1.8.0", "@grpc/grpc-js@~1.9.0":
  version "1.9.15"
  resolved "https://registry.yarnpkg.com/@grpc/grpc-js/-/grpc-js-1.9.15.tgz#x"

node-fetch@2.6.1, node-fetch@^2.6.1:
  version "2.6.1"
  resolved "https://registry.yarnpkg.com/node-fetch/-/node-fetch-2.6.1.tgz#x"
  dependencies:
    semver "^5.0.0"

node-fetch@^3.0.0:
  version "3.3.2"

semver@^5.0.0:
  version "5.7.2"

"semver@>= 7 < 8":
  version "7.6.0"
`;
    const dependencies = { "node-fetch": "^2.6.1", semver: ">= 7 < 8", "@grpc/grpc-js": "~1.9.0" };
    const version = asked({ "package.json": json({ dependencies }), "yarn.lock": text, "new/package.json": json({ name: "new", dependencies: { "node-fetch": "^3.0.0" } }) });
    assert.equal(version("a.ts", "node-fetch"), "2.6.1");
    assert.equal(version("new/a.ts", "node-fetch"), "3.3.2");
    assert.equal(version("a.ts", "@grpc/grpc-js"), "1.9.15");
    assert.equal(version("new/a.ts", "@grpc/grpc-js"), "1.9.15", "not declared, and only one is locked");
    assert.equal(version("a.ts", "semver"), "7.6.0");
    assert.equal(version("new/a.ts", "semver"), undefined, "not declared, and two are locked");
  });
  it("berry: protocols, aliases, patches and workspaces", () => {
    const text = `__metadata:
  version: 8
  cacheKey: 10c0

"@acme/shared@workspace:*, @acme/shared@workspace:packages/shared":
  version: 0.0.0-use.local
  resolution: "@acme/shared@workspace:packages/shared"

"axios@npm:^1.0.0, axios@npm:^1.6.8":
  version: 1.7.2
  resolution: "axios@npm:1.7.2"

"fetcher@npm:node-fetch@^3.0.0":
  version: 3.3.2
  resolution: "node-fetch@npm:3.3.2"

"typescript@npm:^5.4.0":
  version: 5.4.5
  resolution: "typescript@npm:5.4.5"

"typescript@patch:typescript@npm%3A^5.4.0#optional!builtin<compat/typescript>":
  version: 5.4.5
  resolution: "typescript@patch:typescript@npm%3A5.4.5#optional!builtin<compat/typescript>::version=5.4.5&hash=5adc0c"
`;
    const dependencies = { axios: "^1.6.8", fetcher: "npm:node-fetch@^3.0.0", typescript: "^5.4.0", "@acme/shared": "workspace:*" };
    const version = asked({ "package.json": json({ dependencies }), "yarn.lock": text });
    assert.equal(version("a.ts", "axios"), "1.7.2");
    assert.equal(version("a.ts", "typescript"), "5.4.5");
    assert.equal(version("a.ts", "fetcher"), undefined);
    assert.equal(version("a.ts", "@acme/shared"), undefined);
  });
});

describe("without a lockfile", () => {
  const lowest = (range: string) => asked({ "package.json": json({ dependencies: { pkg: range } }) })("a.ts", "pkg");
  it("tells the lowest version that package.json allows", () => {
    for (const [range, version] of [["1.2.3", "1.2.3"], ["^4.4.0", "4.4.0"], ["~3.1", "3.1.0"], [">=5", "5.0.0"], ["7.x", "7.0.0"], ["^2.0.0-rc.1", "2.0.0-rc.1"]] as const) assert.equal(lowest(range), version, range);
  });
  it("tells nothing of ranges without a lowest version", () => {
    for (const range of ["*", "latest", "<4", "^3 || ^4", "workspace:*", "npm:other@^1.0.0", "github:acme/pkg", "file:../pkg", "1.0.0 - 2.0.0"]) assert.equal(lowest(range), undefined, range);
  });
});

describe("several lockfiles", () => {
  const pnpm = (version: string) => `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      axios:\n        specifier: ^1.0.0\n        version: ${version}\n`;
  const npm = json({ packages: { "node_modules/axios": { version: "1.7.2" }, "node_modules/got": { version: "14.0.0" } } });
  it("the innermost that knows the package decides", () => {
    const version = asked({ "package-lock.json": npm, "docs/package.json": "{}", "docs/pnpm-lock.yaml": pnpm("1.0.0") });
    assert.equal(version("docs/a.ts", "axios"), "1.0.0");
    assert.equal(version("docs/a.ts", "got"), "14.0.0");
    assert.equal(version("src/a.ts", "axios"), "1.7.2");
  });
  it("two of one folder that disagree tell nothing", () => {
    assert.equal(asked({ "package-lock.json": npm, "pnpm-lock.yaml": pnpm("1.7.2") })("a.ts", "axios"), "1.7.2");
    assert.equal(asked({ "package-lock.json": npm, "pnpm-lock.yaml": pnpm("1.0.0") })("a.ts", "axios"), undefined);
  });
});
