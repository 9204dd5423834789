// From text to plain documents: spans, styles, readings, line ends, errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { YamlMap, YamlNode, YamlScalar } from "../../engine/types.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { nodesOf, pathTo } from "../../engine/yaml/place.ts";
import { plainAll } from "./yaml-plain.ts";

function root(text: string): YamlNode {
  const node = parseYaml("x.yaml", text).documents[0]?.root;
  assert.ok(node);
  return node;
}

function rootMap(text: string): YamlMap {
  const node = root(text);
  assert.equal(node.kind, "map");
  return node as YamlMap;
}

/** The text under each node, in order. */
function shown(text: string): string[] {
  return [...nodesOf(root(text))].map(({ at }) => text.slice(at.start, at.end));
}

test("spans hold the value itself: no anchor, tag, comment or line break", () => {
  assert.deepEqual(shown("a: &x !!str 5 # five\nb: 'q'   \n"), ["a: &x !!str 5 # five\nb: 'q'", "a", "5", "b", "'q'"]);
  assert.deepEqual(shown("- |\n  x\n\n- >-\n  y\n"), ["- |\n  x\n\n- >-\n  y", "|\n  x", ">-\n  y"]);
  assert.deepEqual(shown("a: |+\n  x\n\nb: 1"), ["a: |+\n  x\n\nb: 1", "a", "|+\n  x\n", "b", "1"]);
  assert.deepEqual(shown("a: { b: [1, x y] } # c\n"), ["a: { b: [1, x y] }", "a", "{ b: [1, x y] }", "b", "[1, x y]", "1", "x y"]);
  assert.deepEqual(shown("k:\n- a\n-\n"), ["k:\n- a\n-", "k", "- a\n-", "a", ""]);
});

test("pairs know their start and their colon; an empty value is null", () => {
  const text = "&k a: 1\n? b\n: 2\nc:   # empty\n\"d\" : 3\n";
  const pairs = rootMap(text).pairs;
  assert.deepEqual(pairs.map(({ start }) => text.slice(start, start + 2)), ["&k", "? ", "c:", '"d']);
  assert.deepEqual(pairs.map(({ colon }) => text[colon - 1]), [":", ":", ":", ":"]);
  assert.deepEqual(pairs.map(({ value }) => value === null), [false, false, true, false]);
  assert.equal(text.slice(0, rootMap(text).at.start), "");
});

test("an empty value with an anchor or a tag is a node", () => {
  const { pairs } = rootMap("a: &x\nb: !!null\nc: *x\n");
  assert.deepEqual(pairs.map(({ value }) => value?.kind), ["scalar", "scalar", "alias"]);
  assert.equal(pairs[0]?.value?.anchor, "x");
});

test("dashes stand where the items begin, in block style only", () => {
  const block = root("- a\n-\n  - b\n- &x c\n");
  assert.deepEqual(block.kind === "seq" && block.dashes, [0, 4, 12]);
  const flow = root("[a, b]");
  assert.deepEqual(flow.kind === "seq" && flow.dashes, []);
});

const readings: readonly (readonly [source: string, value: unknown, legacy?: unknown])[] = [
  ["yes", "yes", true], ["n", "n", false], ["Off", "Off", false], ["true", true], ["010", 10, 8], ["0o17", 15], ["0x1F", 31], ["-0x1F", "-0x1F", -31],
  ["1_000", "1_000", 1000], ["1_000.5", "1_000.5", 1000.5], ["0b101", "0b101", 5], ["08", 8], ["12:30:45", "12:30:45"], ["1e3", 1000], ["10s", "10s"], ["~", null],
  [".inf", ".inf"], [".NaN", ".NaN"], ["-0", 0], ["1e999", "1e999"], ["2001-01-01", "2001-01-01"], ["<<", "<<"], ["'yes'", "yes"], ["\"010\"", "010"],
  ["!!str 5", "5"], ["!Ref x", "x"], ["!!binary aGk=", "aGk="], ["!!timestamp 2001-01-01", "2001-01-01"],
];

for (const [source, value, legacy] of readings) {
  test(`reads ${source}`, () => {
    for (const text of [`a: ${source}\n`, `%YAML 1.1\n---\na: ${source}\n`]) {
      const node = rootMap(text).pairs[0]?.value as YamlScalar | null;
      assert.equal(node?.value ?? null, value);
      assert.equal(node?.legacy, legacy);
    }
  });
}

test("literal blocks map each line of their value to the text", () => {
  for (const text of ["a: |\n\n  one\n    two\n\n  three # no comment\nb: 1\n", "a:\r\n  - |2-\r\n      one\r\n\r\n    two", "a: |+ # c\n\tx\n".replace("\t", "   "), "--- |\n zero\n\n\n"]) {
    const node = [...nodesOf(root(text))].find((each): each is YamlScalar => each.kind === "scalar" && each.style === "literal");
    const lines = String(node?.value).split("\n");
    assert.ok(node?.lines && node.lines.length > 0);
    node.lines.forEach((offset, index) => assert.ok(text.startsWith(lines[index] ?? "?", offset), `line ${index} of ${JSON.stringify(text)}`));
  }
});

