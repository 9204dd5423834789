// Suppressions that silence nothing any more: past their date, or without a finding. Computes only; the day comes as an argument.

import { withoutEntry } from "./suppress-annotation.ts";
import { withoutComment } from "./suppress-removal.ts";
import { silences } from "./suppress.ts";
import type { Workspace } from "./workspace.ts";
import type { Edit, Extract, Fix, Problem, Span, Suppression } from "./types.ts";

/** The narrowest form of several that cover a place is the one that silences it. */
const order: readonly Suppression["form"][] = ["next-line", "line", "block", "annotation", "file"];

export interface Audit {
  /** The suppression that silences a rule at a place, remembered as used. */
  silencer(rule: string, at: Span): Suppression | undefined;
  /** One problem for each comment that silences nothing. `judged` tells whether a rule looks at a file: of others nobody knows. */
  problems(judged: (rule: string, path: string) => boolean): Problem[];
}

/** `today` is a date such as `2027-03-01`; without it no suppression ends. */
export function auditOf(workspace: Workspace, today: string | undefined): Audit {
  const used = new Set<Suppression>();
  const ended = (one: Suppression) => today !== undefined && one.until !== undefined && today > one.until;
  return {
    silencer(rule, at) {
      const covering = (workspace.extracts.get(at.file)?.suppressions ?? []).filter((one) => one.rule === rule && silences(one, at)).sort((a, b) => order.indexOf(a.form) - order.indexOf(b.form));
      for (const one of covering.filter(ended)) used.add(one);
      const hit = covering.find((one) => !ended(one));
      if (!hit) return undefined;
      used.add(hit);
      return { ...hit, at: { ...hit.at, file: at.file } };
    },
    problems(judged) {
      return [...workspace.extracts.values()].flatMap((extract) => comments(extract).flatMap((comment) => {
        const late = comment.filter((one) => ended(one) && used.has(one));
        const idle = comment.filter((one) => !used.has(one) && judged(one.rule, extract.path));
        const [{ until } = { until: undefined }] = late;
        return [
          ...said(extract, workspace, late, `is past its date ${until} and silences nothing: fix what it hid, or set a later date`),
          ...said(extract, workspace, idle, (rules) => `silences nothing: ${rules} finds nothing here`),
        ];
      }));
    },
  };
}

/** Suppressions that one comment or entry states. */
function comments({ suppressions }: Extract): readonly (readonly Suppression[])[] {
  const groups = new Map<string, Suppression[]>();
  for (const one of suppressions) {
    const key = JSON.stringify([one.at.start, one.at.end]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function said(extract: Extract, workspace: Workspace, group: readonly Suppression[], message: string | ((rules: string) => string)): Problem[] {
  const [first] = group;
  if (!first) return [];
  const rules = [...new Set(group.map((one) => one.rule))];
  const at: Span = { ...first.at, file: extract.path };
  const fix = removal(extract, workspace.text(extract.path) ?? "", group, new Set(rules));
  return [{ kind: "suppression", file: extract.path, at, message: typeof message === "string" ? message : message(rules.join(", ")), incomplete: false, ...(fix ? { fixes: [fix] } : {}) }];
}

function removal({ path, documents }: Extract, text: string, group: readonly Suppression[], rules: ReadonlySet<string>): Fix | undefined {
  const places = new Map(group.flatMap((one) => [one.at, one.ends ?? one.at]).map((at) => [at.start, { ...at, file: path }]));
  const edits = group[0]!.form === "annotation" ? [withoutEntry(text, documents, { at: { ...group[0]!.at, file: path }, rules })] : [...places.values()].map((at) => withoutComment(text, at, rules));
  if (edits.includes(undefined)) return undefined;
  return { title: `Remove the suppression of ${[...rules].join(", ")}`, safe: true, edits: edits as Edit[] };
}
