// Which AbortSignal did this function inherit from its caller? Parameters, options that carry one, and the requests of frameworks. Judges nothing.

import { typeName } from "./binding.ts";
import { ts, type Expression, type FunctionLikeDeclaration, type Identifier, type Node, type ParameterDeclaration } from "./compiler.ts";
import { frameworkSignal, type Since } from "./framework-signal.ts";
import { functionName, runsWithin } from "./outlive.ts";
import { nodes, once, type TsFile } from "./parse.ts";
import { bare, onlyValue, references, visible, type Declaration } from "./scope.ts";
import { isSignalType, signalMember, type Looseness, type SignalMember } from "./signal-type.ts";
import { keyText } from "./value.ts";

/** A signal that reaches a function through its parameters. */
export interface SignalSource extends Looseness {
  readonly function: FunctionLikeDeclaration;
  readonly kind: "parameter" | "option" | "framework";
  /** How it is written: `signal`, `options.signal`, `options?.signal`, `request.signal`. */
  readonly text: string;
  /** The parameter or binding it hangs on, and its name. */
  readonly root: Declaration;
  readonly name: string;
  /** The property that holds it, where it hangs on options or a request. */
  readonly key?: string;
  /** The release of a library from which it exists; without it, it exists as written. */
  readonly since?: Since;
}

/** The inherited signal of the nearest function whose work `node` is part of; undefined where none is in reach. */
export function signalAt(file: TsFile, node: Node): SignalSource | undefined {
  for (let up: Node | undefined = node.parent; up; up = up.parent) {
    const sources = ts.isFunctionLike(up) ? sourcesOf(file, up as FunctionLikeDeclaration) : [];
    for (const one of sources) if (inBody(one.function, node) && visible(file, node, one.name) === one.root) return runsWithin(file, node, one.function) ? one : undefined;
  }
  return undefined;
}

const inBody = (fn: FunctionLikeDeclaration, node: Node) => fn.body !== undefined && node.pos >= fn.body.pos && node.end <= fn.body.end;

/** The signals that a function inherits, the most explicit first. */
export function sourcesOf(file: TsFile, fn: FunctionLikeDeclaration): readonly SignalSource[] {
  const table = once(file, sourcesOf, () => new Map<Node, readonly SignalSource[]>());
  let found = table.get(fn);
  if (!found) table.set(fn, (found = fn.body ? [...fromParameters(file, fn)] : []));
  return found;
}

function* fromParameters(file: TsFile, fn: FunctionLikeDeclaration): Iterable<SignalSource> {
  for (const parameter of fn.parameters) {
    if (parameter.dotDotDotToken) continue;
    const found = ts.isIdentifier(parameter.name) ? ofName(file, fn, parameter, parameter.name) : ts.isObjectBindingPattern(parameter.name) ? ofPattern(file, fn, parameter) : undefined;
    if (found) yield found;
  }
  const framework = frameworkSignal(file, fn);
  if (framework) yield { function: fn, kind: "framework", key: "signal", missing: false, nullable: false, ...framework };
}

function ofName(file: TsFile, fn: FunctionLikeDeclaration, parameter: ParameterDeclaration, name: Identifier): SignalSource | undefined {
  const source = { function: fn, root: parameter, name: name.text };
  const missing = parameter.questionToken !== undefined;
  if (parameter.type && parameter.type.kind !== ts.SyntaxKind.AnyKeyword) {
    const own = isSignalType(file, parameter.type);
    if (own) return { ...source, kind: "parameter", text: name.text, missing: (own.missing || missing) && !parameter.initializer, nullable: own.nullable };
    const member = signalMember(file, parameter.type);
    if (member) return { ...source, kind: "option", ...optional(name.text, missing && !parameter.initializer, member) };
    return typeName(file, parameter.type) !== undefined ? readOption(file, source, missing) : undefined;
  }
  if (name.text === "signal") return isUntypedSignal(file, fn, parameter) ? { ...source, kind: "parameter", text: "signal", missing, nullable: false } : undefined;
  return readOption(file, source, missing);
}

const optional = (name: string, missing: boolean, { key, ...member }: SignalMember) => ({ key, text: `${name}${missing ? "?." : "."}${key}`, missing: missing || member.missing, nullable: member.nullable });

