// Edits of generated YAML, judged by parsing again: exactly the intended data, every other byte unchanged.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { YamlDocument, YamlMap, YamlNode, YamlPair, YamlScalar, YamlSeq } from "../../engine/types.ts";
import { insertItem, insertPair, movePair, quote, removePair, replaceScalar } from "../../engine/yaml/edit.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { nodesOf } from "../../engine/yaml/place.ts";
import type { TextEdit } from "../../engine/yaml/site.ts";
import { apply, marksOf, pairsOf, plain, plainAll, type Plain } from "./yaml-plain.ts";

// ---- Texts: a tree with the style of each part ----

type Tree =
  | { readonly kind: "inline"; readonly text: string; readonly comment: boolean }
  | { readonly kind: "block"; readonly header: string; readonly lines: readonly string[]; readonly blanks: number }
  | { readonly kind: "map"; readonly step: number; readonly entries: readonly (readonly [above: string, tree: Tree])[]; readonly mark: string }
  | { readonly kind: "seq"; readonly step: number; readonly gap: number; readonly items: readonly Tree[]; readonly mark: string };

const inline = fc.record({
  kind: fc.constant("inline" as const),
  text: fc.constantFrom("1", "30s", "x y", "'it''s'", "\"a: b\"", "", "~", "yes", "010", "&n 5", "&m", "!t z", "*base", "{}", "[]", "{ a: 1, b: [x, 'y'], }", "[1, {p: q}, k: v]", "http://h:1/p", "long\n    plain text", "[a,\n    b]", "\"two\n    lines\""),
  comment: fc.boolean(),
});
const block = fc.record({
  kind: fc.constant("block" as const),
  header: fc.constantFrom("|", ">", "|-", "|+", ">-", "|2", "| # note"),
  lines: fc.array(fc.constantFrom("text", "  more", "# no comment", "- a: 1", "", "k: v"), { minLength: 1, maxLength: 3 }).map((lines) => ["head", ...lines]),
  blanks: fc.nat(2),
});
const mark = fc.constantFrom("", "", "", "&deep", "!tag");
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    inline,
    block,
    fc.record({
      kind: fc.constant("map" as const),
      step: fc.constantFrom(2, 2, 4, 1),
      entries: fc.array(fc.tuple(fc.constantFrom("", "", "", "# above", "\n", "\n# apart\n"), tie("tree")), { minLength: 1, maxLength: 4 }),
      mark,
    }),
    fc.record({ kind: fc.constant("seq" as const), step: fc.constantFrom(0, 2, 3), gap: fc.constantFrom(1, 1, 3), items: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }), mark }),
  ),
}));

const pad = (count: number) => " ".repeat(count);

/** The text behind `key:` or `-`; `column` is that of the key or dash. */
function behind(node: Tree, column: number, inItem: boolean): string {
  switch (node.kind) {
    case "inline":
      return `${node.text === "" ? "" : ` ${node.text.replace("\n    ", `\n${pad(column + 4)}`)}`}${node.comment ? " # c" : ""}\n`;
    case "block":
      return ` ${node.header}\n${node.lines.map((line) => (line === "" ? "\n" : `${pad(column + 2)}${line}\n`)).join("")}${"\n".repeat(node.blanks)}`;
    case "map": {
      const at = column + (inItem ? 2 : node.step);
      const body = entries(node.entries, at);
      return inItem && node.mark === "" && !/^\s|^#/.test(body.trimStart() === body ? "" : body.slice(at, at + 1)) && body.startsWith(`${pad(at)}k0`) ? ` ${body.slice(at)}` : `${node.mark === "" ? "" : ` ${node.mark}`}\n${body}`;
    }
    case "seq": {
      const at = column + (inItem ? 2 : node.step);
      const items = node.items.map((item) => `${pad(at)}-${behind(item, at, true).replace(/^ (?=\S)/, pad(node.gap > 1 && item.kind === "inline" ? node.gap : 1))}`);
      return `${node.mark === "" ? "" : ` ${node.mark}`}\n${items.join("")}`;
    }
  }
}

