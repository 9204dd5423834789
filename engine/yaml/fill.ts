// A chart template as it reads with the values of one deployment unit: conditions decided, actions replaced where their result is known.
// Works on trees only. What it cannot tell stays open, and so silent. Recursion is bounded by the depth that the guard admits.

import { evaluate, printed, scalarOf, truth, type Given, type Scope } from "./expression.ts";
import { coreReading, legacyReading } from "./legacy.ts";
import { PLACEHOLDER } from "./mask.ts";
import { placeOf, plain } from "./values.ts";
import type { Span, YamlDocument, YamlMap, YamlNode, YamlPair, YamlScalar, YamlSeq } from "../types.ts";
import type { Hole, TemplateBlock } from "./node.ts";

/** Whether a branch is rendered, once. `maybe` for what nobody can tell, and for loops. */
type Verdict = "yes" | "no" | "maybe";
interface Judged {
  readonly start: number;
  readonly end: number;
  readonly verdict: Verdict;
}

/** The reading of a template document; undefined when its condition does not hold in the unit. */
export function fill(document: YamlDocument, scope: Scope, unit: string): YamlDocument | undefined {
  const { template, root } = document;
  if (!template || !root) return document;
  const dots = dotsOf(template.blocks, scope);
  const judged = template.blocks.flatMap((block) => judge(block, scope, dots));
  // What surrounds the whole document holds wherever the document is.
  const around = (one: Judged) => one.start <= root.at.start && root.at.end <= one.end;
  if (judged.some((one) => one.verdict === "no" && around(one))) return undefined;
  const open = judged.filter((one) => one.verdict !== "yes" && !around(one));
  const filled: { at: Span; by: Span }[] = [];
  const filler = new Filler({ scope, open, filled, dotAt: (offset) => dots(offset), path: document.path });
  const { template: _, ...rest } = document;
  return { ...rest, unit, root: filler.node(filler.merged(root, template.otherwise ?? null)), filled };
}

/** The dot at an offset: what the innermost `with` is given; unknown in a loop. */
function dotsOf(blocks: readonly TemplateBlock[], scope: Scope): (offset: number) => Given {
  const changing = blocks.filter((block) => block.kind !== "if");
  return (offset) => {
    let dot: Given = { root: true };
    for (const { kind, branches } of changing) {
      const [first] = branches;
      if (!first || offset < first.start || offset >= first.end) continue;
      dot = kind === "with" ? evaluate(bare(first.condition), scope, dot) : { unknown: "a loop" };
    }
    return dot;
  };
}

/** A condition without the variable that takes its value. */
function bare(condition: string | undefined): string {
  return (condition ?? "").replace(/^\$\w*\s*(?:,\s*\$\w*\s*)?:=\s*/, "");
}

function judge({ kind, branches }: TemplateBlock, scope: Scope, dots: (offset: number) => Given): Judged[] {
  let before: Verdict = "no";
  return branches.map(({ start, end, condition }) => {
    let holds: boolean | undefined = true;
    // The dot of the condition is that of the place in front of its block.
    if (condition !== undefined) holds = truth(evaluate(bare(condition), scope, dots((branches[0]?.start ?? start) - 3)));
    const rendered: Verdict = before === "yes" || holds === false ? "no" : before === "maybe" || holds === undefined ? "maybe" : "yes";
    if (holds !== false && before !== "yes") before = holds === true && before === "no" ? "yes" : "maybe";
    const isLoop = kind === "range" && condition !== undefined && rendered === "yes";
    return { start, end, verdict: isLoop ? "maybe" : rendered };
  });
}

interface Filling {
  readonly scope: Scope;
  /** Branches inside the document that are not rendered, or may not be. */
  readonly open: readonly Judged[];
  readonly filled: { at: Span; by: Span }[];
  readonly path: string;
  dotAt(offset: number): Given;
}

class Filler {
  private readonly with: Filling;

  constructor(filling: Filling) {
    this.with = filling;
  }

  private verdict(offset: number): Verdict {
    let worst: Verdict = "yes";
    for (const one of this.with.open) {
      if (offset < one.start || offset >= one.end) continue;
      if (one.verdict === "no") return "no";
      worst = "maybe";
    }
    return worst;
  }

  /** Whether something of the node is rendered. A block begins with its first entry, which may be the only one that is not. */
  private isShown(node: YamlNode): boolean {
    const starts = startsOf(node);
    return starts.length === 0 ? this.verdict(node.at.start) !== "no" : starts.some((start) => this.verdict(start) !== "no");
  }

