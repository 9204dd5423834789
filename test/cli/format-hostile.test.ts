// File names, messages and code may hold anything. In no format do they become a command, markup, a script, a mention, or a second line.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { lexer, type Token } from "marked";
import { formatNames, formats, type Format } from "../../cli/report/formats.ts";
import { folderWith } from "../host/folder.ts";
import { assertFormat, assertXml, type Element } from "./format-schema.ts";
import { reportOf } from "./report-of.ts";
import { pitlint, warned } from "./run.ts";
import type { Report } from "../../cli/report/report.ts";

const writers = new Map(await Promise.all(formatNames.map(async (name) => [name, await formats[name].load()] as const)));
const write = (name: Format, report: Report) => writers.get(name)!(report, (_, plain) => plain);

const ordinary = reportOf(new Map([["a.ts", warned]]));

/** A report with one finding, one related place, one fix and one problem, which all say this. */
function saying(text: string): Report {
  const file = `${text.replaceAll("/", "") || "x"}.ts`;
  const source = `${text}\n${text}`;
  const [found] = ordinary.result.diagnostics;
  const message = { template: "{0}", values: [text] };
  const at = { file, start: 0, end: source.length };
  return {
    ...ordinary, text: () => source, service: () => text,
    result: { ...ordinary.result, complete: false, diagnostics: [{ ...found!, at, message, related: [{ at, message, mirror: true }, { at, message }], fixes: [{ title: text, safe: true, edits: [{ at: { ...at, end: 0 }, text }] }] }], problems: [{ kind: "syntax", file, at, message: text, incomplete: true }] },
  };
}

/** Pieces that mean something to some reader. */
const evil = fc.constantFrom("<script>alert(1)</script>", "</script>", "<!--", "-->", "]]>", "<![CDATA[", "::error::x", "::set-output name=a::b", "\n", "\r", "\n::warning::x", "%0A", "@team", "#12", "!34", "`", "```", "~~~", "\n```\n", "</code></summary></details>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](https://a.b/c)", "https://a.internal/", "www.a.internal", "$x$", "\\", "\"", "'", "&", "&lt;", "|", "*", "_", "\u0000", "\u0007", "\u001b[31m", "\u2028", "\u202e", "\ud800", "\ufffe", "é", "🚀", ",", ":", "=", "a ");
const hostile = fc.array(fc.oneof({ weight: 4, arbitrary: evil }, { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) }), { maxLength: 6 }).map((pieces) => pieces.join(""));
const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

