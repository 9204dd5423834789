// Every noun of the product. This file computes nothing: it holds types only.

import type { TsFile } from "./typescript/parse.ts";

/** Half-open range of UTF-16 offsets in one file. `file` is "" inside a cached extract and means "the file I stand in"; linking fills it in. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** How a value became known: read in the text, from an environment default, from a library's default, or stated in pitlint.yaml. */
export type Origin = "text" | "env" | "default" | "stated";

export interface Known<T> {
  readonly known: T;
  readonly by: Origin;
  /** The places that together give the value; the first is the one to change. */
  readonly from: readonly Span[];
}

/** A name that another place defines. `module` is a specifier as written (`./limits`); without it the name is an export of the same file. */
export interface Ref {
  readonly module?: string;
  readonly name: string;
  /** Properties that follow: `LIMITS.http.timeout` has the keys `http`, `timeout`. */
  readonly keys?: readonly string[];
  /** Offset of the declaration, for names that the same file declares without exporting. */
  readonly start?: number;
}

export type Operator = "+" | "-" | "*" | "/" | "**" | "text" | "duration" | "number" | "min" | "max" | "floor";

/** A value that only linking can tell. */
export type Pending =
  | { readonly ref: Ref; readonly from: readonly Span[] }
  | { readonly apply: Operator; readonly to: readonly Value<unknown>[]; readonly from: readonly Span[] }
  | { readonly env: string; readonly or: Value<unknown>; readonly from: readonly Span[] };

/** What is known of one quantity. After linking none is pending. Unknown never takes part in a comparison; absent is claimed only where it is provable. */
export type Value<T> = Known<T> | { readonly absent: true } | { readonly unknown: string } | Pending;

/** Local evidence of the service that a fact speaks about; files of a package need none. */
export interface Subject {
  /** Names the text gives the service: workload, registry or label names. */
  readonly names?: readonly string[];
  /** Container image as written. */
  readonly image?: string;
  /** `Deployment/orders`, `compose/orders`. */
  readonly workload?: string;
}

/** A condition under which a fact holds: `.Values.x`, a compose profile. */
export interface Guard {
  readonly expr: string;
  readonly holds: boolean;
}

/** One thing that one file states. Plain data; a nested `Value` may be pending until linked. */
export interface Fact<T> {
  readonly at: Span;
  readonly of?: Subject;
  readonly value: T;
  readonly when?: readonly Guard[];
}

/** A fact after linking: whose it is and in which deployment unit it holds (undefined: in every unit). */
export interface Linked<T> extends Fact<T> {
  readonly service?: string;
  readonly unit?: string;
}

/** A kind of fact and how each language states it. */
export interface FactKind<T> {
  readonly id: string;
  readonly title: string;
  readonly ts?: Extractor<TsFile, T>;
  readonly yaml?: Extractor<YamlDocument, T>;
  /** The same fact as a team states it in pitlint.yaml, for one service or for all. */
  stated?(about: { readonly registryTtl?: Known<number>; readonly loadBalancerIdle?: Known<number> }): (T & Known<any>) | undefined;
  /** Facts that need several facts: route prefixes, call edges. Runs after every file was read. */
  readonly link?: { readonly reads: readonly FactKind<any>[]; find(facts: Facts): Iterable<Linked<T>> };
  /** A name can stand for a fact of this kind: the fact starts where its declaration or the expression that makes it starts. */
  readonly named?: true;
  /** Facts of this kind are followed through exports: a file that imports the module of one is read too, whatever it mentions. */
  readonly followed?: true;
}

export interface Extractor<F, T> {
  /** No group: the extractor runs on files that are read for another reason, and is no reason itself. */
  readonly mentions: Mentions;
  find(file: F): Iterable<Fact<T>>;
}

/** Groups of words; each group needs one hit in the text, or the check cannot find anything there. */
export type Mentions = readonly (readonly string[])[];

export interface Facts {
  /** What one file states. */
  in<T>(file: string, kind: FactKind<T>): readonly Linked<T>[];
  /** Facts of the same service and the same unit under compatible guards; of a quantity only those with a known value. The only way to compare. */
  beside<T>(fact: Linked<unknown>, kind: FactKind<T>): readonly Linked<Resolved<T>>[];
  /** All facts of a service. `complete` is false when a file was skipped, a value is unknown, or the searched set is open. */
  all<T>(service: string | undefined, kind: FactKind<T>): { readonly facts: readonly Linked<T>[]; readonly complete: boolean };
  /** The fact of this kind that a name of this file stands for, followed through imports and re-exports. */
  named<T>(file: string, name: Ref, kind: FactKind<T>): Linked<T> | undefined;
  /** Installed version of a package for the file of this fact, from a lockfile or node_modules; undefined when not known. */
  version(fact: Linked<unknown>, pkg: string): string | undefined;
}

/** `beside` hands out known quantities. */
export type Resolved<T> = [KnownPart<T>] extends [never] ? T : KnownPart<T>;
type KnownPart<T> = T extends { readonly known: unknown } ? T : never;

