// Which checks would say what they said before? Of source files those that asked for nothing but facts of the file, of kinds of which it has none: they find nothing, and are
// left out of the next pass. Of documents those that asked for no more than facts of the document, and had none: they say the same of the same document. Of 5,000 files and
// 69 rules that is all but some hundred runs.

import type { Index } from "./link.ts";
import type { Extract, FactKind, Facts, Finding, Rule, YamlDocument } from "./types.ts";

/** Grows from pass to pass; true of any workspace with the same rules. */
export interface Quiet {
  /** Files that no whole pass has seen, or that have crossed a gate since. */
  unknown(sources: readonly Extract[]): readonly string[];
  /** Files on which a rule may find something. */
  worthwhile(rule: Rule, unknown: readonly string[], index: Index): Iterable<string>;
  /** Runs a rule on a file and remembers whether it had anything to look at. */
  listen(rule: Rule, path: string, facts: Facts, run: (facts: Facts) => readonly Finding[]): readonly Finding[];
  /** What a rule said of a document, and would say again; undefined where facts matter, or where it has not run yet. */
  said(rule: Rule, document: YamlDocument, facts: () => Facts): readonly Finding[] | undefined;
  /** Runs a rule on a document and remembers what it says where facts do not matter. */
  judge(rule: Rule, document: YamlDocument, facts: Facts, run: (facts: Facts) => readonly Finding[]): readonly Finding[];
  /** Every rule has run on these files. */
  heard(sources: readonly Extract[]): void;
}

interface Memory {
  /** Kinds that the rule asked silent files for. */
  readonly kinds: Set<FactKind<any>>;
  /** Files in which the rule asked for more, or had an answer. */
  readonly loud: Set<string>;
}

export function quietRuns(): Quiet {
  const memories = new Map<Rule, Memory>();
  /** Whether a file was browser code when it was seen. */
  const seen = new Map<string, boolean>();
  const memoryOf = (rule: Rule): Memory => {
    const memory = memories.get(rule) ?? { kinds: new Set(), loud: new Set() };
    memories.set(rule, memory);
    return memory;
  };
  // Documents are never changed, so the document itself is the key. One place for each rule: there are many documents.
  const said = new WeakMap<YamlDocument, (Said | undefined)[]>();
  const places = new Map<Rule, number>();
  const placeOf = (rule: Rule): number => {
    const known = places.get(rule) ?? places.size;
    places.set(rule, known);
    return known;
  };
  return {
    said(rule, document, facts) {
      const last = said.get(document)?.[placeOf(rule)];
      return last && (last.without.length === 0 || last.without.every((kind) => facts().in(document.path, kind).length === 0)) ? last.findings : undefined;
    },
    judge(rule, document, facts, run) {
      const { isQuiet, asked, findings } = heard(document.path, facts, run);
      if (!isQuiet) return findings;
      const all = said.get(document) ?? [];
      all[placeOf(rule)] = findings.length + asked.size === 0 ? silent : { findings, without: [...asked] };
      said.set(document, all);
      return findings;
    },
    unknown: (sources) => sources.filter((one) => seen.get(one.path) !== (one.browser === true)).map((one) => one.path),
    worthwhile(rule, unknown, index) {
      const { kinds, loud } = memoryOf(rule);
      return new Set([...unknown, ...loud, ...[...kinds].flatMap((kind) => [...index.filesOf(kind)])]);
    },
    listen(rule, path, facts, run) {
      const { kinds, loud } = memoryOf(rule);
      // Until it has ended, a check may still ask for more: what fails is loud.
      loud.add(path);
      const { isQuiet, asked, findings } = heard(path, facts, run);
      if (isQuiet && findings.length === 0) {
        loud.delete(path);
        for (const kind of asked) kinds.add(kind);
      }
      return findings;
    },
    heard(sources) {
      for (const one of sources) seen.set(one.path, one.browser === true);
    },
  };
}

/** What a rule said of a document of which these kinds had no fact. */
interface Said {
  readonly findings: readonly Finding[];
  readonly without: readonly FactKind<any>[];
}

const silent: Said = { findings: [], without: [] };

/** Runs a check on a file. Quiet when it asked for no more than facts of the file, of kinds (`asked`) of which it has none. */
function heard(path: string, facts: Facts, run: (facts: Facts) => readonly Finding[]): { readonly isQuiet: boolean; readonly asked: ReadonlySet<FactKind<any>>; readonly findings: readonly Finding[] } {
  const asked = new Set<FactKind<any>>();
  let isQuiet = true;
  const more = () => void (isQuiet = false);
  const findings = run({
    in(file, kind) {
      const answer = facts.in(file, kind);
      if (file !== path || answer.length > 0) isQuiet = false;
      else asked.add(kind);
      return answer;
    },
    beside: (fact, kind) => (more(), facts.beside(fact, kind)),
    all: (service, kind) => (more(), facts.all(service, kind)),
    everywhere: (kind) => (more(), facts.everywhere(kind)),
    named: (file, name, kind) => (more(), facts.named(file, name, kind)),
    once: (question, service, compute) => (more(), facts.once(question, service, compute)),
    version: (fact, pkg) => (more(), facts.version(fact, pkg)),
    script: (service, name) => (more(), facts.script(service, name)),
  });
  return { isQuiet, asked, findings };
}