  /** What first branches show and what last branches show, each where it is rendered. */
  merged(then: YamlNode | null, otherwise: YamlNode | null): YamlNode | null {
    const shown = [then, otherwise].filter((node) => node !== null && this.isShown(node));
    if (shown.length < 2) return shown[0] ?? null;
    if (then?.kind === "map" && otherwise?.kind === "map") return this.mergedMap(then, otherwise);
    if (then?.kind === "seq" && otherwise?.kind === "seq") return this.mergedSeq(then, otherwise);
    if (then?.kind === "scalar" && otherwise?.kind === "scalar" && then.at.start === otherwise.at.start && then.value === otherwise.value) return then;
    return then && { kind: "scalar", at: then.at, value: null, style: "plain", open: "a condition decides" };
  }

  private mergedMap(then: YamlMap, otherwise: YamlMap): YamlMap {
    const later = new Map(otherwise.pairs.map((pair) => [pair.start, pair]));
    const pairs = then.pairs.map((pair): YamlPair => {
      const other = later.get(pair.start);
      later.delete(pair.start);
      return other ? { ...pair, value: this.merged(pair.value, other.value) } : pair;
    });
    return { ...then, pairs: [...pairs, ...later.values()].sort((a, b) => a.start - b.start), ...holesOf(then, otherwise) };
  }

  private mergedSeq(then: YamlSeq, otherwise: YamlSeq): YamlSeq {
    const later = new Map(otherwise.items.map((item, at) => [otherwise.dashes[at] ?? item.at.start, item]));
    const rows: [number, YamlNode][] = then.items.map((item, at) => {
      const start = then.dashes[at] ?? item.at.start;
      const other = later.get(start);
      later.delete(start);
      return [start, other ? this.merged(item, other) ?? item : item];
    });
    rows.push(...later);
    rows.sort(([a], [b]) => a - b);
    return { ...then, items: rows.map(([, item]) => item), dashes: then.flow ? [] : rows.map(([start]) => start), ...holesOf(then, otherwise) };
  }

  /** The node as it is rendered; null when it is not. */
  node(node: YamlNode | null): YamlNode | null {
    if (node === null || !this.isShown(node)) return null;
    const starts = startsOf(node);
    const isCertain = (starts.length === 0 ? [node.at.start] : starts).some((start) => this.verdict(start) === "yes");
    const full = node.kind === "map" ? this.map(node) : node.kind === "seq" ? this.seq(node) : node.kind === "scalar" ? this.scalar(node) : node;
    return isCertain ? full : { ...full, open: full.open ?? "a condition decides" };
  }

  private map(map: YamlMap): YamlNode {
    const pairs: YamlPair[] = [];
    for (const pair of map.pairs) {
      const verdict = this.verdict(pair.start);
      if (verdict === "no") continue;
      const key = pair.key.kind === "scalar" ? this.scalar(pair.key) : pair.key;
      const value = this.node(pair.value);
      // An empty value that may not be there is no proof of an empty value.
      const empty: YamlScalar = { kind: "scalar", at: { file: "", start: pair.colon, end: pair.colon }, value: null, style: "plain", open: "a condition decides" };
      pairs.push({ ...pair, key, value: value ?? (verdict === "maybe" ? empty : null) });
    }
    const { holes, ...rest } = map;
    const left: Hole[] = [];
    for (const hole of holes ?? []) {
      const given = this.given(hole);
      if (given === null) continue;
      if (given?.kind !== "map") left.push(hole);
      else pairs.push(...given.pairs.filter((pair) => !pairs.some((own) => keyOf(own) === keyOf(pair))));
    }
    return { ...rest, pairs: pairs.sort((a, b) => a.start - b.start), ...(left.length > 0 ? { holes: left } : {}) };
  }

  private seq(seq: YamlSeq): YamlNode {
    const rows: [number, YamlNode][] = [];
    let isOpen = false;
    for (const [at, item] of seq.items.entries()) {
      const start = seq.dashes[at] ?? item.at.start;
      const verdict = this.verdict(start);
      const next = verdict === "no" ? null : this.node(item);
      if (next) rows.push([start, verdict === "maybe" ? { ...next, open: next.open ?? "a condition decides" } : next]);
      isOpen ||= verdict === "maybe";
    }
    const { holes, ...rest } = seq;
    const left: Hole[] = [];
    for (const hole of holes ?? []) {
      const given = this.given(hole);
      if (given === null) continue;
      if (given?.kind === "seq") rows.push(...given.items.map((item): [number, YamlNode] => [hole.start, item]));
      else left.push(hole);
    }
    rows.sort(([a], [b]) => a - b);
    return { ...rest, items: rows.map(([, item]) => item), dashes: seq.flow ? [] : rows.map(([start]) => start), ...(left.length > 0 ? { holes: left } : {}), ...(isOpen ? { open: "a condition decides" } : {}) };
  }

