// One page that works without network, from a disk: summary, filters, code, and both sides of each contradiction. Nothing that a file holds becomes markup or runs.

import { createHash } from "node:crypto";
import { render } from "../../engine/message.ts";
import { framer, type FrameLine } from "./frame.ts";
import { changesOf, type Change } from "./html-change.ts";
import { script } from "./html-script.ts";
import { style } from "./html-style.ts";
import { counts, incompleteNote, leftOut, plural, printable, problemsOf, problemWord, ranges, ruleUrl, type Report } from "./report.ts";
import type { Diagnostic, Fix, Problem, Related, Severity, Span } from "../../engine/types.ts";

/** Lines of code around the one that is meant. */
const around = 2;
/** What the filter calls findings that nothing links to a service. */
const unlinked = "no service";

export function html(report: Report): string {
  const range = ranges(report);
  const frameOf = framer(report);
  const { diagnostics, summary } = report.result;
  const note = incompleteNote(report.result);
  const title = `pitlint: ${counts(diagnostics).map(([, said]) => said).join(", ") || "no findings"}${note ? ", incomplete" : ""}`;
  const services = diagnostics.map((one) => report.service(one) ?? unlinked);
  const facts: readonly (readonly [string, string | number])[] = [
    ["Files", `${summary.files}, ${summary.parsed} parsed`], ["Services linked", new Set(summary.linked.map((one) => one.source)).size], ["Not linked", summary.unlinked.length],
    ["Not shown", leftOut(report.result).join("; ") || "nothing"], ["Analysis", note ? "incomplete" : "complete"], ["pitlint", report.version],
  ];
  return [
    "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">', '<meta name="color-scheme" content="light dark">',
    // Only the script and the style of this page run: a hole in the escaping would still execute nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'">`,
    `<title>${escape(title)}</title>`, `<style>${style}</style>`, "</head>", "<body>",
    '<a class="skip" href="#findings">Skip to the findings</a>', "<header>", `<h1>${escape(title)}</h1>`,
    ...(note ? [`<p class="incomplete" role="note"><strong>The analysis is ${escape(note)}.</strong> What was not seen is not clean: the list of problems says what it is.</p>`] : []),
    `<dl class="facts">${facts.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(String(value))}</dd></div>`).join("")}</dl>`, "</header>",
    ...(diagnostics.length ? [filters()] : []),
    "<main>",
    ...problems(problemsOf(report.result)),
    '<section id="findings" aria-labelledby="findings-title">', `<h2 id="findings-title">Findings</h2>`,
    diagnostics.length ? `<p id="shown" role="status">${plural(diagnostics.length, "finding")}</p>` : "<p>No findings.</p>",
    ...diagnostics.map((one, index) => finding(one, services[index]!)),
    "</section>", "</main>", `<script>${script}</script>`, "</body>", "</html>", "",
  ].join("\n");

  function filters(): string {
    const options = (all: readonly string[]) => ["", ...[...new Set(all)].sort()].map((one) => `<option value="${escape(one)}">${one === "" ? "All" : escape(one)}</option>`).join("");
    const boxes = counts(diagnostics).map(([severity, said]) => `<label><input type="checkbox" name="severity" value="${severity}" checked> <span class="badge ${severity}">${escape(said)}</span></label>`).join("");
    return [
      '<form id="filters" role="search" aria-label="Filter the findings" hidden>', `<fieldset><legend>Severity</legend>${boxes}</fieldset>`,
      `<p><label for="rule">Rule</label> <select id="rule" name="rule">${options(diagnostics.map((one) => one.rule))}</select></p>`,
      `<p><label for="service">Service</label> <select id="service" name="service">${options(services)}</select></p>`,
      '<p><label for="text">Text</label> <input id="text" type="search" name="text" autocomplete="off" placeholder="file or message"></p>', '<button type="reset">Show all</button>', "</form>",
    ].join("\n");
  }

  function problems(all: readonly Problem[]): string[] {
    if (all.length === 0) return [];
    return ['<section class="problems" aria-labelledby="problems-title">', '<h2 id="problems-title">Problems</h2>', "<ul>", ...all.map((one) => `<li><strong>${problemWord(one)}</strong> <code>${place(one.file, one.at)}</code> ${escape(one.message)}</li>`), "</ul>", "</section>"];
  }

  function finding(one: Diagnostic, service: string): string {
    const mirrors = (one.related ?? []).filter((other) => other.mirror);
    const others = (one.related ?? []).filter((other) => !other.mirror);
    return [
      `<article class="finding ${one.severity}" data-severity="${one.severity}" data-rule="${escape(one.rule)}" data-service="${escape(service)}">`,
      `<h3><span class="badge ${one.severity}">${one.severity}</span> ${escape(render(one.message))}</h3>`,
      `<p class="about"><a href="${escape(ruleUrl(one.rule))}">${escape(one.rule)}</a> <span>${escape(report.rules.get(one.rule)?.title ?? "")}</span> <span>Service: ${escape(service)}</span></p>`,
      `<div class="sides">${side(one.at, mirrors.length ? "This side" : "Here", one.severity)}${mirrors.map((other) => side(other.at, `The other side: ${render(other.message)}`, one.severity)).join("")}</div>`,
      ...others.map((other: Related) => side(other.at, render(other.message), "info")),
      ...((one.fixes ?? []).length ? [`<ul class="fixes">${one.fixes!.map(fix).join("")}</ul>`] : []),
      "</article>",
    ].join("\n");
  }

  function side(at: Span, caption: string, severity: Severity): string {
    const lines = frameOf(at, around);
    return `<figure><figcaption>${escape(caption)} <code>${place(at.file, at)}</code></figcaption>${lines.length ? `<pre tabindex="0" aria-label="${escape(`Code of ${report.display(at.file)}`)}">${lines.map((line) => row(line, severity)).join("\n")}</pre>` : ""}</figure>`;
  }

  function fix(one: Fix): string {
    const changes = changesOf(report, one);
    return `<li><span class="badge ${one.safe ? "safe" : "review"}">${one.safe ? "fix" : "fix to review"}</span> ${escape(one.title)}${changes.length ? `<details><summary>Show the change</summary>${changes.map(change).join("")}</details>` : ""}</li>`;
  }

  function change({ file, removed, added }: Change): string {
    return `<figure><figcaption><code>${place(file)}</code></figcaption><pre tabindex="0" aria-label="${escape(`Change of ${report.display(file)}`)}">${[...removed.map((line) => `<del>- ${escape(line)}</del>`), ...added.map((line) => `<ins>+ ${escape(line)}</ins>`)].join("\n")}</pre></figure>`;
  }

  function place(file: string, at?: Span): string {
    return escape(`${report.display(file)}${at ? `:${range(at).start.line}:${range(at).start.column}` : ""}`);
  }
}

function row({ number, text, mark }: FrameLine, severity: Severity): string {
  const code = mark ? `${escape(text.slice(0, mark.from))}<mark class="${severity}">${escape(text.slice(mark.from, mark.to)) || " "}</mark>${escape(text.slice(mark.to))}` : escape(text);
  return `<span class="number">${String(number).padStart(5)}</span> ${code}`;
}

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const escape = (text: string) => printable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
