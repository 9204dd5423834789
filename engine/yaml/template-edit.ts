// Whether edits of a template leave its actions and conditions alone. Reads the changed text again; changes nothing.

import type { Span, YamlDocument } from "../types.ts";
import { readYaml } from "./chart-template.ts";
import { nodesOf } from "./place.ts";
import { blocksOf, scanActions } from "./template-actions.ts";
import type { TextEdit } from "./site.ts";

/**
 * True when the edits of a fix leave a template as it is meant: `standsApart` for each, and `keepsFillings` for all of them together.
 * The edits are sorted, `documents` those of the text before.
 */
export function keepsTemplate(path: string, text: string, documents: readonly YamlDocument[], meant: number, edits: readonly TextEdit[]): boolean {
  return standsApart(text, meant, edits) && keepsFillings(path, text, documents, edits);
}

/**
 * True when no edit touches an action, and all stand under the conditions of the place that they are meant for: text that comes to stand inside
 * an `if` would hold only there. New text with braces would be an action itself.
 */
export function standsApart(text: string, meant: number, edits: readonly TextEdit[]): boolean {
  const actions = scanActions(text);
  const branches = blocksOf(actions, text.length).flatMap((block) => block.branches);
  const around = (offset: number) => branches.flatMap(({ start, end }, index) => (start <= offset && offset <= end ? [index] : [])).join();
  const place = around(meant);
  return edits.every(({ at, text: put }) => !put.includes("{{") && around(at.start) === place && around(at.end) === place && !actions.some(({ start, end }) => at.start < end && at.end > start));
}

/** True when after all edits every action still fills the same node: a new pair above an action could take its lines. */
export function keepsFillings(path: string, text: string, documents: readonly YamlDocument[], edits: readonly TextEdit[]): boolean {
  const after = readYaml(path, applied(text, edits)).documents;
  if (after.length !== documents.length) return false;
  const now = fillingsOf(after);
  const was = fillingsOf(documents);
  if (now.length !== was.length) return false;
  const byStart = new Map<number, Span[]>();
  for (const { hole, at } of now) byStart.set(hole, [...(byStart.get(hole) ?? []), at]);
  return was.every(({ hole, at }) => moved(hole, edits).some((start) => byStart.get(start)?.some((one) => isMoved(at, one, edits))));
}

/** The places where actions stand, with the nodes that they fill. */
function fillingsOf(documents: readonly YamlDocument[]): readonly { readonly hole: number; readonly at: Span }[] {
  return documents.flatMap(({ root }) => [...nodesOf(root)].flatMap((node) => (node.holes ?? []).map(({ start }) => ({ hole: start, at: node.at }))));
}

/** A node keeps its start or its end, whichever of its parts an edit brings or takes. */
function isMoved(was: Span, now: Span, edits: readonly TextEdit[]): boolean {
  return moved(was.start, edits).includes(now.start) || moved(was.end, edits).includes(now.end);
}

/** Where an offset is after the edits: in front of text that is put in at it, and behind it. */
function moved(offset: number, edits: readonly TextEdit[]): readonly [number, number] {
  const by = (done: readonly TextEdit[]) => done.reduce((sum, { at, text: put }) => sum + put.length - (at.end - at.start), offset);
  return [by(edits.filter(({ at }) => at.end < offset || (at.end === offset && at.start < offset))), by(edits.filter(({ at }) => at.end <= offset))];
}

function applied(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight((changed, { at, text: put }) => changed.slice(0, at.start) + put + changed.slice(at.end), text);
}
