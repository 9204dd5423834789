// First pass: what one file states by itself. A pure function of path, text and context; runs where it can be killed.

import { parseDockerfile } from "./dockerfile/parse.ts";
import { isBrowser, isSource, isTest } from "./gate.ts";
import { maybeNear, mentioned } from "./mention.ts";
import { admits, languageOf, met, type Plan } from "./plan.ts";
import { annotated } from "./suppress-annotation.ts";
import { suppressions } from "./suppress.ts";
import { ts } from "./typescript/compiler.ts";
import { declaresOnly } from "./typescript/declarations.ts";
import { exportsOf } from "./typescript/exports.ts";
import { parseTs, TooDeep, type FileContext, type TsFile } from "./typescript/parse.ts";
import type { Extract, Fact, Finding, Problem } from "./types.ts";
import { readYaml } from "./yaml/chart-template.ts";

/**
 * Extracts one file, with deferred kinds when `deep`. Never throws: what fails is a problem of the file, and other rules' results stand.
 * `words` are those that the plan's scanner finds in the text, where they are known already.
 */
export function extract(path: string, text: string, context: FileContext, plan: Plan, deep = false, words?: ReadonlySet<string>): Extract {
  const found = extractOf(path, text, context, plan, deep, words);
  return deep ? { ...found, deep } : found;
}

function extractOf(path: string, text: string, context: FileContext, plan: Plan, deep: boolean, words?: ReadonlySet<string>): Extract {
  const language = languageOf(path);
  if (language === "yaml") return extractYaml(path, text, plan);
  if (language === "ts" && isSource(context.below, text) && !declaresOnly(text)) return extractTs(path, text, context, plan, deep, words ?? plan.scanner.words(text, language));
  if (language === "dockerfile" && !isTest(context.below)) return extractDockerfile(path, text, plan, words ?? plan.scanner.words(text, language));
  return { ...nothing(path), notApplicable: true };
}

const nothing = (path: string, problems: readonly Problem[] = []): Extract => ({
  path, facts: {}, findings: [], exports: {}, reexports: [], suppressions: [], documents: [], problems,
});

function extractYaml(path: string, text: string, plan: Plan): Extract {
  const { documents, problems, notApplicable } = readYaml(path, text);
  if (notApplicable) return { ...nothing(path, problems), notApplicable };
  const stated = [suppressions(path, text, "yaml", plan.known), annotated(path, text, documents, plan.known)];
  return { ...nothing(path, [...problems, ...stated.flatMap((one) => one.problems)]), documents, suppressions: stated.flatMap((one) => one.suppressions) };
}

function extractDockerfile(path: string, text: string, plan: Plan, words: ReadonlySet<string>): Extract {
  const kinds = plan.kinds.filter((kind) => kind.dockerfile && mentioned(kind.dockerfile.mentions, words));
  if (kinds.length === 0) return { ...nothing(path), notApplicable: true };
  const problems: Problem[] = [];
  const document = isolated(problems, path, "Dockerfile", () => parseDockerfile(path, text));
  const facts: Record<string, readonly Fact<unknown>[]> = {};
  for (const kind of document ? kinds : []) {
    const found = isolated(problems, path, `fact ${kind.id}`, () => [...kind.dockerfile!.find(document!)]) ?? [];
    if (found.length) facts[kind.id] = found;
  }
  return { ...nothing(path, problems), facts };
}

function extractTs(path: string, text: string, context: FileContext, plan: Plan, deep: boolean, found: ReadonlySet<string>): Extract {
  let file: TsFile;
  try {
    file = parseTs(path, text, context);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return nothing(path, [{ kind: "too-deep", file: path, message: "nests deeper than the parser can follow; not analysed", incomplete: true }]);
  }
  const problems: Problem[] = syntaxErrors(file);
  const words = maybeNear(found);
  const gates = { tests: isTest(context.below), browser: isBrowser(context.below, text, context.browserPackage) };
  const facts: Record<string, readonly Fact<unknown>[]> = {};
  const starts = new Map<number, readonly [string, number]>();
  for (const kind of plan.kinds) {
    if (!kind.ts || (kind.ts.deferred && !deep) || !met(kind.ts.needs, context.declared) || (kind.ts.mentions.length > 0 && !mentioned(kind.ts.mentions, words)) || gates.tests || (kind.ts.serverOnly && gates.browser)) continue;
    const found = isolated(problems, path, `fact ${kind.id}`, () => [...kind.ts!.find(file)]) ?? [];
    if (found.length) facts[kind.id] = found;
    if (kind.named) for (const one of found) starts.set(one.at.start, [kind.id, one.at.start]);
  }
  const findings: { rule: string; finding: Finding }[] = [];
  for (const rule of plan.rules) {
    const check = rule.check.ts;
    if (!check || check.reads || !met(check.needs, context.declared) || !mentioned(check.mentions, words) || !admits(check.where, gates)) continue;
    for (const finding of isolated(problems, path, rule.id, () => [...check.find(file)]) ?? []) findings.push({ rule: rule.id, finding });
  }
  const { names, reexports } = isolated(problems, path, "exports", () => exportsOf(file, starts)) ?? { names: {}, reexports: [] };
  const comments = text.includes("pitlint-ignore") ? suppressions(path, text, "ts", plan.known) : { suppressions: [], problems: [] };
  return { path, facts, findings, exports: names, reexports, suppressions: comments.suppressions, documents: [], problems: [...problems, ...comments.problems], ...(gates.browser ? { browser: true as const } : {}) };
}

function isolated<T>(problems: Problem[], path: string, what: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ kind: "rule-failed", file: path, message: `${what} failed: ${reason}`, incomplete: true });
    return undefined;
  }
}

function syntaxErrors(file: TsFile): Problem[] {
  const { parseDiagnostics } = file.tree as unknown as { parseDiagnostics?: { start: number; length: number; messageText: unknown }[] };
  const [first] = parseDiagnostics ?? [];
  if (!first) return [];
  const message = `syntax error: ${ts.flattenDiagnosticMessageText(first.messageText as string, " ")}`;
  return [{ kind: "syntax", file: file.path, at: { file: file.path, start: first.start, end: first.start + first.length }, message, incomplete: true }];
}

