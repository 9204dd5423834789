// The ESLint plugin `pitlint/eslint`: rules that need one file only, with their fixes. ESLint parses for itself; pitlint reads the text. Writes nothing.

import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { analyse, isManifest, rulesOf } from "../engine/analyse.ts";
import { configFor } from "../engine/config.ts";
import { lowerEagerly } from "../engine/lower.ts";
import { render } from "../engine/message.ts";
import { grade, severityOf } from "../engine/pack.ts";
import { ignoredBy } from "../engine/path-pattern.ts";
import { readConfigs } from "../engine/read-config.ts";
import { packs } from "../rules/packs/index.ts";
import { toolVersion } from "./version.ts";
import type { Diagnostic, FileEdit, Fix, Rule } from "../engine/types.ts";

/** Rules that read facts, but of one file: they compare with nothing that stands elsewhere. A test keeps the list honest. */
export const singleFile: readonly string[] = [
  "context/signal-not-forwarded", "db/client-not-released", "db/pool-transaction", "db/query-outside-transaction", "grpc/message-size-unbounded", "kafka/batch-without-heartbeat",
  "kafka/commit-before-processing", "log/unsampled-hot-path", "metric/high-cardinality-label", "registry/etcd-lease-loss-unhandled", "timeout/option-without-effect",
  "timeout/race-without-cancel", "trace/span-not-ended",
];

/** The part of ESLint's rule context (9 and 10) that is used. https://eslint.org/docs/latest/extend/custom-rules#the-context-object */
interface Context {
  readonly filename: string;
  readonly cwd: string;
  readonly sourceCode: { readonly text: string; getLocFromIndex(index: number): { line: number; column: number } };
  report(problem: object): void;
}

interface Fixer {
  replaceTextRange(range: readonly [number, number], text: string): unknown;
}

interface EslintRule {
  readonly meta: object;
  create(context: Context): object;
}

export interface EslintPlugin {
  readonly meta: { readonly name: string; readonly version: string };
  /** By pitlint's own ids: `pitlint/timeout/race-without-cancel` in ESLint's configuration. */
  readonly rules: Readonly<Record<string, EslintRule>>;
  readonly configs: { readonly recommended: readonly object[] };
}

const rules = rulesOf(packs).filter((rule) => rule.check.ts && (!rule.check.ts.reads || singleFile.includes(rule.id)));

function createPlugin(): EslintPlugin {
  // ESLint asks each rule about the same text: it is read once.
  const results = new WeakMap<object, readonly Diagnostic[]>();
  const texts = new Map<string, { readonly mtimeMs: number; readonly text: string }>();
  const { grades } = grade(packs, configFor([], ""));
  const plugin: EslintPlugin = {
    meta: { name: "pitlint", version: toolVersion() },
    rules: Object.fromEntries(rules.map((rule) => [rule.id, eslintRule(rule)])),
    configs: {
      get recommended() {
        return [{ name: "pitlint/recommended", plugins: { pitlint: plugin }, rules: Object.fromEntries(rules.map(({ id }) => [`pitlint/${id}`, levelOf(id)])) }];
      },
    },
  };
  return plugin;

  function levelOf(id: string): "error" | "warn" | "off" {
    const given = grades.get(id)?.grade;
    if (given === undefined || severityOf(given, undefined, false) === "off") return "off";
    // ESLint grades rules, not findings: an error is one only where every kind of finding is.
    return Object.entries(typeof given === "string" ? { default: given } : given).every(([variant, severity]) => severity === "error" || variant === "script") ? "error" : "warn";
  }

  function eslintRule(rule: Rule): EslintRule {
    return {
      meta: { type: "problem", fixable: "code", hasSuggestions: true, schema: [], docs: { description: rule.title, url: `https://github.com/pitlint/pitlint/blob/main/docs/rules/${rule.id}.md` } },
      create: (context) => ({
        "Program:exit"() {
          for (const one of findings(context)) if (one.rule === rule.id) report(context, one);
        },
      }),
    };
  }

  function findings({ sourceCode, filename, cwd }: Context): readonly Diagnostic[] {
    const known = results.get(sourceCode);
    if (known) return known;
    const inside = relative(cwd, filename).split(sep).join("/");
    const path = inside.startsWith("../") || filename.startsWith("<") || !/\.[cm]?[jt]sx?$/.test(inside) ? "input.ts" : inside;
    const around = path === inside ? aroundOf(cwd, path) : new Map<string, string>();
    const { configs } = readConfigs([...around].filter(([one]) => /(^|\/)pitlint\.yaml$/.test(one)), packs);
    const found = ignoredBy(configs, path) ? [] : analyse(new Map([...around, [path, sourceCode.text]]), { packs, only: rules.map(({ id }) => id) }).diagnostics;
    results.set(sourceCode, found);
    return found;
  }

  /** Manifests and configurations in the folders above a file, up to the working directory: they say which versions run, and what the team states. */
  function aroundOf(cwd: string, path: string): Map<string, string> {
    const found = new Map<string, string>();
    for (let at = dirname(path); ; at = dirname(at)) {
      for (const name of ["package.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "pitlint.yaml"]) {
        const text = textOf(join(cwd, at, name));
        if (text !== undefined) found.set(at === "." ? name : `${at}/${name}`, text);
      }
      if (at === ".") return new Map([...found].filter(([one]) => isManifest(one) || one.endsWith("pitlint.yaml")));
    }
  }

  function textOf(file: string): string | undefined {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return undefined;
    const known = texts.get(file);
    if (known?.mtimeMs === stat.mtimeMs) return known.text;
    const text = readFileSync(file, "utf8");
    texts.set(file, { mtimeMs: stat.mtimeMs, text });
    return text;
  }
}

function report({ sourceCode, report: send }: Context, one: Diagnostic): void {
  const lowered = (one.fixes ?? []).flatMap((fix) => {
    const edits = editsOf(fix, one.at.file, sourceCode.text);
    return edits ? [{ fix, apply: (fixer: Fixer) => edits.map(({ at, text }) => fixer.replaceTextRange([at.start, at.end], text)) }] : [];
  });
  const safe = lowered.find(({ fix }) => fix.safe);
  send({
    message: render(one.message), loc: { start: sourceCode.getLocFromIndex(one.at.start), end: sourceCode.getLocFromIndex(one.at.end) },
    ...(safe ? { fix: safe.apply } : {}),
    suggest: lowered.filter((each) => each !== safe).map(({ fix, apply }) => ({ desc: fix.title, fix: apply })),
  });
}

/** The edits of a fix; undefined when it changes other files, needs a compiler, or was refused. */
function editsOf(fix: Fix, path: string, text: string): FileEdit["edits"] | undefined {
  const lowered = lowerEagerly(fix, { text: (file) => (file === path ? text : undefined), documents: () => [] });
  return lowered?.length === 1 && lowered[0]!.file === path ? lowered[0]!.edits : undefined;
}

export default createPlugin();
