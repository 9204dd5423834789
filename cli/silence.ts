// Why is a file silent? Walks the way of a file through a run, and says at each step what kept it from being judged or a finding from being shown.

import { isNonProduction, isSource, isTest } from "../engine/gate.ts";
import { isManifest } from "../engine/analyse.ts";
import { render } from "../engine/message.ts";
import { environments, ignoredBy } from "../engine/path-pattern.ts";
import { languageOf, reachable } from "../engine/plan.ts";
import { belowConfig } from "../engine/workspace.ts";
import type { Opened } from "./open.ts";
import { plural, ranges } from "./report/report.ts";
import type { Diagnostic, Span } from "../engine/types.ts";

/** One line for each thing that is known of a workspace path; the first says whether it was judged at all. */
export function silenceOf(opened: Opened, path: string): readonly string[] {
  return [...wayOf(opened, path), ...findingsOf(opened, path)];
}

function* wayOf({ session, display }: Opened, path: string): Iterable<string> {
  const { workspace, plan, result } = session;
  const language = languageOf(path);
  if (/(^|\/)pitlint\.ya?ml$/.test(path)) return yield "configuration: read as such, not judged";
  if (isManifest(path) && language !== "dockerfile") return yield "read for names, versions and settings only, not judged";
  if (!language) return yield "not read: pitlint reads TypeScript, JavaScript, YAML and Dockerfiles";
  if (!workspace.paths.has(path)) return yield unlisted(opened(path), path);
  const below = belowConfig(workspace.configs, path);
  if (!reachable(plan, language, below)) return yield isSource(below) ? "not judged: it is test code, by its name or folder" : "not judged: it lies in a folder of built or vendored code, or is generated";
  const extract = workspace.extracts.get(path);
  if (!extract) return yield "judged, without parsing: it mentions nothing that a rule looks for";
  for (const one of extract.problems) yield `${one.incomplete ? "not fully judged" : "note"}: ${one.message}`;
  if (extract.notApplicable) return yield language === "ts" ? "not judged: it says itself that it is generated, or is a bundle" : language === "dockerfile" ? "judged: it mentions nothing that a rule looks for" : "not judged: a template that cannot be read without rendering it";
  yield "judged";
  if (extract.browser) yield "browser code: rules for servers do not look at it";
  if (language === "ts" && isTest(below)) yield "test code: only rules for tests look at it";
  if (language === "yaml" && environments(workspace.configs)(path) === undefined && isNonProduction(below)) yield "deploys nothing, by its name or folder: not judged; an environment in pitlint.yaml can say otherwise";
  for (const [index, document] of extract.documents.entries()) {
    const which = extract.documents.length > 1 ? `document ${index + 1}: ` : "";
    if (document.class === "other") yield `${which}of no class that pitlint knows: no rule looks at it`;
    else if (result.index.isLoose(document)) yield `${which}a template of no chart: nothing says what it becomes`;
  }
  yield* linksOf();

  function opened(one: string): string | undefined {
    const found = ignoredBy(workspace.configs, one);
    return found && `not read: ${display(found.config)} ignores it with ${JSON.stringify(found.pattern)}`;
  }

  function* linksOf(): Iterable<string> {
    const { linked, unlinked } = result.summary;
    if (language === "ts") {
      const source = result.index.ownerOf(path).replace(/^package:/, "");
      const links = linked.filter((one) => one.source === source);
      yield links.length ? `belongs to service ${links[0]!.service}, linked to ${links.map((one) => one.target).join(", ")}` : `belongs to package ${source || "."}, which no workload is linked to: it is compared with no manifest`;
    } else {
      for (const one of linked) if (one.target.endsWith(`(${path})`)) yield `${one.target}: linked to service ${one.service} (${one.source || "."})`;
      for (const one of unlinked) if (one.name.endsWith(`(${path})`)) yield `${one.name}: linked to no package, so compared with no code: ${one.reason}`;
    }
  }
}

/** A file that exists and that the walk left out. */
function unlisted(ignored: string | undefined, path: string): string {
  if (ignored) return ignored;
  if (/(^|\/)(node_modules|\.git)\//.test(path)) return "not read: it lies in node_modules or .git";
  if (/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(path)) return "not read: declarations and minified files hold no code of yours";
  return "not read: a .gitignore ignores it, or it is a link that leads out of the workspace";
}

function* findingsOf({ session, display }: Opened, path: string): Iterable<string> {
  const { result } = session;
  const range = ranges({ text: (file) => session.text(file) });
  const place = (at: Span) => `${display(at.file)}:${range(at).start.line}`;
  const said = (one: Pick<Diagnostic, "at" | "message" | "rule">) => `${place(one.at)} ${render(one.message)} (${one.rule})`;
  const here = (one: { readonly at: Span }) => one.at.file === path;
  const shown = result.diagnostics.filter(here);
  yield shown.length ? `${plural(shown.length, "finding")} shown` : "no finding shown";
  const mirrored = result.diagnostics.filter((one) => !here(one) && one.related?.some(here));
  for (const one of mirrored) yield `shown at its other end: ${said(one)}`;
  for (const one of result.suppressed.filter(here)) yield `suppressed at ${place(one.by.at)}: ${said(one)}: ${one.by.reason}`;
  for (const one of result.baselined.filter(here)) yield `in the baseline: ${said(one)}`;
  for (const one of result.ungraded.filter(here)) yield `silent: ${said(one)}: ${one.why}${one.stated ? ` at ${place(one.stated)}` : ""}`;
}
