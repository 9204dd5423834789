// Helm templates masked as YAML: what each construct becomes, what every text keeps, and hostile text.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maskTemplate, PLACEHOLDER, type Masked } from "../../engine/yaml/mask.ts";
import { parseMasked } from "../../engine/yaml/parse.ts";
import { blocksOf, scanActions } from "../../engine/yaml/template-actions.ts";

const lines = (...parts: readonly string[]) => `${parts.join("\n")}\n`;
/** The masked text with one `#` for each run of placeholders and without blanks at the ends of lines. */
const seen = ({ text }: Masked) => text.replace(new RegExp(`${PLACEHOLDER}+`, "g"), "#").replace(/[ \t]+$/gm, "").replace(/\n+/g, "\n").replace(/^\n/, "");
const at = (text: string, part: string) => {
  const start = text.indexOf(part);
  assert.notEqual(start, -1, part);
  return start;
};

/** One text each, and how both variants read. `#` is a placeholder; empty lines and blanks at line ends are left out. */
const readings: readonly (readonly [name: string, source: string, whenTrue: string, whenFalse?: string])[] = [
  ["an output in a value, a key, a URL, quotes, a list and brackets",
    lines("a: {{ .Values.a }}", "{{ .k }}: 1", "u: http://{{ .h }}:80/x", 'q: "{{ .q }}"', "- {{ .i }}", "f: [{{ .x }}, {{ .y }}]"),
    lines("a: #", "#: 1", "u: http://#:80/x", 'q: "#"', "- #", "f: [#, #]")],
  ["an output that spans lines", lines("a: {{ list", "1 2 }}", "b: 1"), lines("a: #", "b: 1")],
  ["an output alone on its line", lines("a:", "  {{ include \"x\" . }}", "b: 1"), lines("a:", "b: 1")],
  ["an output in front of a comment", lines("a:", "  {{ .x }} # why", "b: 1"), lines("a:", "           # why", "b: 1")],
  ["nindent behind a key", lines("a: {{- toYaml .x | nindent 2 }}", "b: 1"), lines("a:", "b: 1")],
  ["nindent in a string is no pipe", lines('a: {{ tpl "x | nindent 2" . }}'), lines("a: #")],
  ["comments and assignments", lines("{{/* }} a: 1 */}}", "{{- /* two", "lines */ -}}", "{{ $a := 1 }}", "{{ $a = 2 }}", "{{- fail \"no\" }}", "b: 1"), lines("b: 1")],
  ["braces in strings", lines("a: {{ `}}` }}1", 'b: {{ "}}\\"}}" }}2', "c: {{ '}' }}3", "d: {{`{{ $labels.job }}`}}"), lines("a: #1", "b: #2", "c: #3", "d: #")],
  ["if and else", lines("{{ if .x }}", "a: 1", "{{ else if .y }}", "a: 2", "{{ else }}", "a: 3", "{{ end }}"), lines("a: 1"), lines("a: 3")],
  ["if without else", lines("a: 1", "{{- if .x }}", "b: 2", "{{- end }}", "c: 3"), lines("a: 1", "b: 2", "c: 3"), lines("a: 1", "c: 3")],
  ["range and with", lines("a:", "{{- range .x }}", "- b: {{ . }}", "{{- end }}", "{{- with .y }}", "- c", "{{- else }}", "- d", "{{- end }}"), lines("a:", "- b: #", "- c"), lines("a:", "- d")],
  ["blocks in blocks", lines("{{ if .a }}", "{{ if .b }}", "x: 1", "{{ else }}", "x: 2", "{{ end }}", "{{ else }}", "y: 3", "{{ end }}"), lines("x: 1"), lines("y: 3")],
  ["a condition around a document", lines("{{- if .on }}", "apiVersion: v1", "kind: Service", "{{- if .x }}", "a: 1", "{{- end }}", "{{- end }}"),
    lines("apiVersion: v1", "kind: Service", "a: 1"), lines("apiVersion: v1", "kind: Service")],
  ["a nested kind is no document", lines("a:", "{{- if .on }}", "  kind: Service", "{{- end }}"), lines("a:", "  kind: Service"), lines("a:")],
  ["partials", lines('{{- define "x" }}', "a: {{ if .y }}1{{ end }}", "{{- end }}", "b: 1"), lines("b: 1")],
  ["a block is a partial that is printed", lines('{{ block "x" . }}', "a: 1", "{{ end }}"), lines("a: 1")],
  ["a condition within a line", lines("a: {{ if .x }}1{{ else }}2{{ end }}", 'b: "x{{ if .x }}-{{ .x }}{{ end }}y"', "- {{ with .z }}c{{ end }}"), lines("a: #", 'b: "x#y"', "- #")],
  ["a condition that fills a line", lines("{{ if .x }}a: 1{{ end }}", "b: 1"), lines("b: 1")],
  ["a condition within a line that prints nothing", lines("a: 1{{ if .x }}{{ $y = 1 }}{{ end }}"), lines("a: 1")],
  ["a condition that is joined to its key", lines("a: {{ if .x -}}", "v2", "{{- else -}}", "v1", "{{- end }}", "b: 1"), lines("a: #", "b: 1")],
  ["a condition behind a key", lines("a: {{ if .x }}", "  - 1", "{{ else }}", "  - 2", "{{ end }}"), lines("a:", "  - 1"), lines("a:", "  - 2")],
  ["a word that begins like a keyword", lines("a: {{ iffy }}{{ endpoint .x }}{{ else-1 }}"), lines("a: #")],
  ["an action that nobody closed", lines("a: {{ .Values.x", "b: {{ .y }}", "c: {{ .z {{ .w }}", 'd: {{ "x }}', "e: 1"), lines("a: #", "b: #", "c: #", "d: #", "e: 1")],
  ["a block that nobody closed", lines("{{ if .x }}", "a: 1"), lines("a: 1")],
  ["an end too many", lines("{{ end }}", "a: 1", "{{ else }}"), lines("a: 1")],
  ["line breaks of Windows", "a: {{ .x }}\r\n{{ if .y }}\r\nb: 1\r\n{{ end }}\r\n", "a: #\r\n \r\nb: 1\r\n", "a: #\r\n"],
];

