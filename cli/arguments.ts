// Arguments to a typed command. Refuses what it does not know, with what it expects.

import { parseArgs } from "node:util";
import { nearest } from "../engine/nearest.ts";
import { optionMistake } from "./mistake.ts";
import { formatNames, formats as forms, type Format } from "./report/formats.ts";
import type { Profile } from "../engine/types.ts";

/** A mistake of the caller: printed as one line, exit code 2. */
export class UsageError extends Error {}

export type Command = "lint" | "init" | "doctor" | "packs" | "explain-change" | "baseline" | "rules" | "explain" | "services" | "facts" | "join" | "lsp" | "version";

export interface Arguments {
  readonly command: Command;
  /** Paths, or the rule of `explain`. */
  readonly rest: readonly string[];
  readonly help: boolean;
  readonly fix: boolean;
  readonly unsafeFixes: boolean;
  readonly fixDryRun: boolean;
  /** Formats in order, each to a file or to standard output. */
  readonly formats: readonly { readonly format: Format; readonly to?: string }[];
  readonly only?: readonly string[];
  readonly profile?: Profile;
  readonly cache: boolean;
  readonly prefilter: boolean;
  readonly maxWarnings?: number;
  readonly reportSuppressed: boolean;
  /** The baseline as the user writes it; the workspace's own by default. */
  readonly baseline?: string;
  readonly ignoreBaseline: boolean;
  readonly failOnStaleBaseline: boolean;
  readonly prune: boolean;
  /** A commit: only what changed since the branch left it is reported. */
  readonly since?: string;
  readonly staged: boolean;
  /** The shard to write, as the user writes it. */
  readonly out?: string;
  /** The workspace of shards, as the user writes it; found from the paths by default. */
  readonly root?: string;
}

const reading = ["profile", "cache", "prefilter"];

/** The options that each command takes, besides --help and --version. */
const taken: Readonly<Record<Command, readonly string[]>> = {
  lint: ["fix", "unsafe-fixes", "fix-dry-run", "format", "rule", "max-warnings", "report-suppressed", "since", "staged", "baseline", "ignore-baseline", "fail-on-stale-baseline", ...reading],
  baseline: ["prune", "file", ...reading],
  init: ["cache"],
  doctor: reading,
  packs: reading,
  "explain-change": ["rule", ...reading],
  rules: ["profile"],
  explain: [],
  services: reading,
  facts: ["rule", "out", "root", ...reading],
  join: ["root", "format", "rule", "profile", "max-warnings", "report-suppressed", "baseline", "ignore-baseline", "fail-on-stale-baseline"],
  lsp: ["stdio"],
  version: [],
};

export const commands: readonly string[] = Object.keys(taken);

const options = {
  help: { type: "boolean", short: "h", default: false }, version: { type: "boolean", short: "v", default: false }, stdio: { type: "boolean" },
  fix: { type: "boolean", default: false }, "unsafe-fixes": { type: "boolean", default: false }, "fix-dry-run": { type: "boolean", default: false },
  format: { type: "string", multiple: true, default: [] }, rule: { type: "string", multiple: true }, profile: { type: "string" },
  cache: { type: "boolean", default: true }, prefilter: { type: "boolean", default: true }, "max-warnings": { type: "string" },
  "report-suppressed": { type: "boolean", default: false }, baseline: { type: "string" }, "ignore-baseline": { type: "boolean", default: false },
  "fail-on-stale-baseline": { type: "boolean", default: false }, prune: { type: "boolean", default: false }, file: { type: "string" },
  since: { type: "string" }, staged: { type: "boolean", default: false }, out: { type: "string" }, root: { type: "string" },
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>["options"];

export function parseArguments(argv: readonly string[]): Arguments {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], allowPositionals: true, allowNegative: true, tokens: true, options });
  } catch (error) {
    throw new UsageError(optionMistake(error as Error, Object.keys(options).map((name) => spelled(name).slice(2))));
  }
  const { values, positionals, tokens } = parsed;
  // `help` is no command of its own: a folder of that name is ./help.
  const asksHelp = values.help || (positionals[0] === "help" && positionals.length <= 2);
  const named = positionals[0] !== undefined && commands.includes(positionals[0]);
  const command = values.version ? "version" : named ? (positionals[0] as Command) : "lint";
  const rest = named ? positionals.slice(1) : positionals;
  if (!asksHelp && !values.version) checkCommand(command, rest, tokens);
  if (values["unsafe-fixes"] && !values.fix && !values["fix-dry-run"]) throw new UsageError("--unsafe-fixes goes with --fix or --fix-dry-run");
  if (values["ignore-baseline"] && (values.baseline !== undefined || values["fail-on-stale-baseline"])) throw new UsageError(`--ignore-baseline goes without ${values.baseline === undefined ? "--fail-on-stale-baseline" : "--baseline"}`);
  if (values.staged && values.since !== undefined) throw new UsageError("--staged and --since name different changes; give one of them");
  if (values.staged && (values.fix || values["fix-dry-run"])) throw new UsageError("--staged reads the index, and fixes go to the work tree; fix without --staged, then git add");
  if (command === "facts" && values.root !== undefined && values.out === undefined) throw new UsageError("--root goes with --out: pitlint facts --root . --out orders.facts orders");
  const formats = formatsOf(values.format);
  const report = formats.find((one) => one.to === undefined && one.format !== "text");
  if (values["fix-dry-run"] && report) throw new UsageError(`--fix-dry-run prints a diff on standard output; name a file for the report: --format ${report.format}=${forms[report.format].file}`);
  return {
    command, rest, help: asksHelp, fix: values.fix, unsafeFixes: values["unsafe-fixes"], fixDryRun: values["fix-dry-run"],
    formats, cache: values.cache, prefilter: values.prefilter, reportSuppressed: values["report-suppressed"],
    // Facts and services know no findings.
    ignoreBaseline: values["ignore-baseline"] || command === "facts" || command === "services",
    failOnStaleBaseline: values["fail-on-stale-baseline"], prune: values.prune, staged: values.staged, ...(values.since === undefined ? {} : { since: values.since }), ...baselineOf(values.baseline ?? values.file),
    ...(values.rule ? { only: values.rule } : {}), ...(values.out === undefined ? {} : { out: values.out }), ...(values.root === undefined ? {} : { root: values.root }),
    ...(values.profile === undefined ? {} : { profile: oneOf("--profile", values.profile, ["recommended", "strict"] as const) }),
    ...(values["max-warnings"] === undefined ? {} : { maxWarnings: wholeNumber("--max-warnings", values["max-warnings"]) }),
  };
}

