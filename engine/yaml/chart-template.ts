// The text of a chart template to documents whose nodes know what rendering may put into them. Evaluates nothing.

import type { Span, YamlDocument, YamlNode, YamlPair, YamlScalar } from "../types.ts";
import { documentsIn, type Literal } from "./embedded.ts";
import { MAX_SIZE } from "./guard.ts";
import { withoutLists } from "./list-items.ts";
import { maskTemplate, type Masked } from "./mask.ts";
import type { Hole, TemplateBlock } from "./node.ts";
import { parseMasked, parseYaml, type ParsedYaml } from "./parse.ts";
import { nodesOf, pathTo, type Step } from "./place.ts";
import { columnOf, isBlockScalar } from "./site.ts";
import { blocksOf, scanActions } from "./template-actions.ts";
import { isChartTemplate, isTemplate } from "./template.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };
/** Lines that rendering puts in, and the column at which they stand. */
interface Inserted extends Hole {
  readonly indent: number;
}

/** The documents of a file, be it YAML or the template of a chart. Other templates, and those that masking does not turn into YAML, are not applicable. */
export function readYaml(path: string, text: string): ParsedYaml & { readonly notApplicable?: true } {
  if (!isTemplate(path, text)) {
    const { documents, problems } = parseYaml(path, text);
    return { documents: documents.some((document) => document.class === "kustomization") ? documents.map(withPatches) : withoutLists(documents), problems };
  }
  if (!isChartTemplate(path) || !text.includes("{{")) return { documents: [], problems: [], notApplicable: true };
  const parsed = parseTemplate(path, text);
  return parsed.documents.length > 0 ? parsed : { ...parsed, notApplicable: true };
}

function withPatches(document: YamlDocument): YamlDocument {
  const written = [...nodesOf(document.root)].flatMap((node) => {
    if (node.kind === "map") return node.pairs.flatMap(({ key, value }) => (key.kind === "scalar" && key.value === "patch" && value ? [value] : []));
    return node.kind === "seq" ? node.items.filter((one) => one.kind === "scalar" && one.style === "literal") : [];
  });
  const inline = written.flatMap((node) => {
    const literal = asLiteral(node);
    return literal ? [{ start: node.at.start, documents: [...documentsIn(document, "patch.yaml", literal)] }] : [];
  });
  return inline.length > 0 ? { ...document, inline } : document;
}

/** A text whose characters stand in the file as they are: a literal, or one line without escapes. */
function asLiteral(node: YamlNode): Literal | undefined {
  if (node.kind !== "scalar" || typeof node.value !== "string") return undefined;
  const { lines, value, at } = node;
  const quotes = node.style === "plain" ? 0 : 1;
  const isWhole = at.end - at.start === value.length + 2 * quotes && !value.includes("\n") && node.style !== "folded";
  return lines ? { ...node, value, lines } : isWhole ? { ...node, value, lines: [at.start + quotes] } : undefined;
}

/**
 * The documents of a chart template. One that masking does not turn into YAML gives no documents, and that is no problem of the file:
 * the template may be fine. Problems are limits of the analysis only.
 */
function parseTemplate(path: string, text: string): ParsedYaml {
  if (text.length > MAX_SIZE) return { documents: [], problems: [{ kind: "too-big", file: path, message: `not analysed: ${text.length} characters, at most ${MAX_SIZE} are analysed; split the file or ignore it`, incomplete: true }] };
  const masked = maskTemplate(text);
  const blocks = conditionsOf(text);
  const then = variant(path, masked.then);
  const isShown = (of: Variant) => of.documents.some(isUsable);
  const hasChoice = blocks.some((block) => block.branches.length > 1);
  const otherwise = hasChoice || !isShown(then) ? variant(path, masked.else) : undefined;
  // Where first branches only refuse (`fail`), the document stands in the last ones.
  const main = otherwise && !isShown(then) && isShown(otherwise) ? otherwise : then;
  const isAlike = hasChoice && main === then && otherwise?.problems.length === 0 && otherwise.documents.length === then.documents.length;
  const documents = main.documents.filter(isUsable).map((document): YamlDocument => {
    const other = isAlike ? otherwise.documents[document.index] : undefined;
    const to = main.documents[main.documents.indexOf(document) + 1]?.at.start ?? text.length + 1;
    const around = blocks.filter((block) => block.branches.some((branch) => branch.start < to && branch.end > document.at.start));
    const last = ({ branches }: TemplateBlock) => (branches.length > 1 ? [branches.length - 1] : []);
    const shown = (block: TemplateBlock) => [...(main === then ? [0] : []), ...(main === otherwise || other ? last(block) : [])];
    annotate(document, to, main.masked, unshown(text, around, shown));
    if (other && otherwise) annotate(other, to, otherwise.masked, []);
    return { ...document, template: { blocks: around, ...(other ? { otherwise: other.root } : {}) } };
  });
  return { documents, problems: main.problems.filter((one) => one.kind !== "syntax") };
}

function variant(path: string, masked: Masked): Variant {
  return { masked, ...parseMasked(path, masked.text) };
}

interface Variant extends ParsedYaml {
  readonly masked: Masked;
}

