// PromQL as the parser reads it: selectors, windows, places in the file, and texts that nobody should write.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePromql, textOf } from "../../engine/promql/parse.ts";
import { placeIn } from "../../engine/promql/place.ts";
import { selectorsOf } from "../../engine/promql/selector.ts";
import { embedded } from "../../engine/yaml/embedded.ts";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { nodesOf } from "../../engine/yaml/place.ts";

const selectors = (text: string) => {
  const tree = parsePromql(text)!;
  return [...selectorsOf(tree)].map((one) => [one.metric?.name, one.call, one.range && [one.range.ms, textOf(tree, one.range.node)], one.matchers.map((each) => [each.label, each.op, each.value])]);
};

describe("selectorsOf", () => {
  it("tells metric, function, window and matchers", () => {
    assert.deepEqual(selectors('sum by (job) (rate(x_total{job="a",le!~`b.`}[1m30s] offset 5m)) / y'), [
      ["x_total", "rate", [90_000, "1m30s"], [["job", "=", "a"], ["le", "!~", "b."]]],
      ["y", undefined, undefined, []],
    ]);
  });
  it("reads quoted and matched names", () => {
    assert.deepEqual(selectors('increase({"a.b"}[5m] @ start()) or {__name__="c"}').map((one) => one.slice(0, 2)), [["a.b", "increase"], ["c", undefined]]);
  });
  it("gives a subquery no window of its own", () => {
    assert.deepEqual(selectors("rate(x[5m:1m])"), [["x", "rate", undefined, []]]);
  });
  it("knows nothing of what a template puts in, and all of what stands beside", () => {
    assert.deepEqual(selectors("sum(rate(x[1m])) by (\uE000\uE000) > \uE000"), [["x", "rate", [60_000, "1m"], []]]);
    assert.deepEqual(selectors('rate(x{a="\uE000"}[\uE000])'), [["x", "rate", undefined, [["a", "=", undefined]]]]);
    assert.deepEqual(selectors("rate(x_\uE000[1m])"), []);
  });
  it("survives any text", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("(", ")", "[", "5m", "]", "{", "}", "x", "sum", "by", " ", "-", "+", '"', "=", ",", "\\", "\uE000") }), (text) => {
      const tree = parsePromql(text)!;
      for (const node of tree.nodes) assert.ok(node.parent < node.index && node.index < node.last && node.last <= tree.nodes.length);
      assert.ok([...selectorsOf(tree)].length <= text.length);
    }), { numRuns: 200 });
    for (const text of ["(".repeat(9000), "-".repeat(9000), "x unless ".repeat(1000)]) parsePromql(text);
    assert.equal(parsePromql("x".repeat(20_000)), undefined);
  });
});

describe("placeIn", () => {
  const text = 'a: rate(x[1m])\nb: \'rate(x[1m])\'\nc: "rate(x{a=\\"b\\"}[1m])"\nd: |\n  sum(\n    rate(x[1m])\n  )\ne: >-\n  rate(\n  x[1m])\nf: sum(x)\n  + rate(x[1m])\n';
  const scalars = [...nodesOf(parseYaml("a.yaml", text).documents[0]!.root)].filter((node) => node.kind === "scalar" && String(node.value).includes("1m"));
  it("maps plain, quoted and literal scalars, and refuses where the value is no copy", () => {
    const found = scalars.map((node) => {
      if (node.kind !== "scalar") return undefined;
      const start = String(node.value).indexOf("1m");
      const at = placeIn(node, start, start + 2);
      return at && text.slice(at.start, at.end);
    });
    assert.deepEqual(found, ["1m", "1m", undefined, "1m", undefined, undefined]);
  });
});

describe("embedded", () => {
  it("gives inner documents the places of the outer file", () => {
    for (const eol of ["\n", "\r\n"]) {
      const text = ["apiVersion: v1", "kind: ConfigMap", "data:", "  rules.yml: |", "    # first", "    groups:", "", "      - name: a", "        rules: [{ alert: A, expr: up }]", "  b: |", "    nothing", ""].join(eol);
      const inner = [...embedded(parseYaml("k8s/a.yaml", text).documents[0]!, ["expr"])];
      assert.deepEqual(inner.map((one) => [one.path, one.class]), [["k8s/a.yaml", "prom-rules"]]);
      const scalars = [...nodesOf(inner[0]!.root)].filter((node) => node.kind === "scalar");
      assert.deepEqual(scalars.map((node) => text.slice(node.at.start, node.at.end)), ["groups", "name", "a", "rules", "alert", "A", "expr", "up"]);
    }
  });
  it("gives none for a literal that is no YAML", () => {
    assert.deepEqual([...embedded(parseYaml("a.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    [expr\n").documents[0]!, ["expr"])], []);
  });
});