/** Refuses options and words that a command does not take, and asks for those that it needs. */
function checkCommand(command: Command, rest: readonly string[], tokens: readonly { readonly kind: string; readonly name?: string; readonly rawName?: string }[]): void {
  const strange = tokens.find((one) => one.kind === "option" && !taken[command].includes(one.name!));
  if (strange) throw new UsageError(misplaced(command, strange.name!, strange.rawName!));
  if (["baseline", "rules", "lsp", "version"].includes(command) && rest.length > 0) throw new UsageError(`pitlint ${command} takes no ${JSON.stringify(rest[0])}`);
  if (command === "explain" && rest.length !== 1) throw new UsageError("explain takes one rule: pitlint explain timeout/http-call-without-timeout");
  if ((command === "init" || command === "doctor") && rest.length > 1) throw new UsageError(`${command} takes one path, got ${rest.length}`);
  if (command === "packs" && rest.length > 0 && (rest[0] !== "diff" || rest.length < 3)) throw new UsageError("packs takes nothing, or diff and two versions: pitlint packs diff node@1.0.0 node@1.0.1");
  if (command === "explain-change" && rest.length === 0) throw new UsageError("explain-change takes an earlier report: pitlint explain-change report.json");
  if (command === "join" && rest.length === 0) throw new UsageError("join takes shards that pitlint facts --out wrote: pitlint join orders.facts gateway.facts");
  if (command === "lsp" && !tokens.some((one) => one.name === "stdio")) throw new UsageError("the language server speaks on standard input and output only: pitlint lsp --stdio");
}

/** An option that another command takes. Who wrote no command learns which one does. */
function misplaced(command: Command, name: string, written: string): string {
  const takers = Object.keys(taken).filter((one) => taken[one as Command].includes(name));
  if (command === "lint") return `${written} goes with ${takers.map((one) => `pitlint ${one}`).join(" or ")}`;
  return `pitlint ${command} takes no ${written}${taken[command].length ? `; it takes ${taken[command].map(spelled).join(", ")}` : ""}`;
}

const spelled = (name: string) => (name === "cache" || name === "prefilter" ? `--no-${name}` : `--${name}`);

function baselineOf(file: string | undefined): Pick<Arguments, "baseline"> {
  if (file === "") throw new UsageError("the baseline has no name; expected a file such as pitlint-baseline.json");
  return file === undefined ? {} : { baseline: file };
}

function formatsOf(given: readonly string[]): Arguments["formats"] {
  if (given.length === 0) return [{ format: "text" }];
  const formats = given.map((one) => {
    const [name, to] = one.includes("=") ? [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)] : [one, undefined];
    if (to === "") throw new UsageError(`--format ${one} names no file; expected --format ${name}=${forms[name as Format]?.file ?? "<file>"}`);
    if (!Object.hasOwn(forms, name)) throw new UsageError(`unknown --format "${name}"; ${meant(name)}`);
    return { format: name as Format, ...(to === undefined ? {} : { to }) };
  });
  const [, second] = formats.filter((one) => one.to === undefined);
  if (second) throw new UsageError(`only one format can go to standard output; name a file for the others: --format ${second.format}=${forms[second.format].file}`);
  return formats;
}

/** What somebody may have meant who asks for a format that there is not. */
function meant(name: string): string {
  const [, before, after] = /^([\w-]+):(.+)$/.exec(name) ?? [];
  if (before !== undefined && Object.hasOwn(forms, before)) return `a file stands behind =: --format ${before}=${after}`;
  const near = nearest(name, formatNames);
  return near ? `did you mean ${near}?` : `known are ${formatNames.join(", ")}`;
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  if (!known.includes(value as T)) throw new UsageError(`unknown ${option} "${value}"; known are ${known.join(", ")}`);
  return value as T;
}

function wholeNumber(option: string, value: string): number {
  if (!/^\d+$/.test(value)) throw new UsageError(`${option} takes a whole number, got "${value}"`);
  return Number(value);
}
