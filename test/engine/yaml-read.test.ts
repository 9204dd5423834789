// The accessor: last wins, aliases, merge keys, what is known, absent or unknown, and what may be believed near a syntax error.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { YamlDocument } from "../../engine/types.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { absentProvable, items, lookup, pairs, scalar, text, trusted } from "../../engine/yaml/read.ts";

function open(source: string, path = "x.yaml"): YamlDocument {
  const document = parseYaml(path, source).documents[0];
  assert.ok(document);
  return document;
}

function at(source: string, ...keys: (string | number)[]) {
  const document = open(source);
  return lookup(document, document.root, ...keys);
}

function ask(source: string, ...keys: (string | number)[]) {
  const document = open(source);
  return scalar(document, document.root, ...keys);
}

test("follows keys and positions", () => {
  assert.equal(text(at("a:\n  - b: 1\n  - b: 2\n", "a", 1, "b")), "2");
  assert.equal(text(at("8080: x\n", "8080")), "x");
  assert.equal(at("a: 1\n", "a", "b"), undefined);
  assert.equal(at("a: [1]\n", "a", "0"), undefined);
});

test("the last of equal keys wins", () => {
  assert.equal(text(at("a: 1\nb: 0\na: 2\n", "a")), "2");
  const document = open("a: 1\nb: 0\na: 2\n");
  assert.deepEqual(pairs(document, document.root).map(({ key, node }) => [key, text(node)]), [["a", "2"], ["b", "0"]]);
});

const merged = "base: &base {x: 1, y: 1}\nmore: &more {y: 2, z: 2}\none:\n  <<: *base\n  x: own\ntwo:\n  <<: [*more, *base]\nthree:\n  <<: {x: inline}\n  <<: *more\nfour: *base\n";

test("merge keys: own first, then the first of a list", () => {
  assert.deepEqual([at(merged, "one", "x")?.origin, text(at(merged, "one", "x"))], ["own", "own"]);
  assert.deepEqual([at(merged, "one", "y")?.origin, text(at(merged, "one", "y"))], ["merge", "1"]);
  assert.equal(text(at(merged, "two", "y")), "2");
  assert.equal(text(at(merged, "two", "x")), "1");
  assert.equal(text(at(merged, "three", "x")), "inline");
  assert.equal(text(at(merged, "three", "z")), "2");
  const document = open(merged);
  assert.deepEqual(pairs(document, lookup(document, document.root, "two")).map(({ key, origin }) => [key, origin]), [["y", "merge"], ["z", "merge"], ["x", "merge"]]);
});

test("a quoted << is an ordinary key", () => {
  assert.equal(at("a: &a {x: 1}\nb:\n  \"<<\": *a\n", "b", "x"), undefined);
});

test("the origin is kept from one lookup to the next", () => {
  const document = open(merged);
  const four = lookup(document, document.root, "four");
  assert.equal(four?.origin, "alias");
  assert.equal(lookup(document, four, "x")?.origin, "alias");
  assert.equal(items(document, lookup(document, open("a: [1]").root, "a"))[0]?.origin, "own");
});

test("an alias means the anchor above it", () => {
  const source = "a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: *y\n";
  assert.deepEqual(["b", "d"].map((key) => text(at(source, key))), ["1", "2"]);
  assert.equal(at(source, "e")?.node.kind, "alias");
  assert.deepEqual(ask(source, "e"), { unknown: "no anchor y" });
});

test("an anchor on a key and an empty anchored value are found", () => {
  assert.equal(text(at("&k a: 1\nb: *k\n", "b")), "a");
  assert.deepEqual(ask("a: &x\nb: *x\n", "b"), { known: null, by: "text", from: [{ file: "", start: 5, end: 5 }] });
});

test("cycles end", () => {
  const source = "a: &a\n  <<: *a\n  self: *a\n  x: 1\nb: &b [*b]\n";
  assert.equal(text(at(source, "a", "self", "self", "self", "x")), "1");
  assert.equal(at(source, "a", "nothing"), undefined);
  assert.equal(at(source, "b", 0, 0, 0)?.node.kind, "seq");
  assert.deepEqual(ask(source, "a", "nothing"), { absent: true });
});

test("a scalar is known by its text", () => {
  const source = "a: {b: 30s}\n";
  assert.deepEqual(ask(source, "a", "b"), { known: "30s", by: "text", from: [{ file: "", start: 7, end: 10 }] });
  assert.deepEqual(ask("a:\n", "a"), { known: null, by: "text", from: [{ file: "", start: 2, end: 2 }] });
});

