// Arguments to a typed command. Refuses what it does not know, with what it expects.

import { parseArgs } from "node:util";
import { nearest } from "../engine/nearest.ts";
import { formatNames, formats as forms, type Format } from "./report/formats.ts";
import type { Profile } from "../engine/types.ts";

/** A mistake of the caller: printed as one line, exit code 2. */
export class UsageError extends Error {}

export type Command = "lint" | "baseline" | "rules" | "explain" | "services" | "facts" | "lsp" | "version";

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
}

export const usage = `Usage: pitlint [lint] [paths]     find pitfalls in the folder or files; the working directory by default
       pitlint baseline             accept what is found now, in pitlint-baseline.json: only new findings are reported
       pitlint rules                list every rule with its grade
       pitlint explain <rule>       what a rule finds, why it matters, with examples
       pitlint services [path]      which package was linked to which workload, and on what evidence
       pitlint facts [path]         every fact that was read, with its value and place
       pitlint lsp --stdio          language server

Options
  --fix                     apply safe fixes
  --unsafe-fixes            with --fix: apply also fixes that a person should review
  --fix-dry-run             print what --fix would change, change nothing
  --format <f>[=<file>]     how to report, text by default; repeat for several, name a file to write one there
  --rule <id>               only this rule; repeat for several
  --profile <p>             recommended or strict
  --max-warnings <n>        exit with 1 only above this number of warnings
  --report-suppressed       list what is suppressed, with reason, owner and date (text and json)
  --baseline <file>         accept the findings in this file instead of those in pitlint-baseline.json
  --ignore-baseline         report accepted findings too
  --fail-on-stale-baseline  exit with 1 when the baseline accepts what nobody finds any more
  --prune                   with baseline: only remove what nobody finds any more
  --file <file>             with baseline: write this file instead of pitlint-baseline.json
  --no-cache                read nothing from and write nothing to the cache
  --no-prefilter            parse every file, also those that mention nothing (same findings, slower)
  --help, --version

Formats
${formatNames.map((name) => `  ${name.padEnd(24)}  ${forms[name].says}`).join("\n")}
  For example: --format text --format sarif=pitlint.sarif. The folder of a file must exist; the file is replaced.

Exit codes: 0 clean and complete; 1 a finding of warning or above; 2 usage or configuration; 3 incomplete or internal error; 130 interrupted
`;

const reading = ["profile", "cache", "prefilter"];

/** The options that each command takes, besides --help and --version. */
const taken: Readonly<Record<Command, readonly string[]>> = {
  lint: ["fix", "unsafe-fixes", "fix-dry-run", "format", "rule", "max-warnings", "report-suppressed", "baseline", "ignore-baseline", "fail-on-stale-baseline", ...reading],
  baseline: ["prune", "file", ...reading],
  rules: ["profile"],
  explain: [],
  services: reading,
  facts: ["rule", ...reading],
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
} satisfies NonNullable<Parameters<typeof parseArgs>[0]>["options"];

export function parseArguments(argv: readonly string[]): Arguments {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], allowPositionals: true, allowNegative: true, tokens: true, options });
  } catch (error) {
    throw new UsageError(refusal(error as Error));
  }
  const { values, positionals, tokens } = parsed;
  const named = positionals[0] !== undefined && commands.includes(positionals[0]);
  const command = values.version ? "version" : named ? (positionals[0] as Command) : "lint";
  const rest = named ? positionals.slice(1) : positionals;
  if (!values.help && !values.version) checkCommand(command, rest, tokens);
  if (values["unsafe-fixes"] && !values.fix && !values["fix-dry-run"]) throw new UsageError("--unsafe-fixes goes with --fix or --fix-dry-run");
  if (values["ignore-baseline"] && (values.baseline !== undefined || values["fail-on-stale-baseline"])) throw new UsageError(`--ignore-baseline goes without ${values.baseline === undefined ? "--fail-on-stale-baseline" : "--baseline"}`);
  const formats = formatsOf(values.format);
  const report = formats.find((one) => one.to === undefined && one.format !== "text");
  if (values["fix-dry-run"] && report) throw new UsageError(`--fix-dry-run prints a diff on standard output; name a file for the report: --format ${report.format}=${forms[report.format].file}`);
  return {
    command, rest, help: values.help, fix: values.fix, unsafeFixes: values["unsafe-fixes"], fixDryRun: values["fix-dry-run"],
    formats, cache: values.cache, prefilter: values.prefilter, reportSuppressed: values["report-suppressed"],
    // Facts and services know no findings.
    ignoreBaseline: values["ignore-baseline"] || command === "facts" || command === "services",
    failOnStaleBaseline: values["fail-on-stale-baseline"], prune: values.prune, ...baselineOf(values.baseline ?? values.file),
    ...(values.rule ? { only: values.rule } : {}),
    ...(values.profile === undefined ? {} : { profile: oneOf("--profile", values.profile, ["recommended", "strict"] as const) }),
    ...(values["max-warnings"] === undefined ? {} : { maxWarnings: wholeNumber("--max-warnings", values["max-warnings"]) }),
  };
}

/** Refuses options and words that a command does not take, and asks for those that it needs. */
function checkCommand(command: Command, rest: readonly string[], tokens: readonly { readonly kind: string; readonly name?: string; readonly rawName?: string }[]): void {
  const strange = tokens.find((one) => one.kind === "option" && !taken[command].includes(one.name!));
  if (strange) throw new UsageError(`pitlint ${command} takes no ${strange.rawName}${taken[command].length ? `; it takes ${taken[command].map(spelled).join(", ")}` : ""}`);
  if (["baseline", "rules", "lsp", "version"].includes(command) && rest.length > 0) throw new UsageError(`pitlint ${command} takes no ${JSON.stringify(rest[0])}`);
  if (command === "explain" && rest.length !== 1) throw new UsageError("explain takes one rule: pitlint explain timeout/http-call-without-timeout");
  if (command === "lsp" && !tokens.some((one) => one.name === "stdio")) throw new UsageError("the language server speaks on standard input and output only: pitlint lsp --stdio");
}

const spelled = (name: string) => (name === "cache" || name === "prefilter" ? `--no-${name}` : `--${name}`);

/** What is wrong with an option, in one line. */
function refusal({ message }: Error): string {
  const unknown = /^Unknown option '--([^'=]+)/.exec(message)?.[1];
  const near = unknown === undefined ? undefined : nearest(unknown, Object.keys(options));
  return `${message.split(/\.(?:\s|$)/)[0]}; ${near === undefined ? "pitlint --help lists the options" : `did you mean ${spelled(near)}?`}`;
}

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
