// Fixes of chart templates: every action goes on filling what it filled, or the fix is refused.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lowerEagerly } from "../../engine/lower.ts";
import type { Edit, YamlNode } from "../../engine/types.ts";
import { readYaml } from "../../engine/yaml/chart-template.ts";
import { lookup } from "../../engine/yaml/read.ts";
import { apply } from "./yaml-plain.ts";

const file = "chart/templates/x.yaml";
type Change = { readonly set: string | number } | { readonly remove: true } | Pick<Extract<Edit, { insert: unknown }>, "insert">;

/** The template after an edit of the node behind these keys; undefined when it is refused. */
function edited(template: string, keys: readonly (string | number)[], change: Change): string | undefined {
  const { documents } = readYaml(file, template);
  const [document] = documents;
  const node: YamlNode | undefined = document && lookup(document, document.root, ...keys)?.node;
  assert.ok(document && node, "the template has the node");
  const edit = { yaml: { ...node.at, file }, ...change } as Edit;
  const files = lowerEagerly({ title: "", safe: false, edits: [edit] }, { text: () => template, documents: () => documents });
  return files && apply(template, files[0]?.edits ?? []);
}

const labelled = "metadata:\n  labels:\n    app: a\n    {{- include \"labels\" . | nindent 4 }}\n  name: x\nspec:\n  a: 1\n";

describe("an edit of a template", () => {
  it("is made where no action is near", () => assert.equal(edited(labelled, ["spec"], { insert: { key: "b", value: 2 } }), `${labelled}  b: 2\n`));
  it("puts nothing between a map and the action that continues it", () => {
    assert.equal(edited(labelled, ["metadata"], { insert: { key: "uid", value: "u", after: "labels" } }), undefined);
    assert.equal(edited(labelled, ["metadata"], { insert: { key: "uid", value: "u", after: "name" } }), labelled.replace("name: x\n", "name: x\n  uid: u\n"));
  });
  it("puts nothing between them under a condition either", () => {
    const template = "spec:\n  env:\n    a: 1\n    {{- with .Values.env }}\n    {{- toYaml . | nindent 4 }}\n    {{- end }}\n  port: 1\n";
    assert.equal(edited(template, ["spec"], { insert: { key: "b", value: 2, after: "env" } }), undefined);
  });
  it("takes no pair away below which an action stands that fills it", () => {
    const template = "kind: Deployment\nmetadata:\n  labels:\n    app: a\n    {{- include \"labels\" . | nindent 4 }}\nspec: 1\n";
    assert.equal(edited(template, ["metadata", "labels"], { remove: true }), undefined);
    assert.equal(edited(template, ["kind"], { remove: true }), template.replace("kind: Deployment\n", ""));
  });
  it("writes no text that would be an action", () => {
    assert.equal(edited(labelled, ["spec", "a"], { set: "{{ x }}" }), undefined);
    assert.equal(edited(labelled, ["spec"], { insert: { key: "b", value: "{{ x }}" } }), undefined);
  });
  it("lets no block scalar come to stand above the blanks of an action", () => {
    const template = "spec:\n  a: 1\n  {{- if .Values.x }}\n  b: 2\n  {{- end }}\n";
    assert.equal(edited(template, ["spec"], { insert: { key: "run", value: "text: |\n  t\n", after: "a" } }), undefined);
    assert.equal(edited(template, ["spec"], { insert: { key: "run", value: "get:\n  path: /\n", after: "a" } }), template.replace("a: 1\n", "a: 1\n  run:\n    get:\n      path: /\n"));
    const rules = "rules:\n  - expr: |-\n      up\n    record: a:b\n    {{- if .Values.x }}\n    labels:\n      c: d\n    {{- end }}\n";
    assert.equal(edited(rules, ["rules", 0, "record"], { remove: true }), undefined);
  });
});