test("absent only where the map is closed", () => {
  assert.deepEqual(ask("a: {b: 1}\n", "a", "c"), { absent: true });
  assert.deepEqual(ask("a: {b: 1}\n", "c", "d"), { absent: true });
  assert.deepEqual(ask("a:\n", "a", "b"), { absent: true });
  assert.deepEqual(ask("x: &x {b: 1}\na: {<<: *x}\n", "a", "c"), { absent: true });
  for (const open of ["a: {<<: *nothing}\n", "a: {<<: 1}\n", "x: &x {<<: [1]}\na: {<<: *x}\n", "a: !Ref {b: 1}\n", "a: {*k : 1}\n", "a: *x\n", "a: 5\n", "a: [1]\n", "a: {b: 1}\nc: [\n"]) {
    assert.deepEqual(Object.keys(ask(open, "a", "c")), ["unknown"], open);
  }
  const document = open("a: 1\n");
  assert.deepEqual(Object.keys(scalar(document, undefined, "a")), ["unknown"]);
});

test("tagged and interpolated values are unknown", () => {
  assert.deepEqual(ask("a: !vault x\n", "a"), { unknown: "tagged !vault" });
  assert.equal("known" in ask("a: !!str 5\n", "a"), true);
  const compose = open("services:\n  a:\n    image: ${REG}/a\n    user: $USER\n    tty: a$$b\n", "compose.yaml");
  const of = (key: string) => scalar(compose, compose.root, "services", "a", key);
  assert.deepEqual([of("image"), of("user")], [{ unknown: "interpolated" }, { unknown: "interpolated" }]);
  assert.equal(text(of("tty")), "a$$b");
  assert.equal(text(lookup(compose, compose.root, "services", "a", "image")), "${REG}/a");
});

test("near a syntax error nothing is believed, before it the closed parts are", () => {
  const source = "apiVersion: v1\nkind: Pod\nspec:\n  ready:\n    period: 5\n  live:\n    period: 6\n    bad\n  late: 7\n";
  const document = open(source);
  const span = (word: string) => ({ file: "", start: source.indexOf(word), end: source.indexOf(word) + 1 });
  assert.equal(trusted(document, span("5")), true);
  assert.equal(trusted(document, span("6")), false);
  assert.equal(trusted(document, span("7")), false);
  assert.equal(trusted(document, span("v1")), false);
  assert.deepEqual(scalar(document, document.root, "spec", "live", "period"), { unknown: "near a syntax error" });
  assert.equal(text(scalar(document, document.root, "spec", "ready", "period")), "5");
  assert.equal(absentProvable(document, lookup(document, document.root, "spec", "ready")), false);
  assert.equal(trusted(open("a: 1\n"), { file: "", start: 3, end: 4 }), true);
});

test("30,000 aliases and a fan of merges are read quickly enough to test", () => {
  const list = open(Array.from({ length: 15_000 }, (_, i) => `- &a${i} {k: ${i}}\n- *a${i}`).join("\n"));
  const read = items(list, list.root).map((item) => text(lookup(list, item, "k")));
  assert.equal(read.at(-1), "14999");
  const fan = open(`${Array.from({ length: 300 }, (_, i) => `m${i}: &m${i}\n  <<: [${i === 0 ? "" : Array(8).fill(`*m${i - 1}`).join(", ")}]\n  k${i}: ${i}`).join("\n")}\n`);
  assert.equal(text(lookup(fan, fan.root, "m299", "k0")), "0");
  assert.deepEqual(scalar(fan, fan.root, "m299", "none"), { absent: true });
});

test("of many maps that each merge the last, the nearest are read, and what they do not say is unknown", () => {
  const long = `a0: &a0 { b: 1 }\n${Array.from({ length: 3_000 }, (_, index) => `a${index + 1}: &a${index + 1} { <<: *a${index}, c: ${index} }\n`).join("")}`;
  const document = open(long);
  const of = (key: string) => lookup(document, document.root, key);
  assert.equal(text(lookup(document, of("a3"), "b")), "1");
  assert.equal(text(lookup(document, of("a3000"), "c")), "2999");
  assert.deepEqual([lookup(document, of("a3000"), "b"), absentProvable(document, of("a3000")), absentProvable(document, of("a3"))], [undefined, false, true]);
});
