// Suppressions of Kubernetes objects: the annotation `pitlint.dev/ignore` holds what a comment would, and covers its document.

import { clauseOf } from "./suppress-clause.ts";
import { unknownRule } from "./suppress.ts";
import { lookup, text as textOf } from "./yaml/read.ts";
import type { Edit, Fix, Problem, Span, Suppression, YamlDocument } from "./types.ts";

export const annotation = "pitlint.dev/ignore";

/** Suppressions of the documents of one file: `<rule> -- <reason>`, several separated by `;`. One with a fault silences nothing. */
export function annotated(path: string, text: string, documents: readonly YamlDocument[], known: ReadonlySet<string>): { suppressions: Suppression[]; problems: Problem[] } {
  const found: Suppression[] = [];
  const problems: Problem[] = [];
  if (!text.includes(annotation)) return { suppressions: found, problems };
  for (const document of documents.filter((one) => one.class === "k8s")) {
    const node = lookup(document, document.root, "metadata", "annotations", annotation)?.node;
    const value = textOf(node);
    if (!node) continue;
    const whole: Span = { ...node.at, file: path };
    const wrong = (at: Span, message: string, fixes: readonly Fix[] = []) => void problems.push({ kind: "suppression", file: path, at, message, incomplete: false, ...(fixes.length ? { fixes } : {}) });
    if (value === undefined) {
      wrong(whole, `expected ${annotation}: "<rule> -- <reason>"`);
      continue;
    }
    for (const entry of entries(value)) {
      const { rules, wrong: faults, ...said } = clauseOf(entry, `${annotation}:`);
      const at = placeOf(text, whole, entry);
      for (const message of faults) wrong(at, message);
      for (const { id } of rules.filter((one) => !known.has(one.id))) {
        const [message, ...fixes] = unknownRule(id, at, known);
        const near = /did you mean (\S+)\?/.exec(message)?.[1];
        wrong(at, message, near ? fixes.map((one) => ({ ...one, edits: [{ yaml: whole, set: value.replace(id, near) }] })) : []);
      }
      if (faults.length === 0) for (const { id } of rules) if (known.has(id)) found.push({ rule: id, form: "annotation", ...said, at: { ...at, file: "" }, covers: { start: document.at.start, end: document.at.end } });
    }
  }
  return { suppressions: found, problems };
}

/** The edit that takes rules out of the entry at a place; the whole annotation goes with its last entry. */
export function withoutEntry(text: string, documents: readonly YamlDocument[], { at, rules }: { readonly at: Span; readonly rules: ReadonlySet<string> }): Edit | undefined {
  for (const document of documents) {
    const node = lookup(document, document.root, "metadata", "annotations", annotation)?.node;
    const value = textOf(node);
    if (!node || value === undefined || at.start < node.at.start || at.end > node.at.end) continue;
    const whole: Span = { ...node.at, file: at.file };
    const left = entries(value).flatMap((entry) => {
      const place = placeOf(text, whole, entry);
      if (place.start !== at.start || place.end !== at.end) return [entry.trim()];
      const named = clauseOf(entry, "").rules;
      const kept = named.filter(({ id }) => rules.has(id) === false);
      const last = named[named.length - 1];
      return kept.length && last ? [`${kept.map(({ id }) => id).join(", ")}${entry.slice(last.start + last.id.length).trimEnd()}`] : [];
    });
    return left.length ? { yaml: whole, set: left.join("; ") } : { yaml: whole, remove: true };
  }
  return undefined;
}

const entries = (value: string) => value.split(";").filter((one) => one.trim() !== "");

/** Where an entry stands in the text of its scalar; the whole scalar where it is written otherwise than it reads. */
function placeOf(text: string, whole: Span, entry: string): Span {
  const said = entry.trim();
  const at = text.slice(whole.start, whole.end).indexOf(said);
  return at < 0 ? whole : { file: whole.file, start: whole.start + at, end: whole.start + at + said.length };
}
