// The notation of examples and cases: files in one text, and marks that say what must be found where.

import type { Example } from "./types.ts";

export interface ExampleFile {
  readonly path: string;
  readonly text: string;
}

/**
 * A line of blanks, carets, one blank and the message, below a line of code: what must be found there. Marks under each other mark the same line of code.
 * A comment leader (`#`, `//`) may stand before the carets. The message may begin with `error: `, `warning: `, `info: ` or `hint: `, which the reader of the mark compares with the grade.
 */
export interface Mark {
  readonly path: string;
  /** Line of the code in its file, counted from 0. */
  readonly line: number;
  /** Range in the file, marks left out. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Template tag for examples: text as written, without the first line break. Only a backslash before a backtick or `${` is dropped: these cannot be written otherwise. */
export function files(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const raw = parts.raw.map((part) => part.replace(/\\(`|\$\{)/g, "$1"));
  return String.raw({ raw }, ...values).replace(/^\n/, "");
}

const markLine = /^( *)(?:[#/]+ *)?(\^+) (.+)$/;

/** Files and marks of an example. `//- path` begins a file; text before any is `example.ts`. Throws on a mark below no code. */
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
    if (!mark) {
      lines.push(line);
      continue;
    }
    if (lines.length === 0) throw new Error(`${path}: the mark "${line.trim()}" stands below no line of code`);
    const column = line.indexOf("^");
    const above = lines.slice(0, -1).reduce((sum, one) => sum + one.length + 1, 0);
    marks.push({ path, line: lines.length - 1, start: above + column, end: above + column + mark[2]!.length, message: mark[3]! });
  }
  return { files: found.map(({ path, lines }) => ({ path, text: lines.length ? `${lines.join("\n")}\n` : "" })), marks };
}

/**
 * Cases of a rule: `=== good: title` or `=== bad: title`, then an example; `--- fixed` begins the files after all first fixes of a bad one.
 * Only lines that begin with `#` may stand above the first case. Throws on anything else: a case must not be lost to a slip.
 */
export function parseCases(text: string): { title: string; example: Example }[] {
  const cases: { title: string; example: Example }[] = [];
  const [above = "", ...parts] = text.replace(/\r\n/g, "\n").split(/^=== /m);
  const stray = above.split("\n").find((line) => line.trim() !== "" && !line.startsWith("#"));
  if (stray !== undefined) throw new Error(`expected "=== good: title" or "=== bad: title", got "${stray}"`);
  for (const part of parts) {
    const end = part.indexOf("\n");
    const head = /^(good|bad): (.+)$/.exec(part.slice(0, end));
    if (!head) throw new Error(`expected "=== good: title" or "=== bad: title", got "=== ${part.slice(0, end)}"`);
    const [body, fixed, another] = part.slice(end + 1).split(/^--- fixed *\n/m);
    if (another !== undefined || (fixed !== undefined && head[1] === "good")) throw new Error(`${head[2]}: expected one "--- fixed", in a bad case`);
    const tidy = (one: string) => one.replace(/(?<!\n)\n+$/, "\n");
    cases.push({ title: head[2]!, example: head[1] === "good" ? { good: tidy(body!) } : { bad: tidy(body!), ...(fixed === undefined ? {} : { fixed: tidy(fixed) }) } });
  }
  return cases;
}
