// pitlint.yaml: what it states, and what is said, with the place, about everything it may not hold.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { configFor, defaultConfig } from "../../engine/config.ts";
import { readConfigs } from "../../engine/read-config.ts";
import { environments, statedGrade } from "../../engine/path-pattern.ts";
import type { Config, Pack } from "../../engine/types.ts";

const release = (version: string) => ({ version, date: "2026-01-01", why: "", grades: [] });
const rule = { id: "timeout/no-limit", title: "", why: "", check: {}, examples: [] };
const packs: readonly Pack[] = [
  { name: "node", title: "Node", appliesTo: {}, releases: [...["1.0.0", "1.1.0"].map(release), { ...release("1.10.0"), grades: [[rule, "warning"]] }] },
  { name: "kubernetes", title: "Kubernetes", appliesTo: {}, releases: [release("1.0.0")] },
];
const read = (text: string, path = "pitlint.yaml") => {
  const { configs, problems } = readConfigs([[path, text]], packs);
  return { config: configs[0]!, problems };
};
/** `line:column text-at-the-place: message` of every problem. */
const said = (text: string) =>
  read(text).problems.map(({ at, message, kind, file }) => {
    assert.deepEqual([kind, file, at?.file], ["config", "pitlint.yaml", "pitlint.yaml"]);
    const before = text.slice(0, at!.start).split("\n");
    return `${before.length}:${before.at(-1)!.length + 1} ${text.slice(at!.start, at!.end)}: ${message}`;
  });

describe("a pitlint.yaml", () => {
  const full = `profile: strict
packs: { node: "1.1", kubernetes: 1.0.0 }
ignore: [legacy/, "/generated", "!keep.ts"]
services:
  orders:
    source: services/orders
    workloads: [Deployment/orders]
    images: [acme/orders]
    names: [orders-v2, 7]
    registry: { ttl: 1m30s }
    loadBalancer: { idleTimeout: 350s }
  billing: {}
registry: { ttl: 30s }
loadBalancer:
  idleTimeout: 60s
wrappers: ["@acme/http#request"]
loggers: { "./src/log#logger": pino }
`;

  it("states what a team knows, durations with their place", () => {
    const { config, problems } = read(full, "apps/shop/pitlint.yaml");
    assert.deepEqual(problems, []);
    const { services, registryTtl, loadBalancerIdle, ...rest } = config;
    assert.deepEqual(rest, { path: "apps/shop/pitlint.yaml", folder: "apps/shop", profile: "strict", pins: { node: "1.1", kubernetes: "1.0.0" }, ignore: ["legacy/", "/generated", "!keep.ts"], wrappers: ["@acme/http#request"], loggers: { "./src/log#logger": "pino" }, grades: [], environments: [] });
    const at = (text: string) => [{ file: "apps/shop/pitlint.yaml", start: full.indexOf(text), end: full.indexOf(text) + text.length }];
    assert.deepEqual(registryTtl, { known: 30_000, by: "stated", from: at("30s }\nloadBalancer").map((one) => ({ ...one, end: one.start + 3 })) });
    assert.deepEqual(loadBalancerIdle, { known: 60_000, by: "stated", from: at("60s") });
    assert.deepEqual(services, [
      { name: "orders", source: "services/orders", sourceAt: at("services/orders")[0], workloads: ["Deployment/orders"], images: ["acme/orders"], names: ["orders-v2", "7"], registryTtl: { known: 90_000, by: "stated", from: at("1m30s") }, loadBalancerIdle: { known: 350_000, by: "stated", from: at("350s") } },
      { name: "billing", workloads: [], images: [], names: [] },
    ]);
  });

  it("says the same with other line ends", () => {
    for (const eol of ["\r\n", "\r"]) {
      const { config, problems } = read(full.replaceAll("\n", eol));
      assert.deepEqual(problems, []);
      assert.deepEqual([config.profile, config.pins, config.registryTtl?.known, config.services.map((one) => one.name)], ["strict", { node: "1.1", kubernetes: "1.0.0" }, 30_000, ["orders", "billing"]]);
    }
  });

  it("may be empty", () => {
    for (const text of ["", "# nothing yet\n", "---\n", "{}"]) {
      const { config, problems } = read(text);
      assert.deepEqual(problems, [], text);
      assert.deepEqual(config, { ...defaultConfig, path: "pitlint.yaml", folder: "" });
    }
  });

  it("pins the version as it is written, quoted or not", () => {
    assert.deepEqual(read("packs: { node: 1.10 }").config.pins, { node: "1.10" });
    assert.deepEqual(read('packs: { node: "1.1" }').config.pins, { node: "1.1" });
  });

  it("may use anchors", () => {
    assert.deepEqual(read("registry: &r { ttl: 5s }\nservices: { a: { registry: *r } }").config.services[0]?.registryTtl?.known, 5000);
  });
});

