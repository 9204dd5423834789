// What the passes hand on, what a run results in, and what a team states. Types only.

import type { Diagnostic, Fact, Finding, Fix, Known, Profile, Severity, Span, Value, YamlDocument } from "./types.ts";

/** Something that keeps the result from being complete, or that the user must know. Never silent. */
export interface Problem {
  readonly kind: "unreadable" | "unwritable" | "undecodable" | "syntax" | "too-deep" | "too-big" | "timeout" | "crash" | "rule-failed" | "config" | "suppression";
  readonly file: string;
  readonly at?: Span;
  readonly message: string;
  /** True when part of the input was not analysed: the result is not complete. */
  readonly incomplete: boolean;
  /** Ways out that are edits of text; the best one first. */
  readonly fixes?: readonly Fix[];
}

/** A comment or annotation that silences a rule. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  readonly form: "next-line" | "line" | "block" | "file" | "annotation";
  /** Last day on which it silences: `2027-03-01`. */
  readonly until?: string;
  /** Who answers for it: `@team`. */
  readonly owner?: string;
  /** The comment, or the entry in the annotation. */
  readonly at: Span;
  /** The comment that ends a block. */
  readonly ends?: Span;
  /** The lines it covers, as offsets. */
  readonly covers: { readonly start: number; readonly end: number };
}

/** What an exported name stands for. */
export type Exported =
  | Value<unknown>
  | { readonly fact: readonly [kind: string, start: number] }
  | { readonly members: Readonly<Record<string, Exported>> };

/** Everything that one file states by itself. A pure function of path and text; plain data. */
export interface Extract {
  readonly path: string;
  readonly facts: Readonly<Record<string, readonly Fact<unknown>[]>>;
  readonly findings: readonly { readonly rule: string; readonly finding: Finding }[];
  readonly exports: Readonly<Record<string, Exported>>;
  /** Module specifiers of `export * from`. */
  readonly reexports: readonly string[];
  readonly suppressions: readonly Suppression[];
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
  /** Gates that hold for the whole file. */
  readonly browser?: true;
  /** Not read because it is no source or a template: counted, not incomplete. */
  readonly notApplicable?: true;
  /** Deferred kinds were looked for as well. */
  readonly deep?: true;
}

/** A fix lowered to text: what an editor or `--fix` applies. Edits of one file do not overlap and are sorted. */
export interface FileEdit {
  readonly file: string;
  readonly edits: readonly { readonly at: Span; readonly text: string }[];
}

export interface Link {
  readonly service: string;
  /** Package folder, "" for the root. */
  readonly source: string;
  /** What it was linked to: `Deployment/orders (k8s/orders.yaml)`. */
  readonly target: string;
  /** `E4: compose build context services/orders`. */
  readonly evidence: string;
}

export interface Summary {
  readonly files: number;
  readonly parsed: number;
  /** Documents of no known class and templates: counted, not analysed, not incomplete. */
  readonly notApplicable: number;
  readonly suppressed: number;
  /** Findings that the baseline accepts. */
  readonly baselined: number;
  /** Findings that the baseline accepts and nobody sees any more. */
  readonly stale: number;
  /** Findings that are left out because no change has to do with them; only where that was asked for. */
  readonly unchanged?: number;
  readonly linked: readonly Link[];
  /** Packages and workloads that were not linked, with the reason. */
  readonly unlinked: readonly { readonly name: string; readonly reason: string }[];
}

/** A finding that a comment silences: shown only where a report says so. */
export interface Suppressed extends Diagnostic {
  readonly by: Suppression;
}

/** Accepted findings of one file with equal content: what one line of a baseline says. */
export interface BaselineEntry {
  /** Workspace path, with `/`: where it was when the baseline was written. */
  readonly file: string;
  readonly rule: string;
  /** Without the index that tells equal findings apart. */
  readonly fingerprint: string;
  readonly count: number;
}

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
  /** It is of this workspace: entries that match nothing are stale. */
  readonly whole: boolean;
}

export interface LintResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressed: readonly Suppressed[];
  /** Findings that the baseline accepts. */
  readonly baselined: readonly Diagnostic[];
  /** Entries of the baseline that match nothing, counting what is left of them. Only a complete run knows. */
  readonly stale: readonly BaselineEntry[];
  readonly problems: readonly Problem[];
  readonly complete: boolean;
  readonly summary: Summary;
}

/** What a team states in pitlint.yaml about one service. */
export interface StatedService {
  readonly name: string;
  readonly source?: string;
  /** Where the source is stated. */
  readonly sourceAt?: Span;
  readonly workloads: readonly string[];
  readonly images: readonly string[];
  /** Further names: registry, label, OTEL_SERVICE_NAME. */
  readonly names: readonly string[];
  readonly registryTtl?: Known<number>;
  readonly loadBalancerIdle?: Known<number>;
  /** Connections that its database takes from all clients. */
  readonly databaseMax?: Known<number>;
}

/** How loud findings are in some paths, as a team states it. */
export interface PathGrade {
  /** Folder of the pitlint.yaml that states it. */
  readonly folder: string;
  /** Gitignore patterns, relative to `folder`; none: the whole folder. */
  readonly paths: readonly string[];
  /** A rule's id, or `timeout/*` for a group. */
  readonly grades: readonly { readonly rule: string; readonly grade: Severity | "off"; readonly at: Span }[];
}

/** Paths that are deployed together, apart from those of other environments. */
export interface Environment {
  readonly folder: string;
  readonly name: string;
  /** Gitignore patterns, relative to `folder`. */
  readonly paths: readonly string[];
}

/** The team's knowledge, from one pitlint.yaml and those of the folders above. Frozen. Durations in ms. */
export interface Config {
  /** Workspace path of the file; undefined for the built-in defaults. */
  readonly path?: string;
  /** Folder it governs, "" for the root. */
  readonly folder: string;
  readonly profile: Profile;
  /** Pinned version by pack name; a pack without a pin runs its newest release. */
  readonly pins: Readonly<Record<string, string>>;
  /** Gitignore patterns, relative to `folder`. */
  readonly ignore: readonly string[];
  readonly services: readonly StatedService[];
  /** Canonical names of functions that set a timeout themselves: `@acme/http#request`. */
  readonly wrappers: readonly string[];
  /** Canonical names of loggers, with the library they behave like: `./src/log#logger` -> `pino`. */
  readonly loggers: Readonly<Record<string, string>>;
  /** Later ones win. */
  readonly grades: readonly PathGrade[];
  readonly environments: readonly Environment[];
  readonly registryTtl?: Known<number>;
  readonly loadBalancerIdle?: Known<number>;
  readonly databaseMax?: Known<number>;
  /** `1.27`: the minor version of the mesh that runs. */
  readonly istioVersion?: Known<string>;
}
