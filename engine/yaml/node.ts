// YAML as plain data: what the parser leaves, safe to cache and to send between threads. Types only.

import type { Span } from "../types.ts";

export type Scalar = string | number | boolean | null;

export type YamlNode = YamlScalar | YamlMap | YamlSeq | YamlAlias;

interface YamlBase {
  /** From the first to the last character of the value itself, without anchor, tag, trailing comment or newline. */
  readonly at: Span;
  readonly anchor?: string;
  readonly tag?: string;
}

export interface YamlScalar extends YamlBase {
  readonly kind: "scalar";
  /** YAML 1.2 core reading. */
  readonly value: Scalar;
  /** YAML 1.1 reading, as Kubernetes tooling sees it, where it differs (`yes`, `010`). */
  readonly legacy?: Scalar;
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
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
  /** Deployment unit this reading belongs to. */
  readonly unit?: string;
}