  private scalar(scalar: YamlScalar): YamlNode {
    if (this.with.open.some((one) => one.start < scalar.at.end && scalar.at.start < one.end && one.start > scalar.at.start)) return { ...scalar, open: "a condition decides" };
    const { holes, lines: _, ...rest } = scalar;
    if (!holes) return scalar;
    const [only] = holes;
    // A value that inserted lines make: `key:` and below it `{{ toYaml … }}`.
    if (scalar.value === null) {
      const given = holes.length === 1 && only ? this.given(only) : undefined;
      if (given === null) return { ...rest };
      return given ?? scalar;
    }
    const results = holes.map((hole) => this.evaluated(hole));
    const [first] = results;
    if (results.length === 1 && first && String(scalar.value).replaceAll(PLACEHOLDER, "") === "") {
      const known = scalarOf(first);
      if (!known || known.scalar === null) return scalar;
      const value = scalar.style !== "plain" || known.quoted ? String(known.scalar) : typeof known.scalar === "string" ? coreReading(known.scalar) : known.scalar;
      if (known.source) this.with.filled.push({ at: scalar.at, by: known.source });
      return { ...rest, ...read(scalar, value, String(known.scalar), known.quoted), ...(known.source ? { source: known.source } : {}) };
    }
    let text = String(scalar.value);
    for (const [index, { start, end }] of holes.entries()) {
      const given = results[index];
      const part = given && printed(given);
      const at = text.indexOf(PLACEHOLDER);
      let to = at;
      while (text[to] === PLACEHOLDER && to - at < end - start) to += 1;
      if (part === undefined || at < 0) return scalar;
      text = text.slice(0, at) + part + text.slice(to);
    }
    if (text.includes(PLACEHOLDER)) return scalar;
    return { ...rest, ...read(scalar, scalar.style === "plain" ? coreReading(text) : text, text) };
  }

  private evaluated({ start, expression }: Hole): Given {
    if (expression === "" || expression.startsWith("{{")) return { unknown: "a condition" };
    return evaluate(expression, this.with.scope, this.with.dotAt(start));
  }

  /** What inserted lines hold: nodes of the values file, null when nothing is inserted, undefined when it is not known. */
  private given(hole: Hole): YamlNode | null | undefined {
    const verdict = this.verdict(hole.start);
    if (verdict === "no") return null;
    const given = this.evaluated(hole);
    if (verdict === "maybe") return undefined;
    const known = scalarOf(given);
    const at: Span = { file: "", start: hole.start, end: hole.end };
    if (known && known.scalar !== null && known.scalar !== "") return { kind: "scalar", at, value: known.scalar, style: "plain", ...(known.source ? { source: known.source } : {}) };
    // `toYaml` of an empty map is `{}`, of nothing `null`.
    if (truth(given) === false) return null;
    const node = "values" in given ? plain(given.values, hole.start) : undefined;
    if (!node || !("values" in given)) return undefined;
    for (const layer of given.values) this.with.filled.push({ at, by: placeOf(layer) });
    return node;
  }
}

/** Where the entries of a block begin and lines are inserted; none for scalars and in flow style. */
function startsOf(node: YamlNode): readonly number[] {
  const holes = (node.holes ?? []).map(({ start }) => start);
  if (node.kind === "map" && !node.flow) return [...node.pairs.map((pair) => pair.start), ...holes];
  return node.kind === "seq" && !node.flow ? [...node.dashes, ...holes] : [];
}

/** A scalar with another value. */
function read(old: YamlScalar, value: YamlScalar["value"], text: string, quoted?: true): YamlScalar {
  const legacy = old.style === "plain" && !quoted && old.tag === undefined ? legacyReading(text) : undefined;
  return { kind: "scalar", at: old.at, value, style: quoted ? "double" : old.style, ...(legacy !== undefined && legacy !== value ? { legacy } : {}) };
}

function holesOf(a: YamlNode, b: YamlNode): { readonly holes?: readonly Hole[] } {
  const all = new Map([...(a.holes ?? []), ...(b.holes ?? [])].map((hole) => [hole.start, hole]));
  return all.size > 0 ? { holes: [...all.values()].sort((x, y) => x.start - y.start) } : {};
}

function keyOf({ key }: YamlPair): string | undefined {
  return key.kind === "scalar" && !key.holes ? String(key.value) : undefined;
}
