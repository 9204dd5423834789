// Compose files as they run: variables of `.env`, and files that change others.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { composeReadings, interpolate } from "../../engine/compose.ts";
import { lowerYamlEdit } from "../../engine/yaml/edit.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { isOpen, items, lookup, scalar, text } from "../../engine/yaml/read.ts";
import type { YamlDocument } from "../../engine/types.ts";

const readings = (files: Readonly<Record<string, string>>, env = "") =>
  composeReadings(Object.entries(files).flatMap(([path, said]) => parseYaml(path, said).documents), new Map([["app/.env", env]]));
const known = (document: YamlDocument | undefined, ...keys: (string | number)[]) => {
  const value = document && scalar(document, document.root, "services", "orders", ...keys);
  return value && ("known" in value ? value.known : "absent" in value ? "absent" : "unknown");
};

describe("a variable", () => {
  const shell = new Map([["SET", "30"], ["EMPTY", ""], ["NESTED", "${SET}s"], ["ROUND", "$ROUND"]]);
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["${SET}", "30"], ["$SET", "30"], ["${SET}s", "30s"], ["${NESTED}", "30s"], ["${UNSET:-5}", "5"], ["${UNSET-5}", "5"], ["${SET:-5}", "30"], ["${EMPTY:-5}", "5"], ["${EMPTY-5}", ""],
    ["${UNSET:+5}", ""], ["${SET:+5}", "5"], ["${SET:?missing}", "30"],
    ["${UNSET}", undefined], ["${UNSET:?missing}", undefined], ["${ROUND}", undefined], ["$", undefined],
  ];
  for (const [written, expected] of cases) it(`${written} is ${expected}`, () => assert.equal(interpolate(written, shell), expected));

  it("of .env or with a default is put in, another one stays unknown", () => {
    const [document] = readings({ "app/compose.yaml": "services:\n  orders:\n    image: acme/orders:${TAG}\n    stop_grace_period: ${GRACE:-30}s\n    command: ${COMMAND}\n    hostname: $$HOST\n" }, "TAG=2\n");
    assert.deepEqual(["image", "stop_grace_period", "command"].map((key) => known(document, key)), ["acme/orders:2", "30s", "unknown"]);
  });
  it("is not written over", () => {
    const said = "services:\n  orders:\n    stop_grace_period: ${GRACE:-30s}\n";
    const start = said.indexOf("${");
    assert.equal(lowerYamlEdit(said, parseYaml("compose.yaml", said).documents, { yaml: { file: "", start, end: said.length - 1 }, set: "60s" }), undefined);
  });
});

describe("a file that changes the base", () => {
  const base = "services:\n  orders:\n    image: acme/orders\n    stop_grace_period: 30s\n    command: [a, b]\n    environment: [A=1]\n    ports: [\"80:80\"]\n";
  const over = "services:\n  orders:\n    stop_grace_period: 60s\n    command: [c]\n    environment: {B: 2}\n    ports: [\"81:81\"]\n";
  const files = { "app/docker-compose.yml": base, "app/docker-compose.prod.yml": over };
  it("is read together with it, in both places", () => {
    const found = readings(files);
    assert.deepEqual(found.map(({ path, unit, isMerged }) => [path, unit, isMerged]), [["app/docker-compose.yml", "app/docker-compose.prod.yml", true], ["app/docker-compose.prod.yml", "app/docker-compose.prod.yml", true]]);
    for (const document of found) assert.deepEqual([known(document, "image"), known(document, "stop_grace_period"), known(document, "command", 0), known(document, "command", 1)], ["acme/orders", "60s", "c", "unknown"]);
  });
  it("adds to lists, and keeps what it does not mix", () => {
    const [document] = readings(files);
    assert.ok(document);
    assert.deepEqual(items(document, lookup(document, document.root, "services", "orders", "ports")).map(text), ["80:80", "81:81"]);
    assert.equal(isOpen(document, lookup(document, document.root, "services", "orders", "environment")), true);
  });
  it("for a developer leaves the base as it is, and is not judged", () => assert.deepEqual(readings({ "app/compose.yaml": base, "app/compose.dev.yaml": over }).map(({ path, unit }) => [path, unit]), [["app/compose.yaml", undefined]]));
  it("with services of its own only stands for itself", () => assert.deepEqual(readings({ "app/compose.yaml": base, "app/compose.full.yaml": base }).map(({ unit }) => unit), [undefined, undefined]));
  it("elsewhere changes nothing", () => assert.deepEqual(readings({ "app/compose.yaml": base, "other/compose.prod.yaml": over }).map(({ unit }) => unit), [undefined, undefined]));
});