for (const [name, source, whenTrue, whenFalse] of readings) {
  test(`mask: ${name}`, () => {
    const masked = maskTemplate(source);
    const flat = (text: string) => text.replaceAll("\r", "").replace(/^ +$/gm, "").replace(/\n+/g, "\n");
    assert.equal(flat(seen(masked.then)), flat(whenTrue));
    assert.equal(flat(seen(masked.else)), flat(whenFalse ?? whenTrue));
    assert.equal(masked.then.text.length, source.length);
    assert.equal(masked.else.text.length, source.length);
  });
}

test("mask: splices know their indent and the key they belong to", () => {
  const source = lines(
    "labels:",
    "  {{- include \"x.labels\" . | nindent 2 }}",
    "env: {{- toYaml .env | nindent 12 }}",
    "args: # these",
    "  # and more",
    "  {{ .args }}",
    "spec:",
    "  a: 1",
    "{{ toYaml .spec | indent 2 }}",
    "  {{ if .x }}b: {{ .x }}{{ end }}",
    "  {{ tpl .y $ | nindent $.n }}",
  );
  const { then } = maskTemplate(source);
  assert.deepEqual(then.splices.map(({ end: _end, expression: _expression, ...rest }) => rest), [
    { offset: at(source, "{{- include"), indent: 2, afterKey: at(source, "labels:") + "labels:".length },
    { offset: at(source, "{{- toYaml .env"), indent: 12, afterKey: at(source, "env:") + "env:".length },
    { offset: at(source, "{{ .args"), indent: 2, afterKey: at(source, "args:") + "args:".length },
    { offset: at(source, "{{ toYaml .spec"), indent: 2 },
    { offset: at(source, "{{ if .x }}"), indent: 2 },
    { offset: at(source, "{{ tpl"), indent: 2 },
  ]);
  const { documents } = parseMasked("x", then.text);
  const root = documents[0]?.root;
  assert.ok(root?.kind === "map");
  assert.deepEqual(root.pairs.slice(0, 3).map((pair) => pair.colon), then.splices.slice(0, 3).map((splice) => splice.afterKey), "afterKey is the colon of the parsed pair");
});

