// Texts that nest or repeat one construct a number of times: what parsers and tree walks die of.

const times = (part: string, count: number) => part.repeat(count);
const list = (count: number, item: (index: number) => string, between = "") => Array.from({ length: count }, (_, index) => item(index)).join(between);

/** Every text holds one call without a time-out in its second line, unless the shape swallows it. */
export const called = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';

/** TypeScript by name: the depth makes the text. */
export const tsShapes: Readonly<Record<string, (depth: number) => string>> = {
  parentheses: (n) => `export const a = ${times("(", n)}1${times(")", n)};\n`,
  arrays: (n) => `export const a = ${times("[", n)}${times("]", n)};\n`,
  objects: (n) => `export const a = ${times("{ a: ", n)}1${times(" }", n)};\n`,
  blocks: (n) => `${times("{", n)}${times("}", n)}\n`,
  callbacks: (n) => `${times("f(() => {", n)}${times("})", n)};\n`,
  "named callbacks": (n) => `${times("axios.get(function g(e) { f(e);", n)}${times("})", n)};\n`,
  "async callbacks": (n) => `${times("f(async () => { await axios.get();", n)}${times("})", n)};\n`,
  functions: (n) => `${times("function f() {", n)}${times("}", n)}\n`,
  arrows: (n) => `export const a = ${times("() => ", n)}1;\n`,
  classes: (n) => `export const a = ${times("class { b = ", n)}1${times("; }", n)};\n`,
  calls: (n) => `export const a = ${times("f(", n)}1${times(")", n)};\n`,
  "calls of calls": (n) => `export const a = f${times("()", n)};\n`,
  "member chain": (n) => `export const a = b${times(".c", n)};\n`,
  "call chain": (n) => `export const a = axios${times(".get()", n)};\n`,
  "index chain": (n) => `export const a = b${times("[0]", n)};\n`,
  awaits: (n) => `export const a = async () => ${times("await ", n)}axios.get("x");\n`,
  "sum of numbers": (n) => `export const a = ${times("1 + ", n)}1;\n`,
  "sum of names": (n) => `import b from "b";\nexport const a = ${times("b + ", n)}b;\n`,
  "sum of strings": (n) => `export const a = ${times('"b" + ', n)}"b";\n`,
  "sum of calls": (n) => `export const a = ${times('axios.get("x") + ', n)}1;\n`,
  power: (n) => `export const a = ${times("2 ** ", n)}2;\n`,
  "either or": (n) => `export const a = ${times("b || c && ", n)}d;\n`,
  commas: (n) => `export const a = (${times("b, ", n)}c);\n`,
  assignments: (n) => `let b; ${times("b = ", n)}1;\n`,
  "not": (n) => `export const a = ${times("!", n)}1;\n`,
  conditional: (n) => `export const a = ${times("b ? c : ", n)}d;\n`,
  "else if": (n) => `${times("if (a) { b(); } else ", n)}{}\n`,
  "if in if": (n) => `${times("if (a) ", n)}b();\n`,
  loops: (n) => `${times("for (const a of b) ", n)}c();\n`,
  labels: (n) => `${times("a: ", n)}b();\n`,
  "try": (n) => `${times("try {", n)}f();${times("} catch { }", n)}\n`,
  "try by hand": (n) => `export async function a() { ${times("try {", n)}await axios.get("x");${times("} finally { }", n)} }\n`,
  templates: (n) => `export const a = ${times("`${", n)}1${times("}`", n)};\n`,
  generics: (n) => `export let a: ${times("A<", n)}B${times(">", n)};\n`,
  "array types": (n) => `export let a: T${times("[]", n)};\n`,
  unions: (n) => `export let a: ${times("A | ", n)}B;\n`,
  "type literals": (n) => `export let a: ${times("{ a: ", n)}B${times(" }", n)};\n`,
  "conditional types": (n) => `export type A<T> = ${times("T extends B ? C : ", n)}D;\n`,
  casts: (n) => `export const a = ${times("<any>", n)}1;\n`,
  "as": (n) => `export const a = 1${times(" as any", n)};\n`,
  patterns: (n) => `export const ${times("[", n)}a${times("]", n)} = b;\n`,
  "object patterns": (n) => `export const ${times("{ a: ", n)}b${times(" }", n)} = c;\n`,
  namespaces: (n) => `namespace A${times(".B", n)} { }\n`,
  spreads: (n) => `export const a = ${times("{ ...", n)}b${times(" }", n)};\n`,
  decorators: (n) => `${times("@A() ", n)}class B { }\n`,
  "open braces": (n) => times("{", n),
  "open brackets": (n) => `a = ${times("[", n)}`,
  "open callbacks": (n) => times("f(() => {", n),
  "open strings": (n) => times("`${", n),
  closers: (n) => times("})]", n),
  statements: (n) => list(n, (i) => `export const a${i} = axios.get("x");\n`),
  "one name declared over and over": (n) => times("var a = 1; a = a;", n),
  "properties of one object": (n) => `export const a = { ${list(n, (i) => `k${i}: ${i}`, ", ")} };\n`,
  imports: (n) => list(n, (i) => `import { a${i} } from "./m${i}";\n`),
  reexports: (n) => list(n, (i) => `export * from "./m${i}";\n`),
  cases: (n) => `switch (a) { ${list(n, (i) => `case ${i}: b();`)} }\n`,
  parameters: (n) => `export function a(${list(n, (i) => `p${i}`, ", ")}) { return axios.get("x", { signal: p0 }); }\n`,
  "methods of a class": (n) => `export class A { ${list(n, (i) => `m${i}() { return this.m${(i + 1) % n}(); }`)} }\n`,
  "functions that call the next": (n) => list(n, (i) => `async function f${i}(signal) { await f${i + 1}(signal); }\n`),
};