function entries(list: readonly (readonly [string, Tree])[], column: number): string {
  return list.map(([above, node], index) => `${above === "" ? "" : `${above.replace("#", `${pad(column)}#`)}${above.endsWith("\n") ? "" : "\n"}`}${pad(column)}k${index}:${behind(node, column, false)}`).join("");
}

const texts = fc.record({ tree: fc.array(fc.tuple(fc.constantFrom("", "# above"), tree), { minLength: 1, maxLength: 4 }), eol: fc.constantFrom("\n", "\r\n"), open: fc.boolean(), head: fc.constantFrom("", "# head\n", "---\n", "\uFEFF") })
  .map(({ tree: list, eol, open, head }) => {
    const text = `${head}base: &base {x: 1}\n${entries(list, 0)}`;
    return (open ? text.replace(/\s+$/, "") : text).replaceAll("\n", eol);
  });

// ---- Operations: the edits and what the data must be afterwards ----

interface Outcome {
  readonly edits: readonly TextEdit[] | undefined;
  readonly expected: (node: YamlNode) => Plain;
}
type Operation = (text: string, document: YamlDocument, pick: (count: number) => number) => Outcome | undefined;

const snippet = "exec:\n  command: [a, b]\n  # why\n  text: |\n    t\n";
const snippetData = { map: [["exec", { map: [["command", { seq: ["a", "b"] }], ["text", "t\n"]] }]] };

function all<K extends YamlNode["kind"]>(document: YamlDocument, kind: K): Extract<YamlNode, { kind: K }>[] {
  return [...nodesOf(document.root)].filter((node): node is Extract<YamlNode, { kind: K }> => node.kind === kind);
}

function mapWith(map: YamlMap, pairs: Plain[]): Plain {
  return { ...marksOf(map), map: pairs };
}

function scalarWith(node: YamlScalar, value: Plain): Plain {
  return node.anchor === undefined ? value : { anchor: node.anchor, value };
}

