// The notation of examples and cases: files in one text, and marks that say what must be found where.

import type { Example } from "./types.ts";

export interface ExampleFile {
  readonly path: string;
  readonly text: string;
}

/** A line of blanks and carets below a line of code, then the message: what must be found there. */
export interface Mark {
  readonly path: string;
  /** Range in the file, marks left out. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Template tag for examples: text as written, without the first line break. */
export function files(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw(parts, ...values).replace(/^\n/, "");
}

const markLine = /^( *)(?:[#/]+ *)?(\^+) (.+)$/;

/** Files and marks of an example. `//- path` begins a file; text before any is `example.ts`. */
export function parseExample(text: string): { files: ExampleFile[]; marks: Mark[] } {
  const found: { path: string; lines: string[] }[] = [];
  const marks: Mark[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const begins = /^\/\/- (\S.*)$/.exec(line);
    if (begins) {
      found.push({ path: begins[1]!.trim(), lines: [] });
      continue;
    }
    if (found.length === 0) found.push({ path: "example.ts", lines: [] });
    const { path, lines } = found[found.length - 1]!;
    const mark = markLine.exec(line);
    if (!mark || lines.length === 0) {
      lines.push(line);
      continue;
    }
    const column = line.indexOf("^");
    const above = lines.slice(0, -1).reduce((sum, one) => sum + one.length + 1, 0);
    marks.push({ path, start: above + column, end: above + column + mark[2]!.length, message: mark[3]! });
  }
  return { files: found.map(({ path, lines }) => ({ path, text: lines.length ? `${lines.join("\n")}\n` : "" })), marks };
}

/** Cases of a rule: `=== good: title` or `=== bad: title`, then an example; `--- fixed` begins the files after all first fixes. */
export function parseCases(text: string): { title: string; example: Example }[] {
  const cases: { title: string; example: Example }[] = [];
  for (const part of text.split(/^=== /m).slice(1)) {
    const end = part.indexOf("\n");
    const head = /^(good|bad): (.+)$/.exec(part.slice(0, end));
    if (!head) throw new Error(`expected "=== good: title" or "=== bad: title", got "=== ${part.slice(0, end)}"`);
    const [body, fixed] = part.slice(end + 1).split(/^--- fixed\n/m);
    const tidy = (one: string) => one.replace(/\n+$/, "\n");
    cases.push({ title: head[2]!, example: head[1] === "good" ? { good: tidy(body!) } : { bad: tidy(body!), ...(fixed === undefined ? {} : { fixed: tidy(fixed) }) } });
  }
  return cases;
}