describe("S5: hostile text", () => {
  it("is data in json formats", () => {
    fc.assert(fc.property(hostile.filter((text) => text.length > 0), (text) => {
      const report = saying(text);
      assert.equal(JSON.parse(write("json", report)).diagnostics[0].message, text);
      assertFormat("sarif", write("sarif", report));
      assert.equal(JSON.parse(write("sarif", report)).runs[0].results[0].message.text, text);
      assert.doesNotMatch(JSON.parse(write("sarif", report)).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri, /[\s<>"\\^`{|}]/);
      assertFormat("rdjson", write("rdjson", report));
      const issues = JSON.parse(write("gitlab", report)) as { description: string }[];
      assert.ok(issues[0]!.description.startsWith(text) && issues[1]!.description === `incomplete: ${text}`);
    }), { numRuns: 100 });
  });

  it("is text in xml formats", () => {
    // XML has no way to write these.
    const kept = (text: string) => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
    const named = (root: Element, name: string): Element[] => [...(root.name === name ? [root] : []), ...root.children.flatMap((one) => named(one, name))];
    fc.assert(fc.property(hostile, (text) => {
      const report = saying(text);
      const errors = named(assertXml("checkstyle", write("checkstyle", report)), "error");
      assert.equal(errors.length, 2);
      assert.ok(errors[0]!.attributes["message"]!.startsWith(kept(text)));
      assert.equal(errors[1]!.attributes["message"], `incomplete: ${kept(text)}`);
      const suites = assertXml("junit", write("junit", report));
      assert.deepEqual([...named(suites, "failure"), ...named(suites, "error")].map((one) => one.attributes["message"]), [kept(text), `incomplete: ${kept(text)}`]);
      assert.ok(named(suites, "failure")[0]!.text.includes(kept(text)));
    }), { numRuns: 100 });
  });

  it("stays in its line in formats of lines, and sends nothing to a terminal", () => {
    fc.assert(fc.property(hostile, (text) => {
      const report = saying(text);
      assert.equal(write("compact", report).split("\n").length, 3);
      const commands = write("github", report).split("\n");
      assert.deepEqual(commands.map((line) => /^::(warning|error) file=[^:,]+,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,title=[^:,]+::[^\r\n]*$/.exec(line)?.[1]), ["warning", "error", undefined]);
      for (const name of ["compact", "github", "text", "markdown", "html"] as const) assert.doesNotMatch(write(name, report).replaceAll("%0A", ""), forbidden);
    }), { numRuns: 100 });
  });

  it("is text in html: the page holds the elements that it holds for harmless text", () => {
    const tags = (page: string) => page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, "<$1>").match(/<\/?[a-z!][^\s>]*/gi);
    const outside = (page: string) => (page.match(/\b(?:src|href|action|formaction|on\w+)="[^"]*"/gi) ?? []).filter((one) => !/^href="(#findings|https:\/\/github\.com\/pitlint\/)/.test(one));
    const shape = tags(write("html", saying("harmless")));
    fc.assert(fc.property(hostile.filter((text) => /^\s*\S/.test(text) && !/[\n\r]/.test(text)), (text) => {
      const page = write("html", saying(text));
      assert.deepEqual(tags(page), shape);
      assert.deepEqual(outside(page.replaceAll("&quot;", "").replace(/>[^<]*</g, "><")), []);
    }), { numRuns: 100 });
  });

  it("is prose in markdown: no markup, mention, reference or link", () => {
    const shape = partsOf(write("markdown", saying("harmless"))).kinds;
    fc.assert(fc.property(hostile.filter((text) => /^\S(.*\S)?$/.test(text)), (text) => {
      const { kinds, prose } = partsOf(write("markdown", saying(text)));
      assert.deepEqual(kinds, shape);
      for (const piece of prose) assert.doesNotMatch(piece, /[@#!](?=\w)|:\/\/|www\./i);
    }), { numRuns: 100 });
  });

  it("of a file on disk arrives whole in every format", async (test) => {
    const root = folderWith(test);
    const folder = "a ::error::b,c=d <img src=x onerror=alert(1)> ]]> @team `x` %0A é🚀";
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, "new\nline.ts"), warned);
    const asked = formatNames.flatMap((name) => ["--format", `${name}=${name}.out`]);
    assert.deepEqual(await pitlint(root, asked), { code: 1, stdout: "", stderr: "" });
    const read = (name: Format) => readFileSync(join(root, `${name}.out`), "utf8");
    const file = `${folder}/new\nline.ts`;
    assert.equal(JSON.parse(read("json")).diagnostics[0].file, file);
    assert.equal(decodeURIComponent(JSON.parse(read("sarif")).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri), file);
    assert.equal(JSON.parse(read("gitlab"))[0].location.path, file);
    assert.equal(JSON.parse(read("rdjson")).diagnostics[0].location.path, file);
    assert.equal(assertXml("checkstyle", read("checkstyle")).children[0]!.attributes["name"], file);
    assert.equal(assertXml("junit", read("junit")).children[0]!.attributes["name"], file);
    const [, escaped] = /^::warning file=([^:,]+),/.exec(read("github"))!;
    assert.equal(decodeURIComponent(escaped!), file);
  });
});

/** What a renderer of GitHub's Markdown makes of a comment: its parts in order, and the texts that are prose. */
function partsOf(comment: string): { kinds: readonly string[]; prose: readonly string[] } {
  const kinds: string[] = [];
  const prose: string[] = [];
  lexer(comment).forEach(function visit(one: Token): void {
    const inner = "tokens" in one && one.tokens ? one.tokens : [];
    // Where prose is cut into pieces is nobody's business.
    if (one.type === "text" || one.type === "escape") prose.push(...(inner.length ? [] : [one.type === "escape" ? one.text : one.raw]));
    else if (one.type === "html") kinds.push(`html ${one.raw.replace(/<code>[^<]*<\/code>/, "").trim()}`);
    else kinds.push(one.type === "link" ? `link ${one.href}` : one.type);
    inner.forEach(visit);
    if (one.type === "list") one.items.forEach(visit);
  });
  return { kinds, prose: [prose.join("")] };
}

describe("a comment", () => {
  it("is never longer than a pull request takes, and says what it leaves out", () => {
    const report = reportOf(new Map([["a.ts", warned]]));
    const [one] = report.result.diagnostics;
    const many = { ...report, result: { ...report.result, diagnostics: Array.from({ length: 3_000 }, (_, index) => ({ ...one!, at: { ...one!.at, file: `folder/${index >> 3}.ts` } })) } };
    const comment = write("markdown", { ...many, text: () => warned });
    assert.ok(comment.length < 65_536);
    const shown = comment.split("\n- **warning**").length - 1;
    assert.ok(shown > 50);
    assert.match(comment, new RegExp(`^${3_000 - shown} more findings: the comment would be too long\\.$`, "m"));
    assert.equal(comment.split("<details>").length, comment.split("</details>").length);
  });
});

describe("rdjson", () => {
  it("counts bytes, and suggests the text that the fix would write", () => {
    const text = 'import axios from "axios";\nexport const quote = () => [/* é🚀 */ axios.get("https://prices.internal/")];\n';
    const [found] = JSON.parse(write("rdjson", reportOf(new Map([["a.ts", text]])))).diagnostics;
    const line = Buffer.from(text.split("\n")[1]!);
    const piece = ({ range: { start, end } }: any) => line.subarray(start.column - 1, end.column - 1).toString();
    assert.equal(piece(found.location), "axios.get");
    const [{ range, text: suggested }] = found.suggestions;
    assert.equal(Buffer.concat([line.subarray(0, range.start.column - 1), Buffer.from(suggested), line.subarray(range.end.column - 1)]).toString(), 'export const quote = () => [/* é🚀 */ axios.get("https://prices.internal/", { timeout: 5_000 })];');
  });
});
