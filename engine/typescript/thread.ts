// The fix that threads a signal through functions: a new last parameter on each, and one more argument at their calls.
// Needs a type checker, so it loads ts-morph on demand, over texts in memory. Gives text edits; refuses what it cannot prove safe.

import type { ArrowFunction, CallExpression, FunctionDeclaration, FunctionExpression, MethodDeclaration, Node, Project, SourceFile } from "ts-morph";
import { isTest } from "../gate.ts";
import { folder, resolver } from "../resolve.ts";
import type { LowerInput } from "../lower.ts";
import type { FileEdit, Span, Thread } from "../types.ts";
import { entryFiles } from "./entry-file.ts";

type TextEdit = FileEdit["edits"][number];
type Fn = FunctionDeclaration | FunctionExpression | ArrowFunction | MethodDeclaration;
type Morph = typeof import("ts-morph");

/** More files than this mention a name: it says too little to find its uses. */
const fileLimit = 300;

/** Edits that pass the signal from the call through every declaration of the thread; undefined when one of them must not change. */
export async function threadEdits(thread: Thread, input: LowerInput): Promise<TextEdit[] | undefined> {
  // The default is all of it: which names a bundle exports, Node only guesses.
  const { default: morph } = await import("ts-morph");
  const paths = new Set(input.paths);
  const resolve = resolver(paths, manifestsAbove([thread.call, ...thread.through], input));
  const project = new morph.Project({
    useInMemoryFileSystem: true, skipLoadingLibFiles: true, skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true, noLib: true, noResolve: false, types: [] },
    resolutionHost: () => ({
      resolveModuleNames: (names, from) => names.map((name) => {
        const found = resolve(from.slice(1), name);
        return found === undefined || !project.getSourceFile(`/${found}`) ? undefined : { resolvedFileName: `/${found}` };
      }),
    }),
  });
  const load = (path: string): SourceFile | undefined => {
    const known = project.getSourceFile(`/${path}`);
    const text = known ? undefined : input.text(path);
    return known ?? (text === undefined ? undefined : project.createSourceFile(`/${path}`, text));
  };
  for (const { file } of [thread.call, ...thread.through]) if (!load(file)) return undefined;
  const functions = thread.through.map((at) => functionAt(morph, project, at)).filter((one) => one !== undefined);
  const names = functions.map(nameOf).filter((one) => one !== undefined);
  if (names.length < thread.through.length) return undefined;
  const mentioning = [...paths].filter((path) => !isTest(path) && names.some((name) => new RegExp(`\\b${name.getText().replaceAll("$", "\\$")}\\b`).test(input.text(path) ?? "")));
  if (mentioning.length > fileLimit) return undefined;
  mentioning.forEach(load);
  const exported = exportedByPackage(thread, input, paths, load, resolve);
  if (functions.some((one) => !mayChange(morph, one) || isExportOf(exported, one))) return undefined;
  return edits(morph, thread, functions, names);
}

function edits(morph: Morph, thread: Thread, functions: readonly Fn[], names: readonly Node[]): TextEdit[] | undefined {
  const found: TextEdit[] = [];
  let called = false;
  for (const [index, fn] of functions.entries()) {
    const parameter = parameterEdits(morph, fn);
    if (!parameter) return undefined;
    found.push(...parameter);
    for (const use of (names[index] as any).findReferencesAsNodes() as Node[]) {
      if (use === names[index] || isNaming(morph, use)) continue;
      const call = callOf(morph, use);
      // Used as a value: whoever calls it may pass more arguments.
      if (!call) return undefined;
      const isStart = pathOf(call) === thread.call.file && call.getStart() === thread.call.start && call.getEnd() === thread.call.end;
      const within = functions.some((one) => one.getSourceFile() === call.getSourceFile() && one.getStart() < call.getStart() && call.getEnd() <= one.getEnd());
      if (!isStart && (!within || isAside(morph, call))) continue;
      const argument = argumentEdit(morph, call, fn, isStart ? thread.signal : "signal");
      if (!argument) return undefined;
      called ||= isStart;
      found.push(argument);
    }
  }
  return called ? found : undefined;
}

