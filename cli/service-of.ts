// Which service a finding speaks about, as its files and facts were linked. Asked only by reports that show it.

import { grouped } from "../engine/grouped.ts";
import { languageOf } from "../engine/plan.ts";
import type { Session } from "../host/session.ts";
import type { Diagnostic, Linked, Span } from "../engine/types.ts";

/** Answers with the service's name; undefined where nothing links the finding. */
export function serviceOf({ result, plan }: Session): (one: Diagnostic) => string | undefined {
  const { index, summary } = result;
  const names = new Map(summary.linked.map((one) => [`package:${one.source}`, one.service]));
  let facts: ReadonlyMap<string, readonly Linked<unknown>[]> | undefined;
  const nameOf = (service: string | undefined) => service && (names.get(service) ?? (service.slice(service.indexOf(":") + 1).split("/").at(-1) || "root"));
  return (one) => {
    // Code belongs to its package. Both ends of a contradiction are of one service, so the code of either end tells.
    const code = [one.at, ...(one.related ?? []).map((other) => other.at)].find((at) => languageOf(at.file) === "ts");
    return nameOf(code ? index.ownerOf(code.file) : factService(one.at));
  };

  /** The service of the facts that stand nearest in the file. */
  function factService(at: Span): string | undefined {
    facts ??= grouped(plan.kinds.flatMap((kind) => index.list(kind)).filter((one) => one.service !== undefined), (one) => one.at.file);
    const distance = (one: Span) => Math.max(0, one.start - at.end, at.start - one.end);
    let nearest: Linked<unknown> | undefined;
    for (const one of facts.get(at.file) ?? []) if (!nearest || distance(one.at) < distance(nearest.at)) nearest = one;
    return nearest?.service;
  }
}
