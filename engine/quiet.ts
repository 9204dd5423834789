// Which checks would say what they said before? A check is a pure function of the answers it gets. Of source files that asked for nothing but facts of the file, of kinds of which
// it has none, they are not even asked about; the others run again where one of the answers is another one. Of 5,000 files and 69 rules that is all but some hundred runs.

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
  /** Of some rules, always the same, those that have anything to look at in a document, or may have: whatever else changes, the others have not. */
  looking(rules: readonly Rule[], document: YamlDocument): readonly Rule[];
  /** What a rule said of a document and would say again; undefined where it must run. */
  said(document: YamlDocument, facts: () => Facts): (rule: Rule) => readonly Finding[] | undefined;
  /** Runs a rule on a document and remembers what it says. */
  judge(rule: Rule, document: YamlDocument, facts: Facts, run: (facts: Facts) => readonly Finding[]): readonly Finding[];
  /**
   * Runs that asked about everything that one of these services states. Undefined where some run left no answers, and where what is remembered is not of that round: a pass that
   * was given up has asked other questions since.
   */
  wholly(round: Round, services: ReadonlySet<string>, rules: readonly Rule[], documents: readonly YamlDocument[]): Runs | undefined;
  /** Rules begin to run: until `heard`, what is remembered is of no round. */
  begin(): void;
  /** Every rule has run on these files, and there are no others. */
  heard(sources: readonly Extract[]): Round;
}

/** Names a pass whose runs all ended: an object like no other. */
export type Round = object;

/** Runs of rules, on source files and on documents. */
export interface Runs {
  readonly ts: readonly (readonly [Rule, path: string])[];
  readonly yaml: readonly (readonly [Rule, YamlDocument])[];
}

interface Memory {
  /** Kinds that the rule asked silent files for. */
  readonly kinds: Set<FactKind<any>>;
  /** Files in which the rule asked for more, or had an answer, with what it said there unless it failed. */
  readonly loud: Map<string, Said | undefined>;
}

export function quietRuns(): Quiet {
  const memories = new Map<Rule, Memory>();
  /** Whether a file was browser code when it was seen. */
  const seen = new Map<string, boolean>();
  const memoryOf = (rule: Rule): Memory => {
    const memory = memories.get(rule) ?? { kinds: new Set(), loud: new Map() };
    memories.set(rule, memory);
    return memory;
  };
  // Documents are never changed, so the document itself is the key. One place for each rule: there are many documents.
  const said = new WeakMap<YamlDocument, (Said | undefined)[]>();
  const looks = new WeakMap<YamlDocument, readonly Rule[]>();
  const shared = new Map<unknown, object>();
  let latest: Round | undefined;
  const places = new Map<Rule, number>();
  const placeOf = (rule: Rule): number => {
    const known = places.get(rule) ?? places.size;
    if (known === places.size) places.set(rule, known);
    return known;
  };
  const looking = (rules: readonly Rule[], document: YamlDocument): readonly Rule[] => {
    const last = looks.get(document);
    const all = said.get(document);
    if (!all || last?.every((rule) => all[placeOf(rule)] !== silent)) return last ?? rules;
    const now = (last ?? rules).filter((rule) => all[placeOf(rule)] !== silent);
    looks.set(document, now);
    return now;
  };
  return {
    looking,
    said(document, facts) {
      const all = said.get(document) ?? [];
      return (rule) => {
        const last = all[placeOf(rule)];
        return last && (last === silent || holds(last, facts)) ? last.findings : undefined;
      };
    },
    judge(rule, document, facts, run) {
      const all = said.get(document) ?? [];
      said.set(document, all);
      // What fails is asked again.
      all[placeOf(rule)] = undefined;
      const heard = hear(facts, run, shared);
      all[placeOf(rule)] = heard.findings.length + heard.asked.length === 0 ? silent : heard;
      return heard.findings;
    },
    unknown: (sources) => sources.filter((one) => seen.get(one.path) !== (one.browser === true)).map((one) => one.path),
    worthwhile(rule, unknown, index) {
      const { kinds, loud } = memoryOf(rule);
      return new Set([...unknown, ...loud.keys(), ...[...kinds].flatMap((kind) => [...index.filesOf(kind)])]);
    },
    listen(rule, path, facts, run) {
      const { kinds, loud } = memoryOf(rule);
      const last = loud.get(path);
      if (last && holds(last, () => facts)) return last.findings;
      // Until it has ended, a check may still ask for more: what fails is loud.
      loud.set(path, undefined);
      const heard = hear(facts, run, shared);
      loud.set(path, heard);
      const isQuiet = heard.findings.length === 0 && heard.asked.every(({ what, of, answer }) => what === "in" && of[0] === path && answer.length === 0);
      if (isQuiet) {
        loud.delete(path);
        for (const { of } of heard.asked) kinds.add(of[1]);
      }
      return heard.findings;
    },
    begin: () => void (latest = undefined),
    wholly(round, services, rules, documents) {
      if (round !== latest) return undefined;
      const runs: { ts: [Rule, string][]; yaml: [Rule, YamlDocument][] } = { ts: [], yaml: [] };
      const asks = ({ asked }: Said) => asked.some(({ what, of }) => what === "all" && services.has(of[0]));
      for (const [rule, { loud }] of memories)
        for (const [path, last] of loud) {
          if (!last) return undefined;
          if (asks(last)) runs.ts.push([rule, path]);
        }
      for (const document of documents)
        for (const rule of looking(rules, document)) {
          const last = said.get(document)?.[placeOf(rule)];
          if (!last) return undefined;
          if (asks(last)) runs.yaml.push([rule, document]);
        }
      return runs;
    },
    heard(sources) {
      for (const one of sources) seen.set(one.path, one.browser === true);
      if (seen.size !== sources.length) {
        // A file that is gone is unknown when it comes back.
        const there = new Set(sources.map((one) => one.path));
        for (const memory of [seen, ...[...memories.values()].map((one) => one.loud)]) for (const path of memory.keys()) if (!there.has(path)) memory.delete(path);
      }
      return (latest = {});
    },
  };
}