function functionAt(morph: Morph, project: Project, at: Span): Fn | undefined {
  let node: Node | undefined = project.getSourceFile(`/${at.file}`)?.getDescendantAtPos(at.start);
  while (node && !(isFn(morph, node) && node.getStart() === at.start && node.getEnd() === at.end)) node = node.getStart() < at.start ? undefined : node.getParent();
  return node as Fn | undefined;
}

const isFn = ({ Node }: Morph, node: Node): node is Fn =>
  Node.isFunctionDeclaration(node) || Node.isFunctionExpression(node) || Node.isArrowFunction(node) || Node.isMethodDeclaration(node);

/** The identifier by which a function is called. */
function nameOf(fn: Fn): Node | undefined {
  const own = (fn as FunctionDeclaration).getNameNode?.();
  if (own) return own;
  const parent = fn.getParent() as { getNameNode?: () => Node } | undefined;
  return parent?.getNameNode?.();
}

/** False for overloads, implementations of what others declare, and functions that a framework or a type calls. */
function mayChange(morph: Morph, fn: Fn): boolean {
  const { Node } = morph;
  if (Node.isFunctionDeclaration(fn)) return fn.getOverloads().length === 0;
  if (Node.isMethodDeclaration(fn)) {
    const owner = fn.getParent();
    if (Node.isObjectLiteralExpression(owner)) return isPlainObject(morph, owner);
    if (fn.getOverloads().length > 0 || fn.getDecorators().length > 0 || fn.hasOverrideKeyword() || !Node.isClassDeclaration(owner)) return false;
    const bases = [...owner.getImplements(), ...(owner.getExtends() ? [owner.getExtends()!] : [])].map((one) => one.getType());
    return bases.every((type) => !type.isAny() && type.getSymbol() !== undefined && !type.getProperty(fn.getName()));
  }
  const parent = fn.getParent();
  if (Node.isVariableDeclaration(parent)) return parent.getTypeNode() === undefined;
  if (Node.isPropertyAssignment(parent)) return isPlainObject(morph, parent.getParent());
  return Node.isPropertyDeclaration(parent) && parent.getTypeNode() === undefined && parent.getDecorators().length === 0 && implementsNothing(morph, parent.getParent());
}

const implementsNothing = ({ Node }: Morph, owner: Node) => Node.isClassDeclaration(owner) && owner.getImplements().length === 0 && !owner.getExtends();

/** An object that no type describes: the value of a variable without an annotation. */
function isPlainObject({ Node }: Morph, literal: Node): boolean {
  const parent = literal.getParent();
  return (Node.isVariableDeclaration(parent) && parent.getTypeNode() === undefined) || (Node.isAsExpression(parent) && parent.getTypeNode()?.getText() === "const" && Node.isVariableDeclaration(parent.getParent()));
}

function parameterEdits(morph: Morph, fn: Fn): TextEdit[] | undefined {
  const list = fn.getParameters();
  const text = /\.[cm]?jsx?$/.test(pathOf(fn)) ? "signal" : "signal?: AbortSignal";
  if (list.some((one) => one.isRestParameter()) || fn.getDescendantsOfKind(morph.SyntaxKind.Identifier).some((one) => one.getText() === "signal" && !isProperty(morph, one))) return undefined;
  const last = list[list.length - 1];
  const open = fn.getFirstChildByKind(morph.SyntaxKind.OpenParenToken);
  if (!last) return open ? [insert(fn, open.getEnd(), text)] : undefined;
  if (!open) return [insert(fn, last.getStart(), "("), insert(fn, last.getEnd(), `, ${text})`)];
  return [insert(fn, last.getEnd(), `,${gapBefore(last)}${text}`)];
}

const isProperty = ({ Node }: Morph, name: Node) => {
  const parent = name.getParent();
  return (Node.isPropertyAccessExpression(parent) || Node.isPropertyAssignment(parent) || Node.isPropertySignature(parent)) && parent.getNameNode() === name;
};

