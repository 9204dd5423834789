// Text to a tree that rules can ask questions of. Walks every node once and iteratively; knows no rule and touches no disk.

import { loadCompiler, ts, type Node, type SourceFile, type SyntaxKind } from "./compiler.ts";
import type { Span } from "../types.ts";

/** What the workspace knows of a file before it is read: the path gates look only at `below`. */
export interface FileContext {
  /** Path below the nearest pitlint.yaml, else below the workspace root. */
  readonly below: string;
  /** The nearest package.json depends on a browser framework. */
  readonly browserPackage: boolean;
  /** The file belongs to a package that is a command line tool. */
  readonly tool: boolean;
  /** The file belongs to a package that others import. */
  readonly library?: true;
  /** Canonical names of functions that bound the time themselves, as the team states them. */
  readonly wrappers: readonly string[];
  /** Packages that the workspace declares; undefined where it is small or declares none, and everything is looked for. */
  readonly declared?: readonly string[];
  /** Canonical names of loggers, with the library they behave like. */
  readonly loggers: Readonly<Record<string, string>>;
}

/** One parsed file of TypeScript or JavaScript. */
export interface TsFile {
  readonly path: string;
  readonly text: string;
  readonly tree: SourceFile;
  readonly context: FileContext;
  /** Nodes of each kind in document order. */
  readonly byKind: ReadonlyMap<SyntaxKind, readonly Node[]>;
  /** How many nodes there are. */
  readonly count: number;
  /** Answers that several questions share, computed once per file. */
  readonly memo: Map<unknown, unknown>;
}

export const noContext: FileContext = { below: "", browserPackage: false, tool: false, wrappers: [], loggers: {} };

/** Thrown when a tree is deeper than the parser's stack allows. */
export class TooDeep extends Error {}

/**
 * Parses one file. Syntax errors leave a tree with holes; a tree too deep for the parser throws `TooDeep`.
 * The parser is exponential on some inputs: call it where the caller can be killed.
 */
export function parseTs(path: string, text: string, context: FileContext = noContext): TsFile {
  loadCompiler();
  let tree: SourceFile;
  try {
    // No question reads JSDoc, and parents are set by the walk below: together a tenth of the whole analysis.
    tree = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, false, scriptKind(path));
  } catch (error) {
    if (error instanceof RangeError) throw new TooDeep(`${path} nests deeper than the parser can follow`);
    throw error;
  }
  return { path, text, tree, context, ...indexByKind(tree), memo: new Map() };
}

function scriptKind(path: string) {
  const { ScriptKind } = ts;
  if (/\.tsx$/.test(path)) return ScriptKind.TSX;
  if (/\.(jsx|js|mjs|cjs)$/.test(path)) return ScriptKind.JSX;
  return ScriptKind.TS;
}

/** Nodes by kind. Sets each node's parent and number on the way. */
function indexByKind(tree: SourceFile): Pick<TsFile, "byKind" | "count"> {
  const byKind = new Map<SyntaxKind, Node[]>();
  const open: Node[] = [tree];
  const children: Node[] = [];
  let parent: Node = tree;
  let count = 0;
  const collect = (child: Node) => {
    (child as { parent: Node }).parent = parent;
    children.push(child);
  };
  for (let node = open.pop(); node; node = open.pop()) {
    const list = byKind.get(node.kind);
    if (list) list.push(node);
    else byKind.set(node.kind, [node]);
    parent = node;
    (node as Numbered).id = ++count;
    ts.forEachChild(node, collect);
    while (children.length) open.push(children.pop()!);
  }
  return { byKind, count };
}

/** All nodes of one kind, in document order. */
export function nodes<T extends Node>(file: TsFile, kind: SyntaxKind): readonly T[] {
  return (file.byKind.get(kind) ?? []) as unknown as readonly T[];
}

/** Computes once per file and key. */
export function once<T>(file: TsFile, key: unknown, compute: () => T): T {
  const known = file.memo.get(key);
  if (known !== undefined || file.memo.has(key)) return known as T;
  const answer = compute();
  file.memo.set(key, answer);
  return answer;
}

/** Answers a question once per file and node: facts ask the same of the same nodes over and over. A function of its own, as one that is made for each asking costs more than the answer. */
export function oncePerNode<N extends Node, T>(file: TsFile, node: N, question: (file: TsFile, node: N) => T): T {
  const { id } = node as Numbered;
  // Not met by the walk: a node that no other has as its child.
  if (!id) return question(file, node);
  let known = file.memo.get(question) as (T | typeof nothing | undefined)[] | undefined;
  if (!known) file.memo.set(question, (known = new Array(file.count + 1)));
  const answer = known[id];
  if (answer !== undefined) return answer === nothing ? (undefined as T) : answer;
  const made = question(file, node);
  known[id] = made === undefined ? nothing : made;
  return made;
}

/** Stands for an answer of `undefined`. */
const nothing = Symbol("undefined");
/** The place of a node in its tree, from 1. A list by it takes half the time of a map by nodes, which has to make each a hash. */
type Numbered = Node & { id?: number };

/** Whether a pattern without state is found in the text. Asked of each function of a file, and a long text is read once. */
export function says(file: TsFile, pattern: RegExp): boolean {
  return once(file, pattern, () => pattern.test(file.text));
}

/** Range of a node without leading comments and blanks. */
export function span(node: Node): Span {
  return { file: "", start: node.getStart(), end: node.end };
}
