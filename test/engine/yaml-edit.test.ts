// Edits of single cases: how the text looks afterwards, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Scalar, YamlDocument, YamlMap, YamlNode, YamlPair, YamlScalar, YamlSeq } from "../../engine/types.ts";
import { insertItem, insertPair, lowerYamlEdit, movePair, quote, removePair, replaceScalar, type NewPair } from "../../engine/yaml/edit.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { lookup } from "../../engine/yaml/read.ts";
import { isPlain } from "../../engine/yaml/scalar-text.ts";
import type { TextEdit } from "../../engine/yaml/site.ts";
import { apply } from "./yaml-plain.ts";

type Operation = (text: string, document: YamlDocument) => TextEdit[] | undefined;
type Keys = readonly (string | number)[];

function edited(text: string, operation: Operation): string | undefined {
  const document = parseYaml("x.yaml", text).documents[0];
  assert.ok(document);
  const edits = operation(text, document);
  return edits && apply(text, edits);
}

/** The node as it stands in the text: no alias is followed. */
function nodeAt(document: YamlDocument, keys: Keys): YamlNode {
  const found = lookup(document, document.root, ...keys);
  assert.ok(found);
  return found.pair?.value ?? found.node;
}

function pairAt(document: YamlDocument, keys: Keys): YamlPair {
  const pair = lookup(document, document.root, ...keys)?.pair;
  assert.ok(pair);
  return pair;
}

const set = (value: Scalar, ...keys: Keys): Operation => (text, document) => replaceScalar(text, document, nodeAt(document, keys) as YamlScalar, value);
const add = (entry: NewPair, ...keys: Keys): Operation => (text, document) => insertPair(text, document, nodeAt(document, keys) as YamlMap, entry);
const append = (value: Scalar, index: number | undefined, ...keys: Keys): Operation => (text, document) => insertItem(text, document, nodeAt(document, keys) as YamlSeq, value, index);
const drop = (...keys: Keys): Operation => (text, document) => removePair(text, document, pairAt(document, keys));
const move = (from: Keys, to: Keys, beside = {}): Operation => (text, document) => movePair(text, document, pairAt(document, from), nodeAt(document, to) as YamlMap, beside);
const quoted = (...keys: Keys): Operation => (text, document) => quote(text, document, nodeAt(document, keys) as YamlScalar);

