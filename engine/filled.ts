// Places of a reading that another file gives. In a chart a finding is reported in the template and shown at the value, and a fix changes the value.

import { say } from "./message.ts";
import { covers } from "./yaml/place.ts";
import type { Edit, Finding, Span, YamlDocument } from "./types.ts";

/** The place in the document itself of something that another file fills in. A place of the document stays. */
export function ownPlace(document: YamlDocument, at: Span): Span {
  if (at.file === "" || at.file === document.path) return at;
  // The narrowest one: a map of values may be filled in whole, and one of its members elsewhere.
  const [nearest] = (document.filled ?? []).filter(({ by }) => by.file === at.file && covers(by, at)).sort((a, b) => a.by.end - a.by.start - (b.by.end - b.by.start));
  return nearest?.at ?? at;
}

/** Whether a place is judged with this document; that of another file of a merged reading is judged with the other one. */
export function isOwn(document: YamlDocument, at: Span): boolean {
  return document.isMerged === undefined || at.file === "" || at.file === document.path;
}

/** A finding of a reading: at its own place, with the place of the value beside it, and with fixes that change the value. */
export function settled(document: YamlDocument, finding: Finding): Finding {
  if (!document.filled) return finding;
  const at = ownPlace(document, finding.at);
  const value = at === finding.at ? valueOf(document, at) : finding.at;
  const known = (finding.related ?? []).some((one) => value && one.at.file === value.file && one.at.start === value.start);
  return {
    ...finding, at,
    ...(value && !known ? { related: [...(finding.related ?? []), { at: value, message: say`The value is set here`, mirror: true }] } : {}),
    ...(finding.fixes ? { fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => redirected(document, edit)) })) } : {}),
  };
}

function redirected(document: YamlDocument, edit: Edit): Edit {
  if ("yaml" in edit) return { ...edit, yaml: valueOf(document, edit.yaml) ?? edit.yaml };
  return "at" in edit ? { ...edit, at: valueOf(document, edit.at) ?? edit.at } : edit;
}

/** The place of the value that fills exactly this place. */
function valueOf(document: YamlDocument, { file, start, end }: Span): Span | undefined {
  if (file !== "" && file !== document.path) return undefined;
  return document.filled?.find(({ at }) => at.start === start && at.end === end)?.by;
}
