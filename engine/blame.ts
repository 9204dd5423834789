// Which place is to blame for what is wrong with an object that a Kustomize overlay builds: the patch that says the offending value or takes something away, else the object itself.

import { say } from "./message.ts";
import { covers } from "./yaml/place.ts";
import type { Finding, Span, YamlDocument } from "./types.ts";

/**
 * A finding of a built object, at the place to blame. Undefined where other overlays have their say. `again` judges the object as if nothing were known of
 * what overlays took from it.
 */
export function blamed(document: YamlDocument, finding: Finding, again: (document: YamlDocument) => readonly Finding[]): Finding | undefined {
  const { built } = document;
  if (!built) return finding;
  const isPart = (at: Span) => built.parts.some((part) => part.file === at.file && covers(part, at));
  if (isPart(finding.at)) return finding;
  const values = (finding.related ?? []).filter((one) => isPart(one.at));
  const [value] = values;
  if (value) return { ...finding, at: value.at, related: [{ at: finding.at, message: say`What it is compared with`, mirror: true }, ...finding.related!.filter((one) => one !== value)] };
  const [removal] = built.removed;
  if (removal && built.before && !again({ ...document, root: built.before }).some((one) => same(one.at, finding.at))) return { ...finding, at: removal, related: [{ at: finding.at, message: say`It is missing here` }, ...(finding.related ?? [])] };
  return built.isAside ? undefined : finding;
}

const same = (a: Span, b: Span): boolean => a.file === b.file && a.start === b.start && a.end === b.end;
