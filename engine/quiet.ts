// Which checks cannot find anything in a file? Those that asked for nothing but facts of the file, of kinds of which it has none. They are left out of the next pass:
// of 5,000 files and 69 rules that is all but some hundred runs. A check is a pure function of the answers it gets, so the same empty answers give the same silence.

import type { Index } from "./link.ts";
import type { Extract, FactKind, Facts, Finding, Rule } from "./types.ts";

/** Grows from pass to pass; true of any workspace with the same rules. */
export interface Quiet {
  /** Files that no whole pass has seen, or that have crossed a gate since. */
  unknown(sources: readonly Extract[]): readonly string[];
  /** Files on which a rule may find something. */
  worthwhile(rule: Rule, unknown: readonly string[], index: Index): Iterable<string>;
  /** Runs a rule on a file and remembers whether it had anything to look at. */
  listen(rule: Rule, path: string, facts: Facts, run: (facts: Facts) => readonly Finding[]): readonly Finding[];
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
  return {
    unknown: (sources) => sources.filter((one) => seen.get(one.path) !== (one.browser === true)).map((one) => one.path),
    worthwhile(rule, unknown, index) {
      const { kinds, loud } = memoryOf(rule);
      return new Set([...unknown, ...loud, ...[...kinds].flatMap((kind) => [...index.filesOf(kind)])]);
    },
    listen(rule, path, facts, run) {
      const asked = new Set<FactKind<any>>();
      let isQuiet = true;
      const more = () => void (isQuiet = false);
      const heard: Facts = {
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
      };
      const { kinds, loud } = memoryOf(rule);
      // Until it has ended, a check may still ask for more: what fails is loud.
      loud.add(path);
      const findings = run(heard);
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
