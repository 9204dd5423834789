// Markdown for a comment on a pull request: short enough to be posted, and nothing that a file holds becomes markup, a mention or a link.

import { render } from "../../engine/message.ts";
import { framer } from "./frame.ts";
import { counts, incompleteNote, leftOut, plural, printable, problemsOf, problemWord, ranges, ruleUrl, type Report } from "./report.ts";
import type { Diagnostic, Span } from "../../engine/types.ts";

/** GitHub takes comments of up to 65,536 characters; what others add around the report needs room too. */
const longest = 60_000;
/** Up to so many findings are shown unfolded. */
const fewest = 10;

export function markdown(report: Report): string {
  const range = ranges(report);
  const frameOf = framer(report);
  const { diagnostics } = report.result;
  const note = incompleteNote(report.result);
  const lines = [`### pitlint: ${counts(diagnostics).map(([, said]) => said).join(", ") || "no findings"}`, ""];
  if (note) lines.push(`> **Warning: ${prose(note)}.** What was not seen is not clean.`, "");
  for (const one of problemsOf(report.result)) lines.push(`- **${problemWord(one)}** ${code(place(one.file, one.at))} ${prose(one.message)}`);
  if (report.result.problems.length) lines.push("");
  let length = lines.join("\n").length;
  let shown = 0;
  for (const [file, all] of grouped(diagnostics)) {
    const head = ["<details" + (diagnostics.length <= fewest ? " open>" : ">"), `<summary><code>${html(report.display(file))}</code>: ${counts(all).map(([, said]) => said).join(", ")}</summary>`, ""];
    const body: string[] = [];
    let size = head.join("\n").length + 20;
    for (const one of all) {
      const item = finding(one).join("\n");
      if (length + size + item.length > longest) break;
      body.push(item, "");
      size += item.length + 2;
      shown++;
    }
    if (body.length === 0) break;
    lines.push(...head, ...body, "</details>", "");
    length += size;
    if (body.length < 2 * all.length) break;
  }
  if (shown < diagnostics.length) lines.push(`${plural(diagnostics.length - shown, "more finding")}: the comment would be too long.`, "");
  const rest = leftOut(report.result);
  if (rest.length) lines.push(`Not shown: ${rest.map(prose).join("; ")}.`, "");
  return lines.join("\n");

  function finding(one: Diagnostic): string[] {
    const lines = [`- **${one.severity}** ${prose(render(one.message))} ([${one.rule}](${ruleUrl(one.rule)}))`, ...frame(one.at)];
    for (const other of one.related ?? []) lines.push("", `  ${prose(render(other.message))}: ${code(place(other.at.file, other.at))}`, ...frame(other.at));
    for (const fix of one.fixes ?? []) lines.push("", `  ${fix.safe ? "Fix" : "Fix to review"}: ${prose(fix.title)}`);
    return lines;
  }

  function place(file: string, at?: Span): string {
    return `${report.display(file)}${at ? `:${range(at).start.line}:${range(at).start.column}` : ""}`;
  }

  function frame(at: Span): string[] {
    const shown = frameOf(at, 0);
    if (shown.length === 0) return [];
    const rows = shown.flatMap(({ number, text, mark }) => [`${String(number).padStart(5)} | ${text}`, ...(mark ? [`      | ${" ".repeat(mark.from)}${"^".repeat(mark.to - mark.from)}`] : [])]);
    const fence = "`".repeat(Math.max(3, longestRun(rows.join("\n")) + 1));
    return ["", fence + "text", ...rows, fence].map((line) => (line ? `  ${line}` : line));
  }
}

function grouped(diagnostics: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const files = new Map<string, Diagnostic[]>();
  for (const one of diagnostics) files.set(one.at.file, [...(files.get(one.at.file) ?? []), one]);
  return files;
}

const longestRun = (text: string) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

/** Text in which nothing is markup. A zero-width space keeps `@team`, `#1`, an address and their like from being references. */
function prose(text: string): string {
  return printable(text).replace(/[@#!~%$](?=\w)|:(?=\/\/)|www(?=\.)/gi, "$&\u200b").replace(/[\\`*_{}[\]<>&#|~!$]/g, (one) => (/[&<>]/.test(one) ? html(one) : `\\${one}`));
}

/** A code span around any text. */
function code(text: string): string {
  const shown = printable(text);
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

const html = (text: string) => printable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