const cases: readonly (readonly [name: string, text: string, operation: Operation, after: string | undefined])[] = [
  ["replace keeps a comment", "a: 5 # five\n", set(7, "a"), "a: 7 # five\n"],
  ["replace keeps single quotes", "a: 'x'\n", set("it's", "a"), "a: 'it''s'\n"],
  ["replace keeps double quotes, so a number stays text", "a: \"5\"\n", set(7, "a"), "a: \"7\"\n"],
  ["replace keeps the unit", "a: 30s\n", set(10, "a"), "a: 10s\n"],
  ["replace keeps the unit in quotes", "a: \"1.5h\"\n", set(2, "a"), "a: \"2h\"\n"],
  ["replace a number by text that reads as one", "a: 5\n", set("010", "a"), "a: \"010\"\n"],
  ["replace by text with a colon", "a: x\n", set("b: c", "a"), "a: \"b: c\"\n"],
  ["replace in flow by text with a comma", "a: [x, y]\n", set("p,q", "a", 0), "a: [\"p,q\", y]\n"],
  ["replace over lines", "a: x\n  y\nb: 1\n", set("z", "a"), "a: z\nb: 1\n"],
  ["replace an anchored value that nobody names", "a: &x 5\n", set(6, "a"), "a: &x 6\n"],
  ["replace a shared value", "a: &x 5\nb: *x\n", set(6, "a"), undefined],
  ["replace inside a shared map", "a: &x {t: 5}\nb: {<<: *x}\n", set(6, "a", "t"), undefined],
  ["replace a block scalar", "a: |\n  x\n", set("y", "a"), undefined],
  ["replace a tagged value", "a: !!str 5\n", set(6, "a"), undefined],
  ["replace in a document with errors", "a: 5\nb: [\n", set(6, "a"), undefined],

  ["insert last", "a: 1\nb:\n  c: 2 # two\n\n# end\n", add({ key: "d", value: 3 }, "b"), "a: 1\nb:\n  c: 2 # two\n  d: 3\n\n# end\n"],
  ["insert after a sibling", "a: 1\nb: 2\n", add({ key: "w", value: "x", after: "a" }), "a: 1\nw: x\nb: 2\n"],
  ["insert before a sibling", "a: 1\n# of b\nb: 2\n", add({ key: "w", value: "x", before: "b" }), "a: 1\nw: x\n# of b\nb: 2\n"],
  ["insert before the first", "- a: 1\n  b: 2\n", add({ key: "w", value: true, before: "a" }, 0), "- w: true\n  a: 1\n  b: 2\n"],
  ["insert without a sibling of that name", "a: 1\n", add({ key: "w", value: null, after: "zz" }), "a: 1\nw: null\n"],
  ["insert at an open end", "a: 1", add({ key: "w", value: 2 }), "a: 1\nw: 2"],
  ["insert with CRLF", "a:\r\n  b: 1\r\nc: 2", add({ key: "w", value: 2 }, "a"), "a:\r\n  b: 1\r\n  w: 2\r\nc: 2"],
  ["insert with CR", "a:\r  b: 1\rc: 2\r", add({ key: "w", value: 2 }, "a"), "a:\r  b: 1\r  w: 2\rc: 2\r"],
  ["insert behind a byte order mark", "\uFEFFa: 1\n", add({ key: "w", value: 2, before: "a" }), "\uFEFFw: 2\na: 1\n"],
  ["insert after a literal", "a: |\n  x\n\nb: 1\n", add({ key: "w", value: 2, after: "a" }), "a: |\n  x\nw: 2\n\nb: 1\n"],
  ["insert after a keeping literal", "a: |+\n  x\n\nb: 1\n", add({ key: "w", value: 2, after: "a" }), "a: |+\n  x\n\nw: 2\nb: 1\n"],
  ["insert after an empty value", "a: # none\nb: 1\n", add({ key: "w", value: 2, after: "a" }), "a: # none\nw: 2\nb: 1\n"],
  ["insert after a list in the same column", "a:\n- x\n- y\nb: 1\n", add({ key: "w", value: 2, after: "a" }), "a:\n- x\n- y\nw: 2\nb: 1\n"],
  ["insert keeps a wide indentation", "a:\n        b: 1\n", add({ key: "w", value: 2 }, "a"), "a:\n        b: 1\n        w: 2\n"],
  ["insert YAML text", "a:\n  b: 1\nc: 2\n", add({ key: "w", value: "\n    exec:\n      command: [x]\n    # why\n    z: 1\n" }, "a"), "a:\n  b: 1\n  w:\n    exec:\n      command: [x]\n    # why\n    z: 1\nc: 2\n"],
  ["insert a key that needs quotes", "a: 1\n", add({ key: "on", value: "off" }), "a: 1\n\"on\": \"off\"\n"],
  ["insert a key that is there", "a: 1\n", add({ key: "a", value: 2 }), undefined],
  ["insert into flow", "a: { b: 1 } # c\n", add({ key: "w", value: 2 }, "a"), "a: { b: 1, w: 2 } # c\n"],
  ["insert into flow first", "a: { b: 1 }\n", add({ key: "w", value: 2, before: "b" }, "a"), "a: {w: 2, b: 1 }\n"],
  ["insert into flow before a trailing comma", "a: {\n  b: 1,\n}\n", add({ key: "w", value: 2 }, "a"), "a: {\n  b: 1, w: 2,\n}\n"],
  ["insert into an empty map", "a: {}\n", add({ key: "w", value: "x y" }, "a"), "a: {w: x y}\n"],
  ["insert YAML text into flow", "a: {b: 1}\n", add({ key: "w", value: "x:\n  y" }, "a"), undefined],
  ["insert into a pair without braces", "a: [b: 1]\n", add({ key: "w", value: 2 }, "a", 0), undefined],
  ["insert into a shared map", "a: &x\n  b: 1\nc: *x\n", add({ key: "w", value: 2 }, "a"), undefined],

  ["item last", "a:\n  -   x\n  - y # two\nb: 1\n", append("z", undefined, "a"), "a:\n  -   x\n  - y # two\n  - z\nb: 1\n"],
  ["item first", "a:\n- x\n", append("z", 0, "a"), "a:\n- z\n- x\n"],
  ["item after an empty one", "a:\n-\n- x\n", append(1, 1, "a"), "a:\n-\n- 1\n- x\n"],
  ["item of YAML text", "a:\n  - n: x\n", append("n: y\nv: [1]\n", undefined, "a"), "a:\n  - n: x\n  - n: y\n    v: [1]\n"],
  ["item in nested dashes", "- - a\n  - b\n- c", append("z", undefined, 0), "- - a\n  - b\n  - z\n- c"],
  ["item into flow", "a: [x, &k y]\n", append("p, q", undefined, "a"), "a: [x, &k y, \"p, q\"]\n"],
  ["item into flow first", "a: [&k y]\n", append(1, 0, "a"), "a: [1, &k y]\n"],

  ["remove with its comment", "a: 1\n\n# of b\n# more\nb: 2 # x\nc: 3\n", drop("b"), "a: 1\n\nc: 3\n"],
  ["remove leaves a comment apart", "a: 1\n# apart\n\nb: 2\nc: 3\n", drop("b"), "a: 1\n# apart\n\nc: 3\n"],
  ["remove leaves the head of the file", "# licence\na: 1\nb: 2\n", drop("a"), "# licence\nb: 2\n"],
  ["remove a comment that is text", "a: |\n  # text\nb: 1\nc: 1\n", drop("b"), "a: |\n  # text\nc: 1\n"],
  ["remove a tree", "a:\n  - x\n  - y: |\n      z\nb: 1\n", drop("a"), "b: 1\n"],
  ["remove the last at an open end", "a: 1\nb: 2", drop("b"), "a: 1\n"],
  ["remove behind a dash", "- a: 1\n  b: 2\n", drop(0, "a"), "- b: 2\n"],
  ["remove the only pair of a map", "a:\n  b:\n    c: 1\nd: 2\n", drop("a", "b", "c"), "d: 2\n"],
  ["remove the only pair of an item", "- a: 1\n- b: 2\n", drop(0, "a"), undefined],
  ["remove the only pair of the document", "a: 1\n", drop("a"), undefined],
  ["remove from flow", "x: {a: 1, b: 2, c: 3}\n", drop("x", "b"), "x: {a: 1, c: 3}\n"],
  ["remove first from flow", "x: { a: 1, b: 2 }\n", drop("x", "a"), "x: { b: 2 }\n"],
  ["remove the only pair of a flow map", "x: {a: 1}\ny: 1\n", drop("x", "a"), "y: 1\n"],
  ["remove after a keeping literal", "a: |+\n  x\nb: 1\n\n", drop("b"), undefined],
  ["remove between a literal and an indented comment", "a: |\n  x\nb: 1\n   # c\nc: 1\n", drop("b"), undefined],
  ["remove an anchor that is used", "a: &x 1\nb: *x\nc: 1\n", drop("a"), undefined],
  ["remove one of equal keys", "a: 1\na: 2\nb: 1\n", drop("a"), undefined],

  ["move into another map", "a:\n  # why\n  t: |\n    x\n\n    y\n  u: 1\nb:\n    c: 2\n", move(["a", "t"], ["b"]), "a:\n  u: 1\nb:\n    c: 2\n    # why\n    t: |\n      x\n\n      y\n"],
  ["move up", "a: 1\nb: 2\nc: 3", move(["c"], [], { before: "a" }), "c: 3\na: 1\nb: 2\n"],
  ["move from behind a dash", "- a: 1\n  b: 2\n", move([0, "a"], [0], { after: "b" }), "- b: 2\n  a: 1\n"],
  ["move to where it stands", "a: 1\nb: 2\n", move(["a"], [], { before: "b" }), "a: 1\nb: 2\n"],
  ["move into itself", "a:\n  b: 1\nc: 1\n", move(["a"], ["a"]), undefined],
  ["move an alias", "a: &x 1\nb: *x\nc: {}\n", move(["b"], [], { before: "a" }), undefined],

  ["quote", "a: yes # c\n", quoted("a"), "a: \"yes\" # c\n"],
  ["quote escapes", "a: C:\\x \"y\"\n", quoted("a"), "a: \"C:\\\\x \\\"y\\\"\"\n"],
  ["quote what is quoted", "a: 'x'\n", quoted("a"), undefined],
];