const isUsable = (document: YamlDocument) => document.errors.length === 0 && document.root !== null;

/** The blocks of the template with the expressions of their branches. */
function conditionsOf(text: string): readonly TemplateBlock[] {
  const actions = scanActions(text);
  const byEnd = new Map(actions.map((action) => [action.end, action.expression]));
  return blocksOf(actions, text.length).flatMap((block): TemplateBlock[] => {
    const { kind } = block;
    if (kind === "define" || kind === "block") return [];
    const branches = block.branches.map(({ start, end }) => {
      const condition = /^(?:else\s+)?(?:if|with|range)\s+([^]*)$/.exec(byEnd.get(start) ?? "")?.[1];
      return { start, end, ...(condition === undefined ? {} : { condition }) };
    });
    return [{ kind, branches }];
  });
}

/** Branches that no variant shows, as lines that may be inserted. */
function unshown(text: string, blocks: readonly TemplateBlock[], shown: (block: TemplateBlock) => readonly number[]): readonly Inserted[] {
  return blocks.flatMap((block) => block.branches.flatMap(({ start, end }, at) => {
    const line = shown(block).includes(at) ? null : /(?:^|[\r\n])([ \t]*)[^\s{]/.exec(text.slice(start, end));
    return line ? [{ start, end, expression: "", indent: (line[1] ?? "").length }] : [];
  }));
}

/** Puts holes on the nodes of a tree that nobody else holds yet. `to` is where the next document begins: what is blank may end this one. */
function annotate(document: YamlDocument, to: number, masked: Masked, unseen: readonly Inserted[]): void {
  const from = document.at.start;
  const inside = <T extends { readonly start: number }>(list: readonly T[]) => list.filter(({ start }) => start >= from && start < to);
  for (const { start, end, expression } of inside(masked.placeholders)) {
    const node = pathTo(document, start).at(-1)?.node;
    // Outside of a scalar it stands in a comment.
    if (node && node.at.start <= start && start < node.at.end) put(node, { start, end, expression });
  }
  const splices = masked.splices.map(({ offset, end, expression, indent }) => ({ start: offset, end, expression, indent }));
  const isAround = (one: Hole) => one.start <= (document.root?.at.start ?? 0) && one.end >= (document.root?.at.end ?? 0);
  for (const one of inside([...splices, ...unseen])) if (!isAround(one)) insert(document, masked.text, one);
}

function put(node: YamlNode, { start, end, expression }: Hole): void {
  const draft = node as Draft<YamlNode>;
  draft.holes = [...(node.holes ?? []), { start, end, expression }].sort((a, b) => a.start - b.start);
}

/** Finds what grows by inserted lines: the value of the key above, the map or sequence of their column, or the scalar that they continue. */
function insert(document: YamlDocument, text: string, one: Inserted): void {
  const path = pathTo(document, one.start);
  const leaf = path.at(-1);
  if (!leaf) return;
  const columns = path.map(({ node }) => (node && (node.kind === "map" || node.kind === "seq") && !node.flow ? columnOf(text, node) : undefined));
  const above = columns.findLast((column) => column !== undefined) ?? 0;
  const { node } = leaf;
  if (node?.kind === "scalar" && (isWithin(one, node.at) || (isBlockScalar(node) && one.indent > above) || isFilledOnly(node, one, above))) return put(node, one);
  const flow = path.findLast((step) => step.node && step.node.kind !== "scalar" && isWithin(one, step.node.at) && "flow" in step.node && step.node.flow)?.node;
  if (flow) return put(flow, one);
  // The value begins below the inserted lines.
  if (node && leaf.part === "value" && one.start < node.at.start && node.kind !== "scalar") return put(node, one);
  if (node === null && leaf.pair && one.indent >= above) {
    const value: YamlScalar = { kind: "scalar", at: spanOf(one), value: null, style: "plain", holes: [{ start: one.start, end: one.end, expression: one.expression }] };
    (leaf.pair as Draft<YamlPair>).value = value;
    // At the column of the key stand the items of its value, or its neighbours.
    if (one.indent > above) return;
  }
  for (const holder of holders(path, columns, one.indent)) put(holder, one);
}

/** A value that consists of inserted lines only, and these continue it. */
function isFilledOnly(node: YamlScalar, one: Inserted, above: number): boolean {
  return node.value === null && node.holes !== undefined && node.holes[0]?.start === node.at.start && one.indent > above;
}

/** The block maps and sequences of a column on the way; where there is none, the innermost one further left, else the root. */
function holders(path: readonly Step[], columns: readonly (number | undefined)[], indent: number): YamlNode[] {
  const exact = path.filter((_, at) => columns[at] === indent);
  if (exact.length > 0) return exact.flatMap(({ node }) => node ?? []);
  const left = path.findLast((_, at) => (columns[at] ?? Infinity) < indent) ?? path[0];
  return left?.node ? [left.node] : [];
}

function isWithin(one: Hole, at: Span): boolean {
  return at.start < one.start && one.start < at.end;
}

function spanOf({ start, end }: Hole): Span {
  return { file: "", start, end };
}
