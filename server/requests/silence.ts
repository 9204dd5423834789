// Why is this file silent? What was read, which gate it met, what it states, and what it is linked to.

import { belowConfig } from "../../engine/workspace.ts";
import { isDevelopment, isNonProduction, isScript, isSource, isTest } from "../../engine/gate.ts";
import { say } from "../../engine/message.ts";
import { languageOf, relevant } from "../../engine/plan.ts";
import { linksOf, sourceOf } from "../evidence.ts";
import { placeLink, plain } from "../markdown.ts";
import type { Page } from "../protocol.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";
import type { Message } from "../../engine/types.ts";

export function silencePage(server: Server, place: Place): Page {
  const { say: spoken } = server.terms;
  const { view, path } = place;
  const title = spoken(say`Why is ${path} silent?`);
  const found = view.shown(path);
  const silenced = view.result.suppressed.filter((one) => one.at.file === path);
  const lines = [
    `# ${plain(title)}`, "",
    ...(found.length ? [`- ${spoken(say`It is not: it shows ${found.length} findings`)}`] : []),
    ...reasons(place).map((one) => `- ${plain(spoken(one))}`),
    ...silenced.map((one) => `- ${plain(spoken(say`A comment silences ${one.rule}: ${one.by.reason}`))} ${placeLink(view, one.by.at)}`),
    ...view.result.problems.filter((one) => one.file === path).map((one) => `- ${plain(spoken(say`Problem: ${one.message}`))}`),
  ];
  return { title, markdown: `${lines.join("\n")}\n` };
}

/** The first gate that the file meets; behind all of them what it states and what that is compared with. */
function reasons(place: Place): readonly Message[] {
  const { view, path, folder: { session } } = place;
  const language = languageOf(path);
  const text = view.text(path);
  if (!language) return [say`No rule reads files of this kind`];
  if (text === undefined || !session.paths.has(path)) return [say`It is not read: .gitignore or the ignore list of pitlint.yaml leaves it out, or it is generated`];
  const config = session.configFor(path);
  const below = belowConfig([config], path);
  if (language === "ts" && !isSource(below, text)) return [say`It is not judged: it is a declaration, generated, bundled, or in a folder of built or vendored files`];
  if (language === "ts" && isTest(below)) return [say`It is test code: nearly all rules leave it out. A folder that holds a pitlint.yaml is never taken for a fixture`];
  if (language !== "ts" && isNonProduction(below)) return [say`It deploys nothing: it lies in a folder of tests, samples or rendered files. A folder that holds a pitlint.yaml is never taken for a fixture`];
  if (!relevant(session.plan, path, session.plan.scanner.words(text, language))) return [say`It was not parsed: it mentions no library, function or key that a rule or fact looks for`];
  return [
    ...(isScript(below) || isDevelopment(below) ? [say`It is a script or a manifest of development: findings are a grade lower or silent`] : []),
    ...stated(place),
    ...(language === "ts" ? ofSource(place) : ofManifest(place)),
    say`Profile ${config.profile}; what is unknown is never compared`,
  ];
}

function stated({ view, path, folder: { session } }: Place): readonly Message[] {
  const kinds = session.plan.kinds.map((kind) => ({ kind, facts: view.result.index.facts.in(path, kind) })).filter(({ facts }) => facts.length > 0);
  if (kinds.length === 0) return [say`It states no fact that a rule compares`];
  const unknown = kinds.flatMap(({ kind, facts }) => facts.flatMap(({ value }) => (value !== null && typeof value === "object" && "unknown" in value ? [say`${kind.title} is unknown: ${String(value.unknown)}`] : [])));
  const list = kinds.map(({ kind, facts }) => `${kind.title} (${facts.length})`).join(", ");
  return [say`It states: ${list}`, ...unknown.slice(0, 10)];
}

function ofSource({ view, path }: Place): readonly Message[] {
  const source = sourceOf(view, path);
  const links = view.result.summary.linked.filter((one) => one.source === source);
  if (links.length) return links.map((one) => say`Linked as service ${one.service}: ${one.target}, ${one.evidence}`);
  return [say`No manifest is linked to package ${source || "."}: it is compared with nothing that deploys it`];
}

function ofManifest({ view, path }: Place): readonly Message[] {
  const links = linksOf(view, path);
  if (links.length) return links.map((one) => say`Linked as service ${one.service}: ${one.target}, ${one.evidence}`);
  const refused = view.result.summary.unlinked.filter((one) => one.name.endsWith(`(${path})`));
  return refused.length ? refused.map((one) => say`Not linked: ${one.name}, ${one.reason}`) : [say`It names no workload that a package could be linked to`];
}