for (const [name, text, operation, after] of cases) {
  test(`${name}${after === undefined ? ": refused" : ""}`, () => assert.equal(edited(text, operation), after));
}

test("YAML edits are lowered by the place of their node", () => {
  const text = "---\nz: 0\n---\na: 5\nb:\n  c: 1\ne:\n";
  const { documents } = parseYaml("x.yaml", text);
  const place = (word: string, length = word.length) => ({ file: "k8s/x.yaml", start: text.indexOf(word), end: text.indexOf(word) + length });
  const empty = { file: "", start: text.indexOf("e:") + 2, end: text.indexOf("e:") + 2 };
  const lowered = (edit: Parameters<typeof lowerYamlEdit>[2]) => {
    const edits = lowerYamlEdit(text, documents, edit);
    return edits && apply(text, edits).slice(13);
  };
  assert.equal(lowered({ yaml: place("5"), set: 6 }), "a: 6\nb:\n  c: 1\ne:\n");
  assert.equal(lowered({ yaml: place("c: 1"), insert: { key: "d", value: "x" } }), "a: 5\nb:\n  c: 1\n  d: x\ne:\n");
  assert.equal(lowered({ yaml: place("a"), remove: true }), "b:\n  c: 1\ne:\n");
  assert.equal(lowered({ yaml: place("5"), remove: true }), "b:\n  c: 1\ne:\n");
  assert.equal(lowered({ yaml: empty, remove: true }), "a: 5\nb:\n  c: 1\n");
  assert.equal(lowered({ yaml: empty, set: 6 }), "a: 5\nb:\n  c: 1\ne: 6\n");
  assert.equal(lowered({ yaml: empty, insert: { key: "d", value: "x" } }), "a: 5\nb:\n  c: 1\ne:\n  d: x\n");
  assert.equal(lowered({ yaml: place("c"), insert: { key: "d", value: "x" } }), undefined);
  assert.equal(lowered({ yaml: place("c: 1"), set: 6 }), undefined);
  assert.equal(lowered({ yaml: place("b:", 2), set: 6 }), undefined);
});

