// YAML as plain data: what the parser leaves, safe to cache and to send between threads. Types only.

import type { Span } from "../types.ts";

export type Scalar = string | number | boolean | null;

export type YamlNode = YamlScalar | YamlMap | YamlSeq | YamlAlias;

interface YamlBase {
  /** From the first to the last character of the value itself, without anchor, tag, trailing comment or newline. */
  readonly at: Span;
  readonly anchor?: string;
  readonly tag?: string;
  /** What a template puts in: the scalar is unknown, the map or sequence may hold more than it shows. */
  readonly holes?: readonly Hole[];
  /** Why the node is not what it seems or holds more: a condition that nobody can tell. */
  readonly open?: string;
}

/** An action of a template. Offsets in the file of the template. */
export interface Hole {
  readonly start: number;
  readonly end: number;
  /** The text between the braces; a condition within a line keeps its braces, and a branch that is not shown is "". */
  readonly expression: string;
}

export interface YamlScalar extends YamlBase {
  readonly kind: "scalar";
  /** YAML 1.2 core reading. */
  readonly value: Scalar;
  /** YAML 1.1 reading, as Kubernetes tooling sees it, where it differs (`yes`, `010`). */
  readonly legacy?: Scalar;
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
  /** The scalar of another file that gives the value, for one action of a template alone: the place to change. */
  readonly source?: Span;
  /** For literal blocks: text offset of each content line, so that offsets in the value map to the file. */
  readonly lines?: readonly number[];
}

export interface YamlMap extends YamlBase {
  readonly kind: "map";
  readonly flow: boolean;
  readonly pairs: readonly YamlPair[];
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode | null;
  /** First character of the pair: `? `, anchor or tag of the key included. */
  readonly start: number;
  /** End of the `:` token; the insertion point when the value is empty. */
  readonly colon: number;
}

export interface YamlSeq extends YamlBase {
  readonly kind: "seq";
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
  /** Offset of each item's dash; empty in flow style. */
  readonly dashes: readonly number[];
}

export interface YamlAlias extends YamlBase {
  readonly kind: "alias";
  readonly name: string;
  /** `at.start` of the node that the anchor stands on; absent when no anchor of that name stands above. */
  readonly target?: number;
}

export interface YamlError {
  readonly at: Span;
  readonly code: string;
  readonly message: string;
}

/** Which tool reads a document: decides which facts and rules apply. */
export type DocumentClass =
  | "k8s" | "compose" | "helm-chart" | "helm-values" | "values-fragment" | "prom-config" | "prom-rules" | "otelcol" | "envoy" | "spring"
  | "etcd" | "consul" | "spire" | "loki-promtail" | "registrar" | "skaffold" | "kustomization" | "gha" | "app-config" | "pitlint" | "other";

export interface YamlDocument {
  readonly path: string;
  /** Position among the documents of the file. */
  readonly index: number;
  readonly at: Span;
  readonly class: DocumentClass;
  readonly root: YamlNode | null;
  readonly errors: readonly YamlError[];
  /** How often its text says `<<`, where that is so often that merged maps are not followed all the way. */
  readonly merges?: number;
  /** Deployment unit this reading belongs to. */
  readonly unit?: string;
  /** Of a kustomization: its literal scalars of several lines as documents, which are patches, with places of the file. By the offset where each begins. */
  readonly inline?: readonly { readonly start: number; readonly documents: readonly YamlDocument[] }[];
  /** Of a chart template: what its reading depends on. Such a document is judged as it reads with the values of a unit, never as it stands. */
  readonly template?: Template;
  /** Part of a reading that several files make up: what stands in another file is judged in the reading of that file. */
  readonly isMerged?: true;
  /** Of an object as a Kustomize overlay builds it. */
  readonly built?: Built;
  /** Of a reading: places here that another file fills, and the places there. */
  readonly filled?: readonly { readonly at: Span; readonly by: Span }[];
}

export interface Built {
  /** The document whose object it is, where this is the reading of a patch of it. */
  readonly of?: { readonly path: string; readonly index: number };
  /** Documents that put something into the object: patches, kustomizations. */
  readonly parts: readonly Span[];
  /** Where overlays say what they take away. */
  readonly removed: readonly Span[];
  /** The object with every place open that something was taken from. */
  readonly before?: YamlNode;
  /** A development stage builds it, and others build it too: what is wrong with the object itself is told by them. */
  readonly isAside?: true;
}

/** The conditions and loops around and in one document of a template. */
export interface Template {
  readonly blocks: readonly TemplateBlock[];
  /** The same document when last branches are read instead of first ones; absent where no block has two. */
  readonly otherwise?: YamlNode | null;
}

export interface TemplateBlock {
  readonly kind: "if" | "with" | "range";
  /** In order. A branch without a condition is the last `else`. */
  readonly branches: readonly TemplateBranch[];
}

export interface TemplateBranch {
  readonly start: number;
  readonly end: number;
  /** Expression of the condition, of the value or of the list. */
  readonly condition?: string;
}