describe("what a pitlint.yaml may not hold", () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["packs:\n  node: \"1.0\"\n  kubernets: \"1.0\"\n", ['3:3 kubernets: unknown pack "kubernets"; known packs are node, kubernetes']],
    ["packs:\n  node: \"2\"\n", ['2:9 "2": unknown version "2" of pack node; known versions are 1.0.0, 1.1.0, 1.10.0']],
    ["profil: strict\n", ['1:1 profil: unknown key "profil"; did you mean profile?']],
    ["services:\n  a:\n    sorce: x\n", ['3:5 sorce: unknown key "sorce"; did you mean source?']],
    ["zzzzzzzzzzz: 1\n", ['1:1 zzzzzzzzzzz: unknown key "zzzzzzzzzzz"; known keys are profile, packs, ignore, grades, environments, wrappers, loggers, registry, loadBalancer, database, istio, services']],
    ["profile: loud\n", ['1:10 loud: unknown value "loud"; known values are recommended, strict']],
    ["profile: [strict]\n", ["1:10 [strict]: expected text, got a list"]],
    ["profile:\n", ["1:9 : expected text, got nothing"]],
    ["packs: [node]\n", ["1:8 [node]: expected a map from names, got a list"]],
    ["ignore: legacy\n", ['1:9 legacy: expected a list, got "legacy"']],
    ["ignore: [a, {b: 1}, c]\n", ["1:13 {b: 1}: expected text, got a map"]],
    ["registry: 30s\n", ['1:11 30s: expected a map with ttl; got "30s"']],
    ["registry: { ttl: 30 }\n", ['1:18 30: expected a duration with its unit, such as 30s; got "30"']],
    ["registry: { ttl: soon }\n", ['1:18 soon: expected a duration with its unit, such as 30s; got "soon"']],
    ["registry: { ttl: -30s }\n", ['1:18 -30s: expected a duration with its unit, such as 30s; got "-30s"']],
    ["registry: { ttl: 0s }\n", ['1:18 0s: expected a duration above zero; got "0s"']],
    ["services: { a: { source: ../b } }\n", ['1:26 ../b: "../b" leaves the folder of pitlint.yaml; expected a path below it']],
    ["services: { a: { source: 'b\\..\\..\\c' } }\n", ["1:26 'b\\..\\..\\c': \"b\\..\\..\\c\" leaves the folder of pitlint.yaml; expected a path below it"]],
    ["services: { a: { source: /etc } }\n", ['1:26 /etc: "/etc" leaves the folder of pitlint.yaml; expected a path below it']],
    ["services: { a: { source: 'C:\\x' } }\n", ["1:26 'C:\\x': \"C:\\x\" leaves the folder of pitlint.yaml; expected a path below it"]],
    ["ignore: ['!../x']\n", ["1:10 '!../x': \"!../x\" leaves the folder of pitlint.yaml; expected a path below it"]],
    ["services: { a: { source: '' } }\n", ["1:26 '': expected text, got nothing"]],
    ["services: { a: { workloads: [orders] } }\n", ['1:30 orders: expected kind and name, such as Deployment/orders; got "orders"']],
    ["ignore: ['']\n", ["1:10 '': expected text, got nothing"]],
    ["environments: { production: [] }\n", ["1:29 []: the list is empty; expected one or more of them, or leave it out"]],
    ["profile: *house\n", ["1:10 *house: expected text, got an alias that nothing defines"]],
    ["loggers: { a: log4js }\n", ['1:15 log4js: unknown value "log4js"; known values are pino, winston, bunyan, console']],
    ["? [a]\n: b\n", ["1:3 [a]: expected a key, got a list"]],
    ["profile: strict\n\nprofile: strict\n", ['3:1 profile: duplicate key "profile"; the first is on line 1']],
    ["services:\n  a: {}\n  a: {}\n", ['3:3 a: duplicate key "a"; the first is on line 2']],
    ["ignore: ['**/a/**/b/**/c']\n", ["1:10 '**/a/**/b/**/c': \"**/a/**/b/**/c\" has more than two \"**/\", which takes too long in deep folders"]],
    ["database: { maxConnections: many }\n", ['1:29 many: expected a whole number above zero, got "many"']],
    ["database: { maxConnections: 0 }\n", ['1:29 0: expected a whole number above zero, got "0"']],
    ["istio: { version: latest }\n", ['1:19 latest: expected a version such as "1.27", got "latest"']],
    ["grades:\n  - rules: { timeout/no-limt: info }\n", ['2:14 timeout/no-limt: unknown rule "timeout/no-limt"; did you mean timeout/no-limit?']],
    ["grades:\n  - rules: { wolf/in-the-forest: info }\n", ['2:14 wolf/in-the-forest: unknown rule "wolf/in-the-forest"; pitlint rules lists them']],
    ["grades:\n  - rules: { timeout/no-limit: loud }\n", ['2:32 loud: unknown value "loud"; known values are error, warning, info, hint, off']],
    ["grades:\n  - paths: [../x]\n    rules: { timeout/*: off }\n", ['2:13 ../x: "../x" leaves the folder of pitlint.yaml; expected a path below it']],
    ["grades:\n  - paths: [a]\n", ['2:5 paths: [a]: names no rules; expected rules: { "timeout/http-call-without-timeout": info }']],
    ["environments: [production]\n", ["1:15 [production]: expected a map from names, got a list"]],
    ["- profile: strict\n", ["1:1 - profile: strict: expected a map with profile, packs, ignore, grades, environments, wrappers, loggers, registry, loadBalancer, database, istio, services; got a list"]],
    ["profile: {{ x }}\n", ["1:1 : is a template; expected YAML without {{ }} or {% %} outside quotes"]],
  ];
  for (const [text, expected] of table) it(JSON.stringify(text), () => assert.deepEqual(said(text), expected));

  it("is said for each fault, and the rest counts", () => {
    const { config, problems } = read("profile: strict\npacks: { nod: \"1\", node: \"1.0\" }\nfoo: 1\nwrappers: [a#b]\n");
    assert.equal(problems.length, 2);
    assert.deepEqual([config.profile, config.pins, config.wrappers], ["strict", { node: "1.0" }, ["a#b"]]);
  });

  it("is a file beside another", () => {
    const { configs, problems } = readConfigs([["a/pitlint.yaml", "profile: strict"], ["a/pitlint.yml", "profile: recommended"]], packs);
    assert.deepEqual([configs.map((one) => one.path), problems.map((one) => `${one.file}: ${one.message}`)], [["a/pitlint.yaml"], ["a/pitlint.yml: stands beside a/pitlint.yaml, which is read; keep one of them"]]);
  });

  it("is a second document", () => {
    assert.match(said("profile: strict\n---\nprofile: recommended\n")[0]!, /: holds more than one document; expected one$/);
  });

  it("leaves the defaults when the file is broken", () => {
    for (const text of ["profile: strict\n  x: [", "profile: strict\nregistry: {ttl: ", "profile: \"strict", "a: b: c", "profile: strict\0"]) {
      const { config, problems } = read(text);
      assert.ok(problems.length > 0, text);
      assert.ok(problems.every((one) => one.kind === "config" && one.file === "pitlint.yaml" && (one.at?.file ?? "pitlint.yaml") === "pitlint.yaml"), text);
      assert.deepEqual(config, { ...defaultConfig, path: "pitlint.yaml", folder: "" }, text);
    }
  });

  it("cannot reach prototypes", () => {
    for (const text of ["__proto__: { profile: strict }", "packs: { __proto__: { node: '1' } }", "services: { __proto__: { source: x } }", "loggers: { __proto__: pino }", "constructor: { prototype: { profile: strict } }", "registry: { __proto__: { ttl: 5s } }", "<<: { __proto__: { profile: strict } }"]) {
      const { config, problems } = read(text);
      assert.ok(problems.length > 0, text);
      assert.equal(config.profile, "recommended");
      assert.equal(Object.getPrototypeOf(config.pins), Object.prototype);
      assert.equal(Object.getPrototypeOf(config.loggers), Object.prototype);
    }
    assert.equal(({} as Record<string, unknown>)["profile"], undefined);
    assert.deepEqual(Object.entries(read("loggers: { constructor: pino }").config.loggers), [["constructor", "pino"]]);
  });

  it("never throws", () => {
    const piece = fc.constantFrom("profile", "packs", "services", "registry", "ttl", "__proto__", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "30s", "1.10", "node", "&a ", "*a", "<<", "!t ", "|", "'", '"', "? ", "---\n", "..", "\0", "#");
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")), (text) => {
      const { config, problems } = read(text);
      assert.ok(["recommended", "strict"].includes(config.profile));
      for (const { at } of problems) assert.ok(!at || (at.start <= at.end && at.end <= text.length));
    }), { numRuns: 1000 });
  });
});