/** JSX needs its own extension. */
export const tsxShapes: Readonly<Record<string, (depth: number) => string>> = {
  elements: (n) => `export const a = ${times("<a>", n)}${times("</a>", n)};\n`,
  fragments: (n) => `export const a = ${times("<>", n)}${times("</>", n)};\n`,
  attributes: (n) => `export const a = <a ${list(n, (i) => `b${i}={${i}}`, " ")} />;\n`,
  "expressions in elements": (n) => `export const a = ${times("<a>{", n)}1${times("}</a>", n)};\n`,
};

/** YAML by name. */
export const yamlShapes: Readonly<Record<string, (depth: number) => string>> = {
  brackets: (n) => `x: ${times("[", n)}${times("]", n)}\n`,
  braces: (n) => `x: ${times("{a: ", n)}1${times("}", n)}\n`,
  "open brackets": (n) => `x: ${times("[", n)}`,
  "open braces": (n) => `x: ${times("{a: ", n)}`,
  dashes: (n) => `x:\n  ${times("- ", n)}a\n`,
  "explicit keys": (n) => `${times("? ", n)}a\n`,
  "flow keys": (n) => `${times("[", n)}a]: 1${times("]: 1", n - 1)}\n`,
  indentation: (n) => list(Math.min(n, 5_000), (i) => `${times(" ", i)}a:\n`),
  "keys in one line": (n) => `${times("a: ", n)}b\n`,
  "quotes": (n) => `x: [${times('"" ', n)}]\n`,
  commas: (n) => `x: [${times(",", n)}]\n`,
  closers: (n) => times("]}", n),
  anchors: (n) => `x: ${times("&a ", n)}b\n`,
  aliases: (n) => `x: [${times("*a ", n)}]\n`,
  "alias pairs": (n) => list(n, (i) => `k${i}: &a${i} *a${Math.max(0, i - 1)}\n`),
  "merge fans": (n) => `a0: &a0 { b: 1 }\n${list(Math.min(n, 20_000), (i) => `a${i + 1}: &a${i + 1} { <<: [*a${i}, *a${Math.max(0, i - 1)}], c: 1 }\n`)}`,
  tags: (n) => `x: ${times("!a ", n)}b\n`,
  keys: (n) => list(n, (i) => `k${i}: v\n`),
  "the same key": (n) => times("k: v\n", n),
  items: (n) => `x:\n${times("  - a\n", n)}`,
  documents: (n) => times("---\na: 1\n", n),
  "document ends": (n) => times("...\n", n),
  comments: (n) => times("# a\n", n),
  directives: (n) => times("%YAML 1.2\n", n),
  "block scalars": (n) => list(n, (i) => `k${i}: |\n  text\n`),
};

/** Wide YAML: many of one thing in one workspace. */
export const wideShapes: Readonly<Record<string, (count: number) => string>> = {
  "containers of one pod": (n) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      containers:\n${list(Math.min(n, 20_000), (i) => `      - { name: c${i}, image: i }\n`)}`,
  "environment of one container": (n) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec:\n  template:\n    spec:\n      containers:\n      - name: orders\n        image: orders\n        env:\n${list(n, (i) => `        - { name: V${i}, value: "${i}" }\n`)}`,
  deployments: (n) => list(Math.min(n, 5_000), (i) => `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: o${i} }\nspec: { template: { spec: { containers: [{ name: o, image: o }] } } }\n`),
};

/** Chart templates: what stands between braces is read by our own lexer. */
export const templateShapes: Readonly<Record<string, (depth: number) => string>> = {
  "if in if": (n) => `a: 1\n${times("{{ if .Values.a }}\n", n)}${times("{{ end }}\n", n)}`,
  "open if": (n) => times("{{ if .Values.a }}\n", n),
  ends: (n) => times("{{ end }}\n", n),
  parentheses: (n) => `a: {{ ${times("(", n)}.Values.a${times(")", n)} }}\n`,
  pipes: (n) => `a: {{ .Values.a${times(" | quote", n)} }}\n`,
  "value paths": (n) => `a: {{ .Values${times(".a", n)} }}\n`,
  actions: (n) => list(n, (i) => `a${i}: {{ .Values.a${i} }}\n`),
  "actions in one line": (n) => `a: "${times("{{ .Values.a }}", n)}"\n`,
  "open actions": (n) => times("{{ ", n),
  comments: (n) => times("{{/* a */}}\n", n),
  "else if": (n) => `{{ if .Values.a }}\na: 1\n${times("{{ else if .Values.b }}\na: 2\n", n)}{{ end }}\n`,
};