test("mask: placeholders keep their expression and stand where the parser finds them", () => {
  const source = lines("image: \"{{ .Values.repo }}:{{- .Values.tag -}}\"", "port: {{ if .x }}1{{ else }}2{{ end }}", "{{ if .x }}", "a: {{ .hidden }}", "{{ end }}");
  const { then, else: otherwise } = maskTemplate(source);
  const expected = [
    [".Values.repo", "{{ .Values.repo }}"],
    [".Values.tag", "{{- .Values.tag -}}"],
    ["{{ if .x }}1{{ else }}2{{ end }}", "{{ if .x }}1{{ else }}2{{ end }}"],
  ];
  assert.deepEqual(otherwise.placeholders.map(({ start, end, expression }) => [expression, source.slice(start, end)]), expected);
  assert.deepEqual(then.placeholders.map(({ expression }) => expression), [...expected.map(([expression]) => expression), ".hidden"]);
  const root = parseMasked("x", then.text).documents[0]?.root;
  assert.ok(root?.kind === "map");
  const value = root.pairs[0]?.value;
  assert.ok(value?.kind === "scalar");
  assert.equal(source.slice(value.at.start, value.at.end), "\"{{ .Values.repo }}:{{- .Values.tag -}}\"");
});

test("mask: controls cover actions that print nothing, hidden branches and conditions within a line", () => {
  const source = lines("{{ if .x }}", "a: 1", "{{ else }}", "a: 2", "{{ end }}", "b: {{ if .y }}1{{ end }}", "c: {{ .z }}");
  const covered = (masked: Masked) => masked.controls.map(({ start, end }) => source.slice(start, end).trim());
  const { then, else: otherwise } = maskTemplate(source);
  assert.deepEqual(covered(then), ["{{ if .x }}", "{{ else }}", "a: 2", "{{ end }}", "{{ if .y }}1{{ end }}"]);
  assert.deepEqual(covered(otherwise), ["{{ if .x }}", "a: 1", "{{ else }}", "{{ end }}", "{{ if .y }}1{{ end }}"]);
});

test("mask: loops are the bodies of visible ranges", () => {
  const source = lines("a:", "{{- range .x }}", "- 1", "{{- range .y }}", "- 2", "{{- end }}", "{{- end }}", "{{ if .z }}", "{{ else }}", "{{ range .w }}", "b: 1", "{{ end }}", "{{ end }}");
  const { then, else: otherwise } = maskTemplate(source);
  const bodies = (masked: Masked) => masked.loops.map(({ start, end }) => source.slice(start, end).replace(/\{\{.*?\}\}/g, "").split(/\s*\n\s*/).filter(Boolean));
  assert.deepEqual(bodies(then), [["- 1", "- 2"], ["- 2"]]);
  assert.deepEqual(bodies(otherwise), []);
});

test("mask: blocks name their branches", () => {
  const source = "{{ if a }}1{{ else if b }}2{{ else }}3{{ end }}{{ with c }}4";
  const actions = scanActions(source);
  assert.deepEqual(actions.map((action) => action.kind), ["open", "else", "else", "end", "open"]);
  assert.deepEqual(blocksOf(actions, source.length).map((block) => [block.kind, block.open, block.close, block.branches.map(({ start, end }) => source.slice(start, end))]), [
    ["if", 0, 3, ["1", "2", "3"]],
    ["with", 4, undefined, ["4"]],
  ]);
});

test("mask: a masked line may begin a block scalar", () => {
  const source = lines("data:", "  script: |", "    {{- range .x }}", "    echo {{ . }}", "    {{- end }}", "    done");
  const { then } = maskTemplate(source);
  const { documents, problems } = parseMasked("chart/templates/x.yaml", then.text);
  assert.deepEqual([problems, documents.map((document) => document.errors)], [[], [[]]]);
  assert.equal(parseMasked("x", "a: [1").problems[0]?.kind, "syntax", "other errors stay errors");
});

// ---- Properties ----