test("an alias knows which anchor it means: the last one above it", () => {
  const text = "- &a 1\n- *a\n- &a 2\n- *a\n- *b\n";
  const targets = [...nodesOf(root(text))].flatMap((node) => (node.kind === "alias" ? [node.target] : []));
  assert.deepEqual(targets, [text.indexOf("1"), text.indexOf("2"), undefined]);
});

test("line ends, marks and odd characters change no value", () => {
  const base = "a: 1\nb:\n  - x y\n  - |\n    two\n    lines\nc: \"q\"\n";
  const want = plainAll(parseYaml("x.yaml", base).documents);
  const variants = { crlf: base.replaceAll("\n", "\r\n"), cr: base.replaceAll("\n", "\r"), bom: `\uFEFF${base}`, open: base.trimEnd(), comment: `# c\u2028c\n${base}` };
  for (const [name, text] of Object.entries(variants)) {
    const { documents, problems } = parseYaml("x.yaml", text);
    assert.deepEqual([name, plainAll(documents), problems], [name, want, []]);
    const scalars = [...nodesOf(documents[0]?.root ?? null)].filter((node) => node.kind === "scalar" && node.style === "plain");
    for (const node of scalars) assert.equal(text.slice(node.at.start, node.at.end), String((node as YamlScalar).value));
  }
});

test("documents are plain data", () => {
  const { documents } = parseYaml("x.yaml", "a: &x {b: .inf, c: -0.0}\nd: *x\n? [k]\n: v\n--- |\n  \ud800\n");
  assert.deepEqual(JSON.parse(JSON.stringify(documents)), documents);
});

test("documents of a file are counted, with their places", () => {
  const text = "# c\n---\na: 1\n---\n---\nb: 2\n...\n";
  const { documents } = parseYaml("x.yaml", text);
  assert.deepEqual(documents.map(({ index }) => index), [0, 1, 2]);
  assert.deepEqual(plainAll(documents), [{ map: [["a", 1]] }, null, { map: [["b", 2]] }]);
  assert.ok(documents.every(({ at }) => text.startsWith("---", at.start)));
  assert.deepEqual(parseYaml("x.yaml", ""), { documents: [], problems: [] });
  assert.deepEqual(parseYaml("x.yaml", "# only\n").documents, []);
});

test("half-typed documents give trees and one problem", () => {
  const { documents, problems } = parseYaml("d.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      liveness\n      image: x\n---\na: 1\n");
  assert.deepEqual(problems.map(({ kind, incomplete }) => [kind, incomplete]), [["syntax", true]]);
  assert.equal(documents[0]?.class, "k8s");
  assert.ok((documents[0]?.errors.length ?? 0) > 0);
  assert.deepEqual(documents[1]?.errors, []);
  assert.equal(documents[0]?.root?.kind === "map" && documents[0].root.pairs.length, 3);
});

test("a syntax error in a document of no known class leaves the result complete", () => {
  assert.deepEqual(parseYaml("notes.yaml", "a: [1\nb: 2\n").problems.map(({ incomplete }) => incomplete), [false]);
});

test("messages quote nothing of the file", () => {
  const { problems } = parseYaml("x.yaml", "a: 1\n}: hunter2\n@password: hunter2\n");
  assert.ok(problems.length > 0 && problems.every(({ message }) => !message.includes("hunter2")));
});

test("CustomResourceDefinitions are passed over, whatever their size", () => {
  const crd = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n${"  x: [1]\n".repeat(200_000)}`;
  for (const text of [`${crd}---\na: 1\n`, `---\n${crd}---\na: 1\n`, `\uFEFF${crd}---\na: 1\n`.replaceAll("\n", "\r\n")]) {
    const { documents, problems } = parseYaml("x.yaml", text);
    assert.deepEqual([plainAll(documents), problems, documents[0]?.class], [[null, { map: [["a", 1]] }], [], "other"]);
    const one = [...nodesOf(documents[1]?.root ?? null)].at(-1);
    assert.equal(text.slice(one?.at.start, one?.at.end), "1");
  }
});

test("every node is found again by its place", () => {
  const text = "a: &x\n  - {b: 1, c: [x, y: z]}\n  - ? k\n    : |\n      v\nd: *x\n";
  const document = parseYaml("x.yaml", text).documents[0];
  assert.ok(document);
  for (const node of nodesOf(document.root)) assert.ok(pathTo(document, node.at.start).some((step) => step.node === node));
});

test("templates are left alone", () => {
  assert.deepEqual(parseYaml("chart/templates/x.yaml", "a: {{ .Values.a }}\n{{ if }}\n"), { documents: [], problems: [] });
});