const operations: Readonly<Record<string, Operation>> = {
  replace(text, document, pick) {
    const scalars = all(document, "scalar");
    const node = scalars[pick(scalars.length)];
    const value = ["10s", "a, b", "yes", "it's", "", "x: y", "#"][pick(7)] ?? "";
    return node && { edits: replaceScalar(text, document, node, value), expected: (each) => (each === node ? scalarWith(node, value) : undefined) };
  },
  quote(text, document, pick) {
    const scalars = all(document, "scalar");
    const node = scalars[pick(scalars.length)];
    return node && { edits: quote(text, document, node), expected: (each) => (each === node ? scalarWith(node, text.slice(node.at.start, node.at.end)) : undefined) };
  },
  insert(text, document, pick) {
    const maps = all(document, "map");
    const map = maps[pick(maps.length)];
    if (!map) return undefined;
    const index = pick(map.pairs.length + 1);
    const next = map.pairs[index]?.key;
    const value = [5, "no", "x", snippet][pick(4)] ?? 5;
    const edits = insertPair(text, document, map, { key: "new", value, ...(next?.kind === "scalar" ? { before: String(next.value) } : {}) });
    const pairs = pairsOf(map);
    pairs.splice(index, 0, ["new", value === snippet ? snippetData : value]);
    return { edits, expected: (each) => (each === map ? mapWith(map, pairs) : undefined) };
  },
  item(text, document, pick) {
    const seqs = all(document, "seq");
    const seq: YamlSeq | undefined = seqs[pick(seqs.length)];
    if (!seq) return undefined;
    const index = pick(seq.items.length + 1);
    const value = [5, "a b", snippet][pick(3)] ?? 5;
    const list = seq.items.map((item) => plain(item));
    list.splice(index, 0, value === snippet ? snippetData : value);
    return { edits: insertItem(text, document, seq, value, index), expected: (each) => (each === seq ? { ...marksOf(seq), seq: list } : undefined) };
  },
  remove(text, document, pick) {
    const maps = all(document, "map").filter(({ pairs }) => pairs.length > 0);
    let map: YamlMap | undefined = maps[pick(maps.length)];
    const wanted = map?.pairs[pick(map.pairs.length)];
    if (!map || !wanted) return undefined;
    const edits = removePair(text, document, wanted);
    let gone: YamlPair = wanted;
    for (let inner: YamlMap | undefined = map; map && map.pairs.length === 1; inner = map) {
      map = maps.find(({ pairs }) => pairs.some(({ value }) => value === inner));
      gone = map?.pairs.find(({ value }) => value === inner) ?? gone;
    }
    return { edits, expected: (each) => (each === map && each.kind === "map" ? mapWith(each, pairsOf({ ...each, pairs: each.pairs.filter((pair) => pair !== gone) })) : undefined) };
  },
  move(text, document, pick) {
    const maps = all(document, "map").filter(({ pairs }) => pairs.length > 0);
    const from = maps[pick(maps.length)];
    const into = pick(2) === 0 ? from : maps[pick(maps.length)];
    const moved = from?.pairs[pick(from.pairs.length)];
    if (!from || !into || !moved) return undefined;
    const stay = into.pairs.filter((pair) => pair !== moved);
    const index = pick(stay.length + 1);
    const next = stay[index]?.key;
    const edits = movePair(text, document, moved, into, next?.kind === "scalar" ? { before: String(next.value) } : {});
    const expected = (each: YamlNode): Plain => {
      if (each.kind !== "map" || (each !== from && each !== into)) return undefined;
      const pairs = each.pairs.filter((pair) => pair !== moved);
      if (each === into) pairs.splice(index, 0, moved);
      return mapWith(each, pairsOf({ ...each, pairs }, expected));
    };
    return { edits, expected };
  },
};

/** Shares that must not be refused, so that the property cannot pass by refusing. */
const LEAST_DONE: Readonly<Record<string, number>> = { replace: 0.5, quote: 0.4, insert: 0.6, item: 0.5, remove: 0.25, move: 0.05 };

for (const [name, operation] of Object.entries(operations)) {
  test(`${name}: the intended data, and no other byte`, () => {
    let done = 0;
    let tried = 0;
    fc.assert(fc.property(texts, fc.infiniteStream(fc.nat(1_000_000)), (text, stream) => {
      const { documents } = parseYaml("x.yaml", text);
      const document = documents[0];
      fc.pre(document !== undefined && documents.length === 1 && document.errors.length === 0);
      const pick = (count: number) => (count === 0 ? 0 : Number(stream.next().value) % count);
      const outcome = document && operation(text, document, pick);
      if (!outcome) return;
      tried += 1;
      if (!outcome.edits) return;
      done += 1;
      const after = apply(text, outcome.edits);
      const again = parseYaml("x.yaml", after);
      assert.deepEqual(again.problems, [], after);
      assert.deepEqual(plainAll(again.documents), plainAll(documents, outcome.expected), after);
      assert.ok(!text.includes("\r\n") || !/(?<!\r)\n/.test(after), "line ends stay");
      assert.ok(outcome.edits.every(({ at }, index) => at.start <= at.end && at.start >= (outcome.edits?.[index - 1]?.at.end ?? 0)), "edits are sorted");
      if (name === "insert" || name === "item") assert.ok(outcome.edits.every(({ at }) => at.start === at.end), "nothing is taken away");
      if (name === "remove") assert.ok(outcome.edits.every((edit) => edit.text === ""), "nothing is put in");
    }), { numRuns: 5000 });
    assert.ok(done >= tried * (LEAST_DONE[name] ?? 1) && done > 50, `${done} of ${tried} done`);
  });
}