const part = fc.constantFrom(
  "{{ if .x }}", "{{- else }}", "{{- else if .y -}}", "{{ end }}", "{{ range .x -}}", "{{ with .x }}", '{{ define "d" }}', '{{ block "b" . }}', "{{ .Values.a }}", "{{ toYaml . | nindent 4 }}",
  "{{ x | indent 2 }}", "{{/* }} */}}", "{{ $x := 1 }}", "{{ `\n}}` }}", '{{ "a', "{{", "}}", "`", '"', "'", "{{/*", "*/", "\n", "\n", "\n", "\r\n", "\r", "  ", "a: ", "- ", "# ", "kind: X", "x", "\uFEFF", "😀", "\uE000",
);
const template = fc.oneof(fc.array(part, { maxLength: 40 }).map((parts) => parts.join("")), fc.string({ unit: "binary", maxLength: 60 }));

test("mask: length and line breaks stay, and so does every character outside of actions, hidden branches and partials", () => {
  fc.assert(fc.property(template, (source) => {
    const masked = maskTemplate(source);
    const actions = scanActions(source);
    for (const variant of [masked.then, masked.else]) {
      assert.equal(variant.text.length, source.length);
      const covered = new Uint8Array(source.length);
      for (const { start, end } of [...actions, ...variant.controls]) covered.fill(1, start, end);
      for (let index = 0; index < source.length; index += 1) {
        const before = source[index] ?? "";
        if (/[\r\n]/.test(before) || covered[index] === 0) assert.equal(variant.text[index], before);
        else assert.match(variant.text[index] ?? "", new RegExp(`[ ${PLACEHOLDER}]`));
      }
    }
  }), { numRuns: 500 });
});

test("mask: records ascend, lie in the text and name what is masked", () => {
  fc.assert(fc.property(template, (source) => {
    for (const { text, controls, placeholders, splices } of Object.values(maskTemplate(source))) {
      for (const extents of [controls, placeholders]) {
        let last = 0;
        for (const { start, end } of extents) {
          assert.ok(last <= start && start < end && end <= source.length);
          last = end;
        }
      }
      for (const { start, end } of placeholders) assert.match(text.slice(start, end), new RegExp(`^${PLACEHOLDER}+(?:[\r\n][\r\n ]*)?$`));
      for (const { offset, end, expression, indent, afterKey } of splices) {
        assert.ok(source.startsWith("{{", offset) && indent >= 0);
        assert.ok(source.slice(offset, end).includes(expression));
        if (afterKey !== undefined) assert.ok(afterKey <= offset && text[afterKey - 1] === ":");
      }
    }
  }), { numRuns: 500 });
});

test("mask: masking what is masked changes nothing", () => {
  fc.assert(fc.property(template, (source) => {
    const once = maskTemplate(source).then.text;
    fc.pre(!once.includes("{{"));
    assert.equal(maskTemplate(once).then.text, once);
  }), { numRuns: 200 });
});

// ---- Hostile text: a quadratic step would take minutes ----

const MEGABYTE = 1_048_576;
const QUARTER = MEGABYTE / 4;
const hostile = [
  "{{", "{{ ", "{{ `", '{{ "', "{{ '", "{{/*", "{{-", "}}", "{{ if x }}", "{{ end }}", "{{ else }}", "{{ if x }}\n", "{{ define x }}", "{{ range x }}a: ", "{{ `\n", '{{ "\\', "{{ x\n", "{{ x }} ", "{{ x }}\n",
  "{{ if x }}{{ end }}", "{{ x | nindent 1 }}\n", "{{ nindent ", "a: {{ if x -}}", "{{/*\n", "# {{ x }}", "{{ if x }}\nkind: a\n", "\n", "\r", "`{{ \"", "{{`}}\"",
];

const check = (source: string) => {
  const masked = maskTemplate(source);
  assert.equal(masked.then.text.length, source.length);
  assert.equal(masked.else.text.length, source.length);
};

for (const piece of hostile) {
  test(`mask: much of ${JSON.stringify(piece)}`, () => {
    check(piece.repeat(QUARTER / piece.length));
    check(`{{ ${"x".repeat(1000)}${piece.repeat(QUARTER / piece.length)}`);
    check(`${"{{ if x }}\n".repeat(5_000)}${piece.repeat(20_000)}${"{{ end }}\n".repeat(5_000)}`);
  });
}

test("mask: a megabyte of braces", () => {
  check("{{".repeat(MEGABYTE / 2));
});

test("mask: more branches than a call takes arguments", () => {
  check(`{{ if x }}${"{{else}}\n".repeat(300_000)}{{ end }}`);
});