describe("a mutated pitlint.yaml", () => {
  it("never throws, keeps places inside the file, and what it states can be used", () => {
    const whole = `profile: strict
packs: { node: "1.10" }
ignore: [legacy/, "!keep.ts"]
grades:
  - paths: [src/**, "*.ts"]
    rules: { timeout/no-limit: info, "timeout/*": off }
environments: { production: [deploy/prod/**], staging: [deploy/staging] }
services: { orders: { source: a, workloads: [Deployment/orders], registry: { ttl: 30s }, database: { maxConnections: 100 } } }
istio: { version: "1.27" }
wrappers: ["@acme/http#request"]
loggers: { "./src/log#logger": pino }
`;
    const odd = fc.oneof(fc.constantFrom("", "\n", "  ", "- ", ": ", "[", "]", "{", "}", "*a", "&a ", "<<: ", "!", "!!binary ", "\\", "..", "/", "\0", "\t", "\u2028", "{{", "'", '"', "[[]", "***", "0x", ".inf", "~"), fc.string({ maxLength: 4 }));
    const change = fc.record({ at: fc.nat(whole.length), cut: fc.nat(12), put: odd });
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const text = changes.reduce((all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut), whole);
      const { configs, problems } = readConfigs([["pitlint.yaml", text], ["apps/a/pitlint.yaml", text]], packs);
      for (const { at, file, message } of problems) {
        assert.ok(message !== "" && file.endsWith("pitlint.yaml") && (!at || (at.file === file && at.start <= at.end && at.end <= text.length)));
      }
      for (const config of configs) for (const path of ["src/a.ts", "apps/a/src/b.ts"]) statedGrade(config)(rule.id, path);
      environments(configs)("deploy/prod/x.yaml");
    }), { numRuns: 1500 });
  });
});

