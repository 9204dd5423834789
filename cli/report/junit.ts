// JUnit XML as CI systems show it: a suite for each file, a failed test for each warning or error, a skipped one for what is suppressed, an error for what was not analysed.

import { render } from "../../engine/message.ts";
import { problemSeverity, problemsOf, problemWord, ranges, ruleUrl, type Report } from "./report.ts";
import { content, document, element } from "./xml.ts";
import type { Diagnostic, Span } from "../../engine/types.ts";

/** What became of one test. */
type Outcome = "failures" | "errors" | "skipped" | "passed";

interface Case {
  readonly outcome: Outcome;
  readonly written: string;
}

export function junit(report: Report): string {
  const range = ranges(report);
  const suites = new Map<string, Case[]>();
  const put = (file: string, one: Case) => suites.set(file, [...(suites.get(file) ?? []), one]);
  for (const one of report.result.diagnostics) {
    const fails = one.severity === "error" || one.severity === "warning";
    const said = content(body(one));
    put(one.at.file, testCase(one.at.file, one.rule, one.at, fails ? "failures" : "passed", fails ? element("failure", { type: one.severity, message: render(one.message) }, [said]) : element("system-out", {}, [said])));
  }
  for (const one of report.result.suppressed) put(one.at.file, testCase(one.at.file, one.rule, one.at, "skipped", element("skipped", { message: `suppressed: ${one.by.reason}` })));
  for (const one of problemsOf(report.result)) {
    const fails = problemSeverity(one) === "error";
    const message = `${problemWord(one)}: ${one.message}`;
    put(one.file, testCase(one.file, `pitlint/${one.kind}`, one.at, fails ? "errors" : "passed", fails ? element("error", { type: one.kind, message }) : element("system-out", {}, [content(message)])));
  }
  // A report without any test is an error to some readers.
  if (suites.size === 0) put(".", { outcome: "passed", written: element("testcase", { name: "no findings", classname: "pitlint", time: 0 }) });
  const all = [...suites.values()].flat();
  const written = [...suites].map(([file, cases]) => `\n  ${element("testsuite", { name: report.display(file), ...totals(cases), time: 0 }, [...cases.map((one) => `\n    ${one.written}`), "\n  "])}`);
  const { skipped: _, ...sums } = totals(all);
  return document(element("testsuites", { name: "pitlint", ...sums, time: 0 }, [...written, "\n"]));

  function testCase(file: string, name: string, at: Span | undefined, outcome: Outcome, result: string): Case {
    const where = at ? ` (${range(at).start.line}:${range(at).start.column})` : "";
    return { outcome, written: element("testcase", { name: `${name}${where}`, classname: report.display(file), file: report.display(file), time: 0 }, [result]) };
  }

  function body(one: Diagnostic): string {
    const place = (at: Span) => `${report.display(at.file)}:${range(at).start.line}:${range(at).start.column}`;
    return [`${place(one.at)} ${one.severity}: ${render(one.message)}`, ...(one.related ?? []).map((other) => `${place(other.at)} ${render(other.message)}`), ...(one.fixes ?? []).map((fix) => `${fix.safe ? "fix" : "fix to review"}: ${fix.title}`), ruleUrl(one.rule)].join("\n");
  }
}

function totals(cases: readonly Case[]) {
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: count("failures"), errors: count("errors"), skipped: count("skipped") };
}
