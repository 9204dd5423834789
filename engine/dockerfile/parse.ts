// Text of a Dockerfile to its stages and instructions. The only place that touches the Dockerfile parser; states no fact.
// Most workspaces hold few Dockerfiles, so the parser is loaded on the first one; in dist it is dockerfile.cjs.

import { createRequire } from "node:module";
import { parseJson } from "../resolve.ts";
import type { Span } from "../types.ts";

export interface DockerfileDocument {
  readonly path: string;
  readonly text: string;
  /** In the order of the text; the last one is what a build gives. */
  readonly stages: readonly DockerStage[];
}

export interface DockerStage {
  readonly name?: string;
  /** Image or earlier stage it starts from, build arguments replaced by their defaults; undefined where one has none. */
  readonly base?: string;
  readonly instructions: readonly DockerInstruction[];
}

export interface DockerInstruction {
  /** In upper case: `CMD`. */
  readonly keyword: string;
  /** From the keyword to the end of the arguments. */
  readonly at: Span;
  /** Arguments with continued lines joined, as written otherwise. */
  readonly args: string;
  readonly argsAt: Span;
  /** The strings of the exec form `["node", "a.js"]`. */
  readonly exec?: readonly string[];
}

interface Position { readonly line: number; readonly character: number }
interface Range { readonly start: Position; readonly end: Position }
interface Parsed {
  getKeyword(): string;
  getRange(): Range;
  getArgumentsRange(): Range | null;
  getArguments(): readonly { getValue(): string }[];
}
interface Parser { readonly DockerfileParser: { parse(text: string): { getInstructions(): readonly Parsed[] } } }

/** Parses a Dockerfile. What cannot be read is left out. */
export function parseDockerfile(path: string, text: string): DockerfileDocument {
  // Node caches modules, so the parser is loaded once.
  const { DockerfileParser } = createRequire(import.meta.url)("dockerfile-ast") as Parser;
  const offset = offsets(text);
  // A line goes on behind a backslash, or what the first lines call the escape character; comments between are dropped.
  const joined = /^(?:#.*\r?\n)*#\s*escape\s*=\s*`/i.test(text) ? /`[ \t]*\r?\n(?:[ \t]*#.*\r?\n)*/g : /\\[ \t]*\r?\n(?:[ \t]*#.*\r?\n)*/g;
  const defaults = new Map<string, string>();
  const stages: { name?: string; base?: string; instructions: DockerInstruction[] }[] = [];
  for (const one of DockerfileParser.parse(text).getInstructions()) {
    const keyword = one.getKeyword().toUpperCase();
    const words = one.getArguments().map((word) => word.getValue());
    const range = one.getArgumentsRange();
    if (!range) continue;
    if (keyword === "ARG" && stages.length === 0) {
      for (const word of words) if (word.includes("=")) defaults.set(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1).replace(/^(["'])(.*)\1$/, "$2"));
    } else if (keyword === "FROM") {
      const [image, as, name] = words.filter((word) => !word.startsWith("--"));
      const base = image && substituted(image, defaults);
      stages.push({ ...(base ? { base } : {}), ...(name && /^as$/i.test(as!) ? { name } : {}), instructions: [] });
    } else {
      const argsAt = { file: "", start: offset(range.start), end: offset(range.end) };
      const args = text.slice(argsAt.start, argsAt.end).replace(joined, "");
      const exec = execForm(args);
      stages[stages.length - 1]?.instructions.push({ keyword, at: { file: "", start: offset(one.getRange().start), end: argsAt.end }, args, argsAt, ...(exec ? { exec } : {}) });
    }
  }
  return { path, text, stages };
}

/** Docker takes what is no JSON array of strings as a line for a shell. */
function execForm(args: string): readonly string[] | undefined {
  if (!/^\[\s*(?:"(?:[^"\\]|\\.)*"\s*(?:,\s*"(?:[^"\\]|\\.)*"\s*)*)\]$/.test(args)) return undefined;
  const strings: unknown = parseJson(args);
  return Array.isArray(strings) ? strings.map(String) : undefined;
}

/** Build arguments before the first FROM: `$V`, `${V}`, `${V:-20}`. Undefined when one has no value. */
function substituted(image: string, defaults: ReadonlyMap<string, string>): string | undefined {
  let open = false;
  const text = image.replace(/\$(?:\{(\w+)(?::-([^}$]*))?\}|(\w+))/g, (_, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => {
    const value = defaults.get((braced ?? plain)!) ?? fallback;
    if (value === undefined) open = true;
    return value ?? "";
  });
  return open || text.includes("${") ? undefined : text;
}

function offsets(text: string): (at: Position) => number {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\r|\n/g)) starts.push(end.index + end[0].length);
  return ({ line, character }) => Math.min((starts[line] ?? text.length) + character, text.length);
}
