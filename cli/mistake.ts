// What somebody meant who wrote an option or a rule that there is not: names near by, and what other tools call it. Computes only.

import { nearest } from "../engine/nearest.ts";

/** What options of other tools are called here, and where their answer stands. */
const elsewhere: Readonly<Record<string, string>> = {
  config: "pitlint.yaml is found by itself in the folder it governs and above; pitlint doctor shows which",
  ignore: "paths to leave alone stand in pitlint.yaml: ignore: [generated/]",
  exclude: "paths to leave alone stand in pitlint.yaml: ignore: [generated/]",
  "ignore-path": "paths to leave alone stand in pitlint.yaml: ignore: [generated/]",
  "no-baseline": "did you mean --ignore-baseline?",
  update: "pitlint baseline writes the file anew each time; with --prune it only removes",
  "update-baseline": "run pitlint baseline",
  init: "run pitlint init",
  json: "did you mean --format json?",
  sarif: "did you mean --format sarif?",
  f: "did you mean --format?",
  o: "a file stands behind the format: --format json=report.json",
  output: "a file stands behind the format: --format json=report.json",
  "output-file": "a file stands behind the format: --format json=report.json",
  q: "--format compact says one line for each finding; grades in pitlint.yaml say how loud a rule is",
  quiet: "--format compact says one line for each finding; grades in pitlint.yaml say how loud a rule is",
  severity: "grades in pitlint.yaml say how loud a rule is; --max-warnings says how many warnings pass",
  "list-rules": "run pitlint rules",
  rules: "run pitlint rules; --rule <id> reports only one",
  color: "colour is on in a terminal, and everywhere with FORCE_COLOR=1",
  "no-color": "colour is off where NO_COLOR is set, and in files and pipes",
  debug: "pitlint doctor says what is running; with a file, why it is silent",
  verbose: "pitlint doctor says what is running; with a file, why it is silent",
  watch: "an editor lints as you type: pitlint lsp --stdio",
};

/** Options that take a value, each with one that fits. */
const values: Readonly<Record<string, string>> = {
  format: "json", rule: "timeout/http-call-without-timeout", profile: "strict", "max-warnings": "10", baseline: "pitlint-baseline.json", file: "pitlint-baseline.json", since: "origin/main", out: "orders.facts", root: ".",
};

/** What is wrong with an option, in one line. `known`: options as they are written, without dashes. */
export function optionMistake({ message }: Error, known: readonly string[]): string {
  const [, unknown] = /^Unknown option '--?([^'=]+)/.exec(message) ?? [];
  if (unknown !== undefined) {
    const advice = Object.hasOwn(elsewhere, unknown) ? elsewhere[unknown]! : near(unknown, known);
    return `unknown option ${unknown.length > 1 ? "--" : "-"}${unknown}; ${advice}`;
  }
  const [, valued] = /^Option '(?:-\w, )?--([\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(message) ?? [];
  if (valued !== undefined) return `--${valued} needs a value: --${valued} ${values[valued] ?? "<value>"}`;
  const [, bare] = /^Option '(?:-\w, )?--([\w-]+)' does not take an argument/.exec(message) ?? [];
  return bare === undefined ? `${message.split(/\.(?:\s|$)/)[0]}; pitlint --help lists the options` : `--${bare} takes no value: write --${bare}`;
}

function near(unknown: string, known: readonly string[]): string {
  const found = unknown.length > 1 ? nearest(unknown, known) : undefined;
  return found === undefined ? "pitlint --help lists the options" : `did you mean --${found}?`;
}

/** What is said of a rule that does not exist: the one that was meant, else those of its group. */
export function ruleMistake(id: string, known: readonly string[]): string {
  const found = nearest(id, known);
  if (found !== undefined) return `unknown rule "${id}"; did you mean ${found}?`;
  const [group = ""] = id.split("/");
  const same = known.filter((one) => one.startsWith(`${group}/`));
  const narrower = same.filter((one) => one.startsWith(id));
  const meant = narrower.length > 0 && id.includes("/") ? narrower : same;
  return `unknown rule "${id}"; ${meant.length === 0 ? "pitlint rules lists them" : meant.length === 1 ? `did you mean ${meant[0]}?` : `of its group there are ${meant.join(", ")}`}`;
}