describe("configurations above", () => {
  const inner = (outer: string, text: string) => readConfigs([["apps/a/pitlint.yaml", text], ["pitlint.yaml", outer]], packs).configs[0]!;
  it("hold where the nearest says nothing", () => {
    const config = inner("profile: strict\nregistry: { ttl: 30s }\nwrappers: [a#b]\npacks: { node: '1.0' }\nistio: { version: 1.20 }\n", "packs: { kubernetes: '1.0' }\nwrappers: [c#d]\n");
    assert.deepEqual([config.profile, config.pins, config.wrappers, config.registryTtl?.known, config.registryTtl?.from[0]?.file, config.istioVersion?.known], ["strict", { node: "1.0", kubernetes: "1.0" }, ["a#b", "c#d"], 30_000, "pitlint.yaml", "1.20"]);
    assert.deepEqual([config.path, config.folder], ["apps/a/pitlint.yaml", "apps/a"]);
  });
  it("yield where the nearest speaks", () => {
    const config = inner("profile: strict\nregistry: { ttl: 30s }\npacks: { node: '1.0' }\n", "profile: recommended\nregistry: { ttl: 10s }\npacks: { node: '1.10' }\n");
    assert.deepEqual([config.profile, config.registryTtl?.known, config.pins], ["recommended", 10_000, { node: "1.10" }]);
  });
  it("name loggers by their own folder", () => {
    assert.deepEqual(inner('loggers: { "./packages/log#logger": pino, "@acme/log#log": bunyan }', "{}").loggers, { "../../packages/log#logger": "pino", "@acme/log#log": "bunyan" });
  });
  it("keep their ignored paths and services", () => {
    const config = inner("ignore: [x]\nservices: { a: { source: a } }\n", "{}");
    assert.deepEqual([config.ignore, config.services], [[], []]);
  });
});

describe("configFor", () => {
  const at = (folder: string): Config => ({ ...defaultConfig, path: folder ? `${folder}/pitlint.yaml` : "pitlint.yaml", folder });
  it("takes the innermost folder, whatever the order", () => {
    const [root, shop, orders] = [at(""), at("apps/shop"), at("apps/shop/orders")] as const;
    for (const configs of [[root, shop, orders], [orders, shop, root]]) {
      assert.equal(configFor(configs, "apps/shop/orders/a.ts"), orders);
      assert.equal(configFor(configs, "apps/shop/b.ts"), shop);
      assert.equal(configFor(configs, "apps/shopping/b.ts"), root);
      assert.equal(configFor(configs, "c.ts"), root);
    }
  });
  it("falls back to the frozen defaults", () => {
    assert.equal(configFor([], "a.ts"), defaultConfig);
    assert.equal(configFor([at("apps")], "libs/a.ts"), defaultConfig);
    assert.ok(Object.isFrozen(defaultConfig) && Object.isFrozen(read("profile: strict").config));
  });
  it("stands for a workspace without pitlint.yaml", () => {
    assert.deepEqual(readConfigs([], packs), { configs: [defaultConfig], problems: [] });
  });
});