/** An options parameter of a type that is not read here: a signal when the function itself treats its `signal` as one. */
function readOption(file: TsFile, source: { function: FunctionLikeDeclaration; root: Declaration; name: string }, missing: boolean): SignalSource | undefined {
  if (!/^(\w*[oO]pt(ion)?s?|init|\w*[cC]onfig|ctx|\w*[cC]ontext|params|args|req|request)$/.test(source.name)) return undefined;
  const read = references(file, source.root, source.name).map((use) => use.parent).filter((one) => ts.isPropertyAccessExpression(one) && one.name.text === "signal");
  return read.some((one) => isSignalUse(one)) ? { ...source, kind: "option", ...optional(source.name, missing, { key: "signal", missing: true, nullable: false }) } : undefined;
}

function ofPattern(file: TsFile, fn: FunctionLikeDeclaration, parameter: ParameterDeclaration): SignalSource | undefined {
  if (!ts.isObjectBindingPattern(parameter.name)) return undefined;
  const keys = parameter.name.elements.map((one) => keyText(one.propertyName ?? one.name));
  const member = parameter.type && signalMember(file, parameter.type);
  const element = parameter.name.elements[keys.findIndex((key) => (member ? key === member.key : key === "signal" || key === "abortSignal"))];
  if (!element || !ts.isIdentifier(element.name) || element.dotDotDotToken) return undefined;
  // `{ code, signal }` is how a child process ended.
  if (!member && (keys.some((key) => /^(code|exitCode|status|killed|pid|stdout|stderr)$/.test(key ?? "")) || (parameter.type && ts.isTypeLiteralNode(parameter.type)) || !plain(file, element, element.name.text))) return undefined;
  const missing = element.initializer ? false : (member?.missing ?? true);
  return { function: fn, kind: "parameter", text: element.name.text, root: element, name: element.name.text, missing, nullable: member?.nullable ?? false };
}

/** A parameter called `signal` without a type: an AbortSignal, or the name of a process signal? */
function isUntypedSignal(file: TsFile, fn: FunctionLikeDeclaration, parameter: Declaration): boolean {
  const uses = references(file, parameter, "signal");
  if (uses.some(isSignalUse)) return plain(file, parameter, "signal");
  const callback = ts.isCallExpression(fn.parent) || ts.isNewExpression(fn.parent);
  if (callback) return ts.isNewExpression(fn.parent) && fn.parent.expression.getText() === "Worker" && fn.parameters.indexOf(parameter as ParameterDeclaration) === 2;
  return !/shut|stop|exit|term|kill|close|quit|drain|signal|clean/i.test(functionName(fn) ?? "handler of a process signal") && plain(file, parameter, "signal");
}

/** True when no use of the name treats it as the name of a process signal, as text, or as something to call. */
function plain(file: TsFile, root: Declaration, name: string): boolean {
  return references(file, root, name).every((use) => {
    const { parent } = use;
    if (ts.isTemplateSpan(parent) || (ts.isCallExpression(parent) && parent.expression === use) || ts.isElementAccessExpression(parent)) return false;
    if (ts.isBinaryExpression(parent)) return !ts.isStringLiteralLike(parent.left) && !ts.isStringLiteralLike(parent.right) && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken;
    if (ts.isPropertyAccessExpression(parent)) return signalMembers.has(parent.name.text);
    return !(ts.isCallExpression(parent) && /^(process\.|log\w*\.|console\.)|\.kill$|^(log|shutdown)/.test(parent.expression.getText()));
  });
}

const signalMembers = new Set(["aborted", "addEventListener", "removeEventListener", "throwIfAborted", "onabort", "reason", "dispatchEvent"]);

/** True when an expression is used as an AbortSignal: its members are, or it is handed on as the property `signal`. */
function isSignalUse(use: Node): boolean {
  const { parent } = use;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) return signalMembers.has(parent.name.text);
  if (ts.isPropertyAssignment(parent)) return keyText(parent.name) === "signal" || keyText(parent.name) === "abortSignal";
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isArrayLiteralExpression(parent)) return ts.isCallExpression(parent.parent) && parent.parent.expression.getText() === "AbortSignal.any";
  return ts.isConditionalExpression(parent) || ts.isBinaryExpression(parent) || ts.isSpreadElement(parent) ? isSignalUse(parent) : false;
}