/** What a rule said, and what it was answered. */
interface Said {
  readonly findings: readonly Finding[];
  readonly asked: readonly Asked[];
}

/** A question and its answer. Data alone: what held on to the facts of a pass would keep them all in memory. */
interface Asked {
  readonly what: Exclude<keyof Facts, "once">;
  readonly of: readonly any[];
  readonly answer: any;
}

const silent: Said = { findings: [], asked: [] };

/** Whether the same answers are given now: then the check would ask the same and say the same. */
function holds({ asked }: Said, facts: () => Facts): boolean {
  return asked.every(({ what, of, answer }) => isSame(askedOf(facts(), what, of), answer));
}

const askedOf = (facts: Facts, what: Asked["what"], of: readonly any[]): any => (facts[what] as (...of: any) => unknown)(...of);

function isSame(a: any, b: any): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => one === b[at]);
  return a !== null && b !== null && typeof a === "object" && typeof b === "object" && "complete" in a && "complete" in b && a.complete === b.complete && isSame(a.facts, b.facts);
}

/** Runs a check and writes down its questions, and those of what it lets compute once for all. `shared` are the names under which that is known. */
function hear(facts: Facts, run: (facts: Facts) => readonly Finding[], shared: Map<unknown, object>): Said {
  const asked: Asked[] = [];
  const note = (what: Asked["what"]) => (...of: readonly any[]) => {
    const answer = askedOf(facts, what, of);
    asked.push({ what, of, answer });
    return answer;
  };
  const once: Facts["once"] = (question, service, compute) => {
    if (!shared.has(question)) shared.set(question, {});
    const from = asked.length;
    const heard = facts.once(shared.get(question), service, () => ({ answer: compute(), asked: asked.slice(from) }));
    if (asked.length === from) asked.push(...heard.asked);
    return heard.answer;
  };
  const findings = run({ in: note("in"), beside: note("beside"), all: note("all"), everywhere: note("everywhere"), named: note("named"), version: note("version"), script: note("script"), once });
  return { findings, asked };
}
