// Edits of generated YAML, judged by parsing again: exactly the intended data, every other byte unchanged.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { faultOf } from "./yaml-oracle.ts";
import { operations } from "./yaml-operations.ts";

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

/** Shares that must not be refused, so that the property cannot pass by refusing. */
const LEAST_DONE: Readonly<Record<string, number>> = { replace: 0.5, quote: 0.4, fill: 0.5, insert: 0.6, item: 0.5, remove: 0.25, move: 0.05 };

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
      assert.equal(faultOf(text, documents, outcome, (after) => parseYaml("x.yaml", after)), undefined, text);
    }), { seed: 20240614, numRuns: 600 });
    assert.ok(done >= tried * (LEAST_DONE[name] ?? 1) && done > 50, `${done} of ${tried} done`);
  });
}
