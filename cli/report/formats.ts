// The formats of a report: their names, what each is for, and where it is written. A format is loaded only when it is asked for.

import type { Report } from "./report.ts";
import type { Paint } from "./text.ts";

/** Writes a whole report. */
export type Writer = (report: Report, paint: Paint) => string;

interface Form {
  /** For `pitlint --help`: what reads it. */
  readonly says: string;
  /** A file name that fits, for advice. */
  readonly file: string;
  load(): Promise<Writer>;
}

export const formats = {
  text: { says: "for people: each finding with its code, the place it contradicts, and the way out", file: "report.txt", load: async () => (await import("./text.ts")).text },
  compact: { says: "one line each, path:line:column first", file: "report.txt", load: async () => (await import("./compact.ts")).compact },
  json: { says: "everything, for programs; docs/output.schema.json describes it", file: "report.json", load: async () => (await import("./json.ts")).json },
  sarif: { says: "SARIF 2.1.0, also with what is suppressed or in the baseline", file: "report.sarif", load: async () => (await import("./sarif.ts")).sarif },
  "code-scanning": { says: "SARIF for GitHub code scanning, which would open an alert for these", file: "report.sarif", load: async () => (await import("./sarif.ts")).codeScanning },
  github: { says: "annotations in the log of a GitHub workflow", file: "report.txt", load: async () => (await import("./github.ts")).github },
  gitlab: { says: "GitLab code quality", file: "gl-code-quality-report.json", load: async () => (await import("./gitlab.ts")).gitlab },
  junit: { says: "JUnit XML: a failed test for each warning or error", file: "junit.xml", load: async () => (await import("./junit.ts")).junit },
  checkstyle: { says: "Checkstyle XML", file: "checkstyle.xml", load: async () => (await import("./checkstyle.ts")).checkstyle },
  rdjson: { says: "reviewdog, with suggested changes", file: "report.rdjson", load: async () => (await import("./rdjson.ts")).rdjson },
  markdown: { says: "a comment on a pull request", file: "report.md", load: async () => (await import("./markdown.ts")).markdown },
  html: { says: "one page with filters, for a browser; needs no network", file: "report.html", load: async () => (await import("./html.ts")).html },
} satisfies Readonly<Record<string, Form>>;

export type Format = keyof typeof formats;
export const formatNames = Object.keys(formats) as readonly Format[];