/** Every place that hands the inherited signal on or asks it: the name itself, whole options, and variables derived from them. */
export function carriers(file: TsFile, source: SignalSource): readonly Node[] {
  const table = once(file, carriers, () => new Map<SignalSource, readonly Node[]>());
  const known = table.get(source);
  if (known) return known;
  const found: Node[] = [];
  const key = source.key ?? "signal";
  const open: { root: Declaration; name: string; option: boolean }[] = [{ root: source.root, name: source.name, option: source.kind !== "parameter" }];
  const seen = new Set<Declaration>();
  for (let one = open.pop(); one; one = open.pop()) {
    if (seen.has(one.root)) continue;
    seen.add(one.root);
    for (const use of references(file, one.root, one.name)) {
      if (one.option && ts.isPropertyAccessExpression(use.parent) && use.parent.name.text !== source.key && use.parent.name.text !== "raw" && use.parent.name.text !== "req") continue;
      found.push(use);
      const declared = derived(use);
      if (declared) for (const name of boundNames(declared, one.option ? key : undefined)) open.push({ ...name, option: false });
    }
  }
  table.set(source, found);
  return found;
}

/** The variable whose initialiser a use stands in, unless it is handed to a call that is awaited: then the variable is that call's result. */
function derived(use: Node): Node | undefined {
  for (let up: Node = use; ; up = up.parent) {
    const { parent } = up;
    if (!parent || ts.isStatement(parent) || ts.isFunctionLike(parent) || ts.isAwaitExpression(parent)) return undefined;
    if (ts.isVariableDeclaration(parent)) return parent.initializer === up ? parent : undefined;
  }
}

function boundNames(declared: Node, key: string | undefined): { root: Declaration; name: string }[] {
  if (!ts.isVariableDeclaration(declared)) return [];
  if (ts.isIdentifier(declared.name)) return [{ root: declared, name: declared.name.text }];
  return declared.name.elements.flatMap((one) =>
    ts.isBindingElement(one) && ts.isIdentifier(one.name) && (key === undefined || one.dotDotDotToken || keyText(one.propertyName ?? one.name) === key) ? [{ root: one, name: one.name.text }] : []);
}

/** True when a subtree hands the inherited signal on or asks it. */
export function carries(file: TsFile, node: Node, source: SignalSource): boolean {
  return carriers(file, source).some((one) => one.pos >= node.pos && one.end <= node.end);
}

/** The shortest way to write the inherited signal at a place: a variable that holds just it, or the source as it is. */
export function writtenAt(file: TsFile, node: Node, source: SignalSource): string {
  if (source.kind === "parameter") return source.text;
  for (const use of carriers(file, source)) {
    const declared = derived(use);
    if (!declared || !ts.isVariableDeclaration(declared) || declared.end > node.pos || !declared.initializer) continue;
    const whole = bare(declared.initializer);
    if (ts.isIdentifier(declared.name) && ts.isPropertyAccessExpression(whole) && whole.expression === use && onlyValue(file, declared) && visible(file, node, declared.name.text) === declared) return declared.name.text;
    if (!ts.isObjectBindingPattern(declared.name) || whole !== use) continue;
    const bound = declared.name.elements.find((one) => ts.isIdentifier(one.name) && keyText(one.propertyName ?? one.name) === source.key && !one.initializer && visible(file, node, one.name.text) === one);
    if (bound) return bound.name.getText();
  }
  return source.text;
}

/** True when a condition around `node` asks the inherited signal: the author treats both cases. */
export function askedAround(file: TsFile, node: Node, source: SignalSource): boolean {
  for (let up: Node = node; up && up !== source.function; up = up.parent) {
    const { parent } = up;
    const test: Expression | undefined = ts.isIfStatement(parent) ? parent.expression : ts.isConditionalExpression(parent) ? parent.condition : ts.isBinaryExpression(parent) ? parent.left : undefined;
    if (test && test !== up && carries(file, test, source)) return true;
  }
  return false;
}

/** Every function of a file that inherits a signal. */
export function signalFunctions(file: TsFile): readonly FunctionLikeDeclaration[] {
  const { SyntaxKind } = ts;
  return [SyntaxKind.FunctionDeclaration, SyntaxKind.FunctionExpression, SyntaxKind.ArrowFunction, SyntaxKind.MethodDeclaration]
    .flatMap((kind) => nodes<FunctionLikeDeclaration>(file, kind)).filter((one) => sourcesOf(file, one).length > 0);
}
