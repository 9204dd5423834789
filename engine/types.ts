// The nouns of the product: values, facts, rules, findings, packs. Types only; YAML trees and results stand beside and are passed on.

import type { DockerfileDocument } from "./dockerfile/parse.ts";
import type { TsFile } from "./typescript/parse.ts";
import type { Scalar, YamlDocument } from "./yaml/node.ts";

export type * from "./outcome.ts";
export type * from "./yaml/node.ts";

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

/** What a team may state in pitlint.yaml of a service. */
export interface Statements {
  readonly registryTtl?: Known<number>;
  readonly loadBalancerIdle?: Known<number>;
  readonly databaseMax?: Known<number>;
  readonly istioVersion?: Known<string>;
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
  readonly dockerfile?: Extractor<DockerfileDocument, T>;
  /** The same fact as a team states it in pitlint.yaml, for one service or for all. */
  stated?(about: Statements): (T & Known<any>) | undefined;
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
  readonly needs?: Needs;
  /** The mentions are a reason to read a file only once some check asks for facts of the kind (`Facts.all`, `Facts.beside`), or only in services that have a fact of one of these kinds. */
  readonly lazy?: true | readonly FactKind<any>[];
  /** Means something in server code only: not looked for in what runs in a browser. For what no other file's finding rests on. */
  readonly serverOnly?: true;
  /** Looked for only in files that a check asks about, by name or as a service (`Facts.named`, `Facts.all`), in a second reading: for what nearly every file states and few checks ask. */
  readonly deferred?: true;
  find(file: F): Iterable<Fact<T>>;
}

/** Packages of which a large workspace must declare one, or nothing can be found in it. Words that many files share then cost only those who use the library. */
export type Needs = readonly string[];

/** Groups of words; each group needs one hit in the text, or the check cannot find anything there. */
export type Mentions = readonly (readonly string[])[];

export interface Facts {
  /** What one file states. */
  in<T>(file: string, kind: FactKind<T>): readonly Linked<T>[];
  /** Facts of the same service and the same unit under compatible guards; of a quantity only those with a known value. The only way to compare. */
  beside<T>(fact: Linked<unknown>, kind: FactKind<T>): readonly Linked<Resolved<T>>[];
  /** All facts of a service. `complete` is false when a file was skipped, a value is unknown, or the searched set is open. */
  all<T>(service: string | undefined, kind: FactKind<T>): { readonly facts: readonly Linked<T>[]; readonly complete: boolean };
  /** Every fact of a kind, whatever its service and unit: for manifests that name each other, as a Service names its pods. The asker tells which of them are applied together. */
  everywhere<T>(kind: FactKind<T>): readonly Linked<T>[];
  /** The fact of this kind that a name of this file stands for, followed through imports and re-exports. */
  named<T>(file: string, name: Ref, kind: FactKind<T>): Linked<T> | undefined;
  /** Version of a package for the file of this fact: from a lockfile, else the lowest that package.json allows; undefined when not known. */
  version(fact: Linked<unknown>, pkg: string): string | undefined;
  /** Computes once per question and service: what many facts of a service ask alike, such as the table of its paths. A unit has its own answers. */
  once<T>(question: unknown, service: string | undefined, compute: () => T): T;
  /** What a script of the service's package.json runs; undefined when there is none of that name. */
  script(service: string | undefined, name: string): string | undefined;
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
  readonly reads?: undefined;
  readonly mentions: Mentions;
  readonly needs?: Needs;
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