function argumentEdit({ Node }: Morph, call: CallExpression, fn: Fn, signal: string): TextEdit | undefined {
  const given = call.getArguments();
  const count = fn.getParameters().filter((one) => one.getName() !== "this").length;
  if (given.length > count || given.some((one) => Node.isSpreadElement(one))) return undefined;
  const last = given[given.length - 1];
  const parts = [...Array.from({ length: count - given.length }, () => "undefined"), signal];
  if (!last) return insert(call, call.getEnd() - 1, parts.join(", "));
  const gap = gapBefore(last);
  return insert(call, last.getEnd(), parts.map((one) => `,${gap}${one}`).join(""));
}

/** What separates a list element from the one before it: a blank, or a line break where elements stand on lines of their own. */
function gapBefore(element: Node): string {
  const lead = /(\r?\n)([ \t]*)$/.exec(element.getSourceFile().getFullText().slice(0, element.getStart()));
  return lead ? lead[1]! + lead[2]! : " ";
}

const insert = (node: Node, at: number, text: string): TextEdit => ({ at: { file: pathOf(node), start: at, end: at }, text });
const pathOf = (node: Node) => node.getSourceFile().getFilePath().slice(1);

/** Imports, exports and the declaration itself only name a function. */
function isNaming({ Node }: Morph, use: Node): boolean {
  const parent = use.getParent();
  return Node.isImportSpecifier(parent) || Node.isImportClause(parent) || Node.isExportSpecifier(parent) || Node.isNamespaceImport(parent) || Node.isExportAssignment(parent)
    || (parent as { getNameNode?: () => Node } | undefined)?.getNameNode?.() === use && !Node.isPropertyAccessExpression(parent) && !Node.isShorthandPropertyAssignment(parent);
}

/** The call whose callee a use is: `load(...)` or `orders.load(...)`. */
function callOf({ Node }: Morph, use: Node): CallExpression | undefined {
  const parent = use.getParent();
  const callee = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === use ? parent : use;
  const call = callee.getParent();
  return Node.isCallExpression(call) && call.getExpression() === callee ? call : undefined;
}

/** Calls that finish whatever the caller does: in `catch`, in `finally`, and those nobody waits for. */
function isAside({ Node }: Morph, call: Node): boolean {
  if (Node.isExpressionStatement(call.getParent())) return true;
  return call.getAncestors().some((one) => Node.isCatchClause(one) || Node.isVoidExpression(one) || (Node.isTryStatement(one.getParent()) && (one.getParent() as any).getFinallyBlock() === one));
}

function exportedByPackage(thread: Thread, input: LowerInput, paths: ReadonlySet<string>, load: (path: string) => SourceFile | undefined, resolve: (from: string, name: string) => string | undefined): Set<Node> {
  const found = new Set<Node>();
  const entries = new Set(thread.through.flatMap((one) => entryFiles(one.file, paths, input.text)));
  const open = [...entries];
  const seen = new Set(open);
  for (let path = open.pop(); path !== undefined; path = open.pop())
    for (const one of load(path)?.getExportDeclarations() ?? []) {
      const next = one.getModuleSpecifierValue() === undefined ? undefined : resolve(path, one.getModuleSpecifierValue()!);
      if (next !== undefined && !seen.has(next) && seen.size < fileLimit) seen.add(next), open.push(next);
    }
  for (const path of entries) for (const list of load(path)?.getExportedDeclarations().values() ?? []) for (const one of list) found.add(one);
  return found;
}

/** True for an exported function, and for a member of an exported class or object. */
function isExportOf(exported: ReadonlySet<Node>, fn: Fn): boolean {
  return exported.has(fn) || fn.getAncestors().some((one) => exported.has(one));
}

function manifestsAbove(places: readonly Span[], input: LowerInput): Map<string, string> {
  const manifests = new Map<string, string>();
  for (const { file } of places)
    for (let home = folder(file); ; home = folder(home)) {
      for (const name of ["package.json", "tsconfig.json", "tsconfig.base.json"]) {
        const path = home === "" ? name : `${home}/${name}`;
        const text = manifests.has(path) ? undefined : input.text(path);
        if (text !== undefined) manifests.set(path, text);
      }
      if (home === "") break;
    }
  return manifests;
}
