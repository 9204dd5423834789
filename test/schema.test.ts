// The schema that editors get is current, and accepts exactly what the reader of pitlint.yaml accepts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import fc from "fast-check";
import { readConfigs } from "../engine/read-config.ts";
import { packs } from "../rules/packs/index.ts";
import { schemaText } from "../scripts/schema.ts";

it("docs/pitlint.schema.json is current: run npx tsx scripts/schema.ts", () => {
  assert.equal(readFileSync("docs/pitlint.schema.json", "utf8"), schemaText(packs));
});

it("accepts what the reader accepts, and refuses what it refuses", () => {
  const odd = fc.constantFrom<unknown>("strict", "**/**/**/x", 1.5, { maxConnections: 1.5 }, { version: "new" }, { rules: {} }, { paths: [] }, "30s", "0s", "-1s", "1h30m", ".5s", "0.0s", "soon", "pino", "a", "", " ", "../x", "a/../b", "a\\..", "..a", "/x", "!../x", "C:/x", "a..", 30, 0, 1.5, true, null, [], ["a"], ["../a", 1], [null], {}, { ttl: "30s" }, { ttl: 30 }, { idleTimeout: "1m" }, { idle: "1m" });
  /** Mostly right, so that whole files are accepted too. */
  const mostly = <T>(right: fc.Arbitrary<T>) => fc.oneof<fc.WeightedArbitrary<unknown>[]>({ weight: 24, arbitrary: right }, { weight: 1, arbitrary: odd });
  const some = (keys: Readonly<Record<string, fc.Arbitrary<unknown>>>) => fc.record(keys, { noNullPrototype: true, requiredKeys: [] });
  const named = (of: fc.Arbitrary<unknown>) => fc.dictionary(fc.constantFrom("a", "b"), of, { noNullPrototype: true });
  const texts = fc.array(mostly(fc.constantFrom<unknown>("a", "@a/b#c", 7, "/x")), { maxLength: 2 });
  const time = fc.constantFrom("30s", "1h30m", "1.5s", ".5s");
  const stated = { registry: mostly(some({ ttl: mostly(time) })), loadBalancer: mostly(some({ idleTimeout: mostly(time) })), database: mostly(some({ maxConnections: mostly(fc.constantFrom(1, 200)) })) };
  const service = some({ source: mostly(fc.constantFrom("a", "a/b", "..a", "a..", 7)), workloads: mostly(fc.array(mostly(fc.constantFrom("Deployment/a", "compose/b-c", "a/b")), { maxLength: 2 })), images: mostly(texts), names: mostly(texts), ...stated });
  // Which versions exist is the reader's knowledge alone.
  const pins = fc.dictionary(fc.constantFrom(...packs.flatMap((pack) => Array<string>(14).fill(pack.name)), "other"), fc.constantFrom<unknown>(...Array<string>(14).fill(packs[0]!.releases[0]!.version), null, [], {}), { noNullPrototype: true, maxKeys: 2 });
  const known = { profile: mostly(fc.constantFrom("recommended", "strict")), packs: fc.oneof({ weight: 14, arbitrary: pins }, { weight: 1, arbitrary: fc.constantFrom(null, [], "a") }), ignore: mostly(texts), wrappers: mostly(texts), ...stated, services: mostly(named(mostly(service))), loggers: mostly(named(mostly(fc.constantFrom("pino", "console")))) };
  const grade = mostly(fc.record({ rules: mostly(fc.dictionary(fc.constantFrom(...Array<string>(14).fill("timeout/http-call-without-timeout"), "timeout/*", "wolf"), mostly(fc.constantFrom("off", "info")), { noNullPrototype: true, maxKeys: 2 })), paths: mostly(texts) }, { noNullPrototype: true, requiredKeys: ["rules"] }));
  const paths = fc.array(mostly(fc.constantFrom<unknown>("a", "deploy/prod/", "!x", 7)), { minLength: 1, maxLength: 2 });
  const more = { grades: mostly(fc.array(grade, { maxLength: 2 })), environments: mostly(named(mostly(paths))), istio: mostly(some({ version: mostly(fc.constantFrom<unknown>("1.27", 1.27)) })) };
  Object.assign(known, more);
  const config = fc.oneof({ weight: 14, arbitrary: some(known) }, { weight: 1, arbitrary: some({ ...known, other: odd }) });
  const schema = JSON.parse(readFileSync("docs/pitlint.schema.json", "utf8")) as Json;
  const seen = { accepted: 0, refused: 0 };
  fc.assert(fc.property(config, (value) => {
    const { problems } = readConfigs([["pitlint.yaml", JSON.stringify(value)]], packs);
    const success = accepts(schema, value);
    assert.equal(problems.length === 0, success, `${JSON.stringify(value)}\nreader: ${problems.map((one) => one.message).join("; ")}`);
    seen[success ? "accepted" : "refused"]++;
  }), { numRuns: 3000 });
  assert.ok(seen.accepted > 300 && seen.refused > 300, JSON.stringify(seen));
});

type Json = { readonly [key: string]: any };

/** The keywords of draft 7 that the schema uses; throws on any other. */
function accepts(schema: Json, value: any): boolean {
  const isMap = value !== null && typeof value === "object" && !Array.isArray(value);
  const entries: [string, any][] = isMap ? Object.entries(value) : [];
  return Object.entries(schema).every(([keyword, rule]): boolean => {
    switch (keyword) {
      case "$schema": case "title": case "description": case "propertyNames": return true;
      case "minimum": return typeof value !== "number" || value >= rule;
      case "maximum": return typeof value !== "number" || value <= rule;
      case "type": return rule === "integer" ? Number.isInteger(value) : rule === "object" ? isMap : rule === "array" ? Array.isArray(value) : typeof value === rule;
      case "anyOf": return rule.some((one: Json) => accepts(one, value));
      case "enum": return rule.includes(value);
      case "pattern": return typeof value !== "string" || new RegExp(rule, "u").test(value);
      case "items": return !Array.isArray(value) || value.every((one) => accepts(rule, one));
      case "minItems": return !Array.isArray(value) || value.length >= rule;
      case "required": return rule.every((key: string) => Object.hasOwn(value, key));
      case "properties": return entries.every(([key, one]) => !Object.hasOwn(rule, key) || accepts(rule[key], one));
      case "additionalProperties": return entries.every(([key, one]) => Object.hasOwn(schema["properties"] ?? {}, key) || (rule !== false && accepts(rule, one)));
      default: throw new Error(`unknown keyword ${keyword}`);
    }
  });
}
