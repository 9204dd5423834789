// What a fresh run over texts says, as an editor would show it: from the engine alone, with positions of its own, so that it shares nothing with the server but the rules.

import assert from "node:assert/strict";
import { analyse, isManifest, rulesOf } from "../../../engine/analyse.ts";
import { extract } from "../../../engine/extract.ts";
import { render, say } from "../../../engine/message.ts";
import { languageOf, planOf } from "../../../engine/plan.ts";
import { packs } from "../../../rules/packs/index.ts";
import { positionAt, type Encoding } from "./text.ts";
import type { Linted } from "../../../engine/lint.ts";
import type { Extract, Span } from "../../../engine/types.ts";

/** A diagnostic as one line of JSON, for comparing. */
export type Line = string;

const severities = { error: 1, warning: 2, info: 3, hint: 4 } as const;
const shownProblems = new Set(["config", "suppression", "timeout", "crash", "too-big", "too-deep", "undecodable", "rule-failed"]);

export type Fresh = (texts: ReadonlyMap<string, string>, encoding: Encoding, uriOf: (path: string) => string) => Map<string, Line[]>;

/** A run that knows nothing. Diagnostics by URI, sorted; files without any have no entry. */
export const freshDiagnostics: Fresh = (texts, encoding, uriOf) => shaped(analyse(readable(texts), { packs }), texts, encoding, uriOf);

/**
 * The same for many runs over texts of which few differ: an extract depends on nothing but what is handed to `extract`, so one text is parsed once. Everything is linked
 * and checked from nothing each time. Every fiftieth run knows nothing at all, and must say the same.
 */
export function freshRuns(): Fresh {
  const rules = rulesOf(packs);
  const plan = planOf(rules);
  const known = new Map<string, Extract>();
  let runs = 0;
  return (texts, encoding, uriOf) => {
    const result = shaped(analyse(readable(texts), { packs, plan, extract: kept }), texts, encoding, uriOf);
    if (++runs % 50 === 0) assert.deepEqual(result, freshDiagnostics(texts, encoding, uriOf), "extracts that were kept give the result of a run that knows nothing");
    return result;
  };

  function kept(...[path, text, context, ...rest]: Parameters<typeof extract>): Extract {
    const key = JSON.stringify([path, text, context, rest[1] === true]);
    const before = known.get(key);
    // Of most texts only the latest is asked for again.
    if (known.size > 500) known.clear();
    const found = before ?? extract(path, text, context, ...rest);
    known.set(key, found);
    return found;
  }
}

const readable = (texts: ReadonlyMap<string, string>) => new Map([...texts].filter(([path]) => languageOf(path) !== undefined || isManifest(path)));

function shaped({ diagnostics, problems }: Linted, texts: ReadonlyMap<string, string>, encoding: Encoding, uriOf: (path: string) => string): Map<string, Line[]> {
  const byUri = new Map<string, Line[]>();
  const range = ({ file, start, end }: Span) => ({ start: positionAt(texts.get(file)!, start, encoding), end: positionAt(texts.get(file)!, end, encoding) });
  const put = (file: string, line: Line) => byUri.set(uriOf(file), [...(byUri.get(uriOf(file)) ?? []), line].sort());
  for (const one of diagnostics) {
    const shape = (at: Span, related: readonly { at: Span; message: Parameters<typeof render>[0] }[]) => lineOf({
      range: range(at), severity: severities[one.severity], code: one.rule, message: render(one.message),
      relatedInformation: related.map((other) => ({ location: { uri: uriOf(other.at.file), range: range(other.at) }, message: render(other.message) })),
    });
    put(one.at.file, shape(one.at, one.related ?? []));
    for (const other of one.related ?? []) if (other.mirror && other.at.file !== one.at.file) put(other.at.file, shape(other.at, [{ at: one.at, message: say`The other side is here` }]));
  }
  for (const { kind, file, at, message, incomplete } of problems)
    if (file !== "" && shownProblems.has(kind)) put(file, lineOf({ range: range({ file, start: at?.start ?? 0, end: at?.end ?? 0 }), severity: incomplete ? 3 : 2, code: kind, message }));
  return byUri;
}

/** What is compared of a diagnostic: where, how bad, which rule, what it says, and what it points at. */
export function lineOf({ range: { start, end }, severity, code, message, relatedInformation }: any): Line {
  const place = (one: any) => [one.start.line, one.start.character, one.end.line, one.end.character];
  return JSON.stringify([place({ start, end }), severity, code, message, (relatedInformation ?? []).map((one: any) => [one.location.uri, place(one.location.range), one.message])]);
}
