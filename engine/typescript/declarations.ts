// Does a text declare only? Types of a generated API or of a library run nothing, and are among the largest files there are. Parses nothing; in doubt the answer is no.

/** Smaller texts are parsed in less time than anybody notices (characters). */
const least = 32_000;

const token = /[\p{L}\p{N}_$]+|\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[^])*`|=>|[^]/gu;

/** What may stand behind these words at the start of a statement; anything where nothing is named. */
const starts: Readonly<Record<string, RegExp | undefined>> = {
  import: /^(?:[\p{L}_$*{"']|type$)/u,
  export: /^(?:declare|type|interface|as|\*|\{)$/,
  declare: /^(?:const|let|var|function|class|abstract|enum|namespace|module|global|type|interface)$/,
  type: /^[\p{L}_$]/u,
  "export type": /^[\p{L}_$*{]/u,
  interface: /^[\p{L}_$]/u,
};

/** These go on with a declaration, on a line of their own too. */
const goesOn = /^(?:extends|implements|keyof|typeof|infer|from|as|is|asserts|readonly|unique|with)$/;

/**
 * True when every statement of a large text is an import, a type, an interface, something ambient, or passes names on. What TypeScript ends by a new line
 * is a statement of its own here too, so code is never taken for a type.
 */
export function declaresOnly(text: string): boolean {
  if (text.length < least) return false;
  let depth = 0;
  /** What the next word may be: the start of a statement, that or more of the last one, or only more of it. */
  let next: "start" | "either" | "more" = "start";
  let opener: string | undefined;
  let statement = "";
  let [ended, sameLine] = [true, false];
  for (const [part] of text.matchAll(token)) {
    if (part === "\n" && depth === 0 && ended && next === "more") next = "either";
    if (part === "\n") sameLine = false;
    if (/^\s/.test(part) || part.startsWith("/*") || part.startsWith("//")) continue;
    // A quote or comment without an end, a division: no declaration has them, and to look for the end of each one anew would take time without measure.
    if (/^["'`/]$/.test(part) || (part === "@" && depth === 0)) return false;
    if (depth === 0) {
      if (opener !== undefined && !starts[opener]!.test(part)) return false;
      const isOpener = next !== "more" && Object.hasOwn(starts, part);
      const isMore = goesOn.test(part) || /^(?:[|&=;,:?>]|=>)$/.test(part) || (part === "[" && sameLine && statement.endsWith("type"));
      if (!isOpener && next !== "more" && opener === undefined && !(next === "either" ? isMore : part === ";")) return false;
      const goesDeeper = (opener === "export" || opener === "declare") && Object.hasOwn(starts, part);
      opener = opener === "export" && part === "type" ? "export type" : isOpener || goesDeeper ? part : undefined;
      if (opener !== undefined) statement = opener;
      next = part === ";" ? "start" : "more";
    }
    if (part === "{" || part === "(" || part === "[") depth++;
    else if (part === "}" || part === ")" || part === "]") {
      depth--;
      if (depth < 0) return false;
      if (depth === 0 && part === "}") (next = "either"), (sameLine = true);
    }
    ended = /^["'\p{L}\p{N}_$\])}>]/u.test(part);
  }
  return depth === 0;
}