test("plain text is read as itself, in both YAML versions", () => {
  const words = ["a", "10s", "1.2.3", "v1", "a b", "http://x/y", "$(HOST)", "a#b", "a:b", "é", "x-y", "y", "no", "1e3", "0x1", "12:30", "1:60", "2024-01-01", "- a", "a: b", "a #b", "a:", " a", "a ", "", "~", "null", "[a", "a]", "a,b", "*a", "&a", "!a", "%a", "@a", "`a", "'a", "|", ">", "...", "---", "<<", "=", ".5", "+1", "1_0", ".inf", "a\nb", "a\tb", "\u2028", "{{ x }}"];
  for (const word of words) {
    for (const flow of [false, true]) {
      if (!isPlain(word, flow)) continue;
      const { documents, problems } = parseYaml("x.yaml", flow ? `k: [${word}, {${word}: ${word}}]\n` : `k: ${word}\n${word}: 1\n`);
      const node = documents[0] && lookup(documents[0], documents[0].root, "k", ...(flow ? [0] : []))?.node;
      assert.deepEqual([word, problems, node?.kind === "scalar" && [node.value, node.legacy]], [word, [], [word, undefined]]);
    }
  }
  assert.deepEqual(words.filter((word) => isPlain(word, true)).slice(0, 7), ["a", "10s", "1.2.3", "v1", "a b", "http://x/y", "$(HOST)"]);
});