/** A change to text. All edits of a fix are applied, or none. */
export type Edit =
  | { readonly at: Span; readonly text: string }
  /** Writes a duration (ms) in the spelling of the text it replaces: `30s` becomes `25s`, `45_000` becomes `25_000`. */
  | { readonly at: Span; readonly duration: number }
  | { readonly yaml: Span; readonly set: Scalar }
  | { readonly yaml: Span; readonly insert: { readonly key: string; readonly value: Scalar | string; readonly before?: string; readonly after?: string } }
  | { readonly yaml: Span; readonly remove: true }
  | { readonly thread: Thread };

/** Pass an AbortSignal from a function that has one through callees that take none, down to a call. */
export interface Thread {
  /** The call to start from, in the function that has the signal. */
  readonly call: Span;
  /** The expression that is the signal there. */
  readonly signal: string;
  /** Declarations to be given an optional last `signal?: AbortSignal`, from the caller inwards. */
  readonly through: readonly Span[];
}

/** One way out. */
export interface Fix {
  /** A verb phrase with the result: `Lower requestTimeout to 25 s`. */
  readonly title: string;
  /** True only where behaviour can only improve: may be applied unseen. */
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

/** A sentence whose template and values stay apart, for fingerprints and translation. */
export interface Message {
  readonly template: string;
  readonly values: readonly string[];
}

export interface Related {
  readonly at: Span;
  readonly message: Message;
  /** The other end of a contradiction: an editor shows the finding there too. */
  readonly mirror?: true;
}

export interface Finding {
  readonly at: Span;
  readonly message: Message;
  readonly variant?: string;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

export type Severity = "error" | "warning" | "info" | "hint";

export interface Diagnostic extends Finding {
  readonly rule: string;
  readonly pack: string;
  readonly severity: Severity;
  /** Rule and normalised evidence, no line numbers: survives moved lines. */
  readonly fingerprint: string;
}

/** A check of one TypeScript file by itself: runs on the live tree while facts are extracted. */
export interface LocalCheck {
  readonly mentions: Mentions;
  /** Where the check makes sense besides ordinary server code. */
  readonly where?: Where;
  find(file: TsFile): Iterable<Finding>;
}

/** A check that reads facts: runs after linking and sees no tree. It reports on the file it is given, and on no other. */
export interface LinkedCheck<F> {
  readonly mentions?: Mentions;
  readonly reads: readonly FactKind<any>[];
  readonly where?: Where;
  find(file: F, facts: Facts): Iterable<Finding>;
}

/** Gates that a check lifts. Server code outside tests is always seen. */
export interface Where {
  readonly tests?: true;
  readonly browser?: true;
}

/** What a linked TypeScript check may know of its file. */
export interface Source {
  readonly path: string;
}

export interface Rule {
  readonly id: string;
  readonly title: string;
  /** Two to six lines: what happens in production, with the source. */
  readonly why: string;
  readonly check: {
    readonly ts?: LocalCheck | LinkedCheck<Source>;
    readonly yaml?: LinkedCheck<YamlDocument>;
  };
  readonly examples: readonly Example[];
}

export type Example = { readonly good: string } | { readonly bad: string; readonly fixed?: string };

export type Grade = Severity | "off" | Readonly<Record<string, Severity | "off">>;

/** A version of a pack. Grades of all releases up to the pinned one, replayed in order, say what runs and how loudly. A variant without a grade is silent. */
export interface Release {
  readonly version: string;
  readonly date: string;
  readonly why: string;
  readonly grades: readonly (readonly [Rule, Grade, "strict"?])[];
}

export interface Pack {
  readonly name: string;
  readonly title: string;
  readonly appliesTo: { readonly npm?: Readonly<Record<string, string>>; readonly yaml?: readonly string[] };
  readonly releases: readonly Release[];
}

export type Profile = "recommended" | "strict";

// ---- YAML as plain data: what the parser leaves, safe to cache and to send between threads ----

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

// ---- What the passes hand on ----

/** Something that keeps the result from being complete, or that the user must know. Never silent. */
export interface Problem {
  readonly kind: "unreadable" | "unwritable" | "undecodable" | "syntax" | "too-deep" | "too-big" | "timeout" | "crash" | "rule-failed" | "config" | "suppression";
  readonly file: string;
  readonly at?: Span;
  readonly message: string;
  /** True when part of the input was not analysed: the result is not complete. */
  readonly incomplete: boolean;
}

/** A comment that silences a rule. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  /** The comment. */
  readonly at: Span;
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
  readonly linked: readonly Link[];
  /** Packages and workloads that were not linked, with the reason. */
  readonly unlinked: readonly { readonly name: string; readonly reason: string }[];
}

export interface LintResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly problems: readonly Problem[];
  readonly complete: boolean;
  readonly summary: Summary;
}

/** What a team states in pitlint.yaml about one service. */
export interface StatedService {
  readonly name: string;
  readonly source?: string;
  readonly workloads: readonly string[];
  readonly images: readonly string[];
  /** Further names: registry, label, OTEL_SERVICE_NAME. */
  readonly names: readonly string[];
  readonly registryTtl?: Known<number>;
  readonly loadBalancerIdle?: Known<number>;
}

/** The team's knowledge, from one pitlint.yaml. Frozen. Durations in ms. */
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
  readonly registryTtl?: Known<number>;
  readonly loadBalancerIdle?: Known<number>;
}
