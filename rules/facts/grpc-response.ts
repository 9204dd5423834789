// Question: does a grpc-js handler answer its caller on every path, and which text makes it do so? States no fact itself.

import { importSlot } from "../../engine/typescript/import-slot.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { leaksOf } from "../../engine/typescript/release.ts";
import { references, visible } from "../../engine/typescript/scope.ts";
import { deeper, indentUnit, lineEnd } from "../../engine/typescript/wrap.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { grpcHandlerOf } from "./grpc-handler.ts";
import type { Edit } from "../../engine/types.ts";

export interface Unanswered {
  /** The name of the handler, or its parameter list where it has none. */
  readonly at: Node;
  /** What leaves it: a promise that rejects, a throw, or a return without an answer. */
  readonly by: "reject" | "return";
  readonly leaves: Node;
  readonly stream: boolean;
  /** The service is registered in this file: nothing wraps the handler unseen. */
  readonly registered: boolean;
  readonly edits?: readonly Edit[];
}

/** Handlers of a file that leave a caller without an answer. */
export function* unanswered(file: TsFile): Iterable<Unanswered> {
  const { SyntaxKind } = ts;
  for (const kind of [SyntaxKind.MethodDeclaration, SyntaxKind.ArrowFunction, SyntaxKind.FunctionExpression, SyntaxKind.FunctionDeclaration])
    for (const fn of nodes<FunctionLikeDeclaration>(file, kind)) {
      const handler = grpcHandlerOf(file, fn);
      const [call, callback] = fn.parameters;
      if (handler?.function !== fn || handler.library !== "grpc-js" || handler.carrier !== call || !call || fn.parameters.length > 2 || fn.asteriskToken || isWrapped(file, fn)) continue;
      const found = leakOf(file, fn, call.name, callback?.name);
      if (found) yield { at: nameOf(fn), ...found, stream: !callback, registered: /\.addService\s*\(/.test(file.text) };
    }
}

function leakOf(file: TsFile, fn: FunctionLikeDeclaration, call: Node, callback: Node | undefined): Pick<Unanswered, "by" | "leaves" | "edits"> | undefined {
  if (!fn.body || !ts.isIdentifier(call) || (callback && !ts.isIdentifier(callback))) return undefined;
  const isAsync = !!fn.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
  const named = callback as Identifier | undefined;
  const answers: Node[] = named ? [...references(file, named.parent, named.text)] : [];
  const uses = references(file, call.parent, call.text);
  answers.push(...uses.filter(({ parent }) => ts.isPropertyAccessExpression(parent) && /^(emit|destroy|end|pipe)$/.test(parent.name.text)));
  // A stream that is handed on may be ended there, and a check of the call may end it before a return.
  const given = uses.filter(({ parent }) => !ts.isPropertyAccessExpression(parent));
  if (!named) answers.push(...given);
  if (!ts.isBlock(fn.body)) return isAsync ? concise(file, fn.body, named) : undefined;
  const text = named ? answer(file, fn, named.text, false) : answer(file, fn, call.text, true);
  const edits = () => (text ? wrapped(file, fn, text) : undefined);
  const held = (given: readonly Node[]) => leaksOf({ owner: fn, acquired: (named ?? call).parent, releases: given });
  // `callback(null, await find())` answers only when the promise is kept.
  const late = answers.filter((one) => isAwaitedIn(file, one.parent));
  const waiting = late.length > 0 ? held(answers.filter((one) => !late.includes(one))).filter(({ at }) => late.some((one) => within(at, one.parent))) : [];
  for (const leak of [...waiting, ...held(answers)]) {
    const thrown = leak.is === "throw" || ts.isThrowStatement(leak.at);
    // grpc-js catches what a handler throws while it is called.
    if (thrown ? !isAsync : !named) continue;
    if (thrown && named && answers.some((one) => answersBefore(one, fn.body!, leak.at))) continue;
    if (thrown) return { by: "reject", leaves: leak.at, ...withEdits(edits()) };
    // A function without any answer is a stub, or answers in a way that is not seen.
    if (answers.length > 0 && given.every((one) => one.pos > leak.at.end) && ts.isReturnStatement(leak.at)) return { by: "return", leaves: leak.at };
  }
  return undefined;
}

const within = (node: Node, outer: Node) => node.pos >= outer.pos && node.end <= outer.end;

function isAwaitedIn(file: TsFile, outer: Node): boolean {
  return ts.isCallExpression(outer) && nodes(file, ts.SyntaxKind.AwaitExpression).some((one) => within(one, outer));
}

const withEdits = (edits: readonly Edit[] | undefined) => (edits ? { edits } : {});

/** `async (call, callback) => callback(null, await find())`. */
function concise(file: TsFile, body: Expression, callback: Identifier | undefined): Pick<Unanswered, "by" | "leaves"> | undefined {
  const held = nodes(file, ts.SyntaxKind.AwaitExpression).find((one) => within(one, body) && !/\.catch\(/.test(one.getText()));
  return held && callback ? { by: "reject", leaves: held } : undefined;
}

/** The answer is a statement of the body itself: the caller has it, whatever comes after. */
function answersBefore(use: Node, body: Node, leaves: Node): boolean {
  let up: Node = use;
  while (up.parent && (ts.isCallExpression(up.parent) || ts.isExpressionStatement(up.parent))) up = up.parent;
  return ts.isExpressionStatement(up) && up.parent === body && up.end <= leaves.pos;
}

/** Something else may catch what the handler throws: a function around it, a decorator, or a caller of this file. */
function isWrapped(file: TsFile, fn: FunctionLikeDeclaration): boolean {
  if (ts.canHaveDecorators(fn) && ts.getDecorators(fn)?.length) return true;
  for (let up: Node = fn; up.parent && !ts.isSourceFile(up); up = up.parent) {
    const { parent } = up;
    if (ts.isCallExpression(parent) && parent.expression !== up) return !isRegistration(parent);
    if (ts.isFunctionDeclaration(up) || ts.isClassDeclaration(up)) return up.name !== undefined && passedOn(file, up, up.name.text, fn);
    if (ts.isVariableDeclaration(up)) return ts.isIdentifier(up.name) && passedOn(file, up, up.name.text, fn);
    if (ts.isMethodDeclaration(up) && up === fn && isCalled(file, keyText(up.name))) return true;
    if (up !== fn && ts.isFunctionLike(up)) return false;
  }
  return false;
}

/** A name of the handler or of what holds it is an argument of something other than a registration, or is called. */
function passedOn(file: TsFile, declared: Node, name: string, fn: Node): boolean {
  return references(file, declared, name).some((use) => {
    const { parent } = use;
    if (ts.isCallExpression(parent)) return parent.expression === use ? declared === fn || fn.parent === declared : !isRegistration(parent);
    if (ts.isNewExpression(parent) && ts.isCallExpression(parent.parent)) return !isRegistration(parent.parent);
    if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) return ts.isCallExpression(parent.parent.parent) && !isRegistration(parent.parent.parent);
    return ts.isSpreadAssignment(parent);
  });
}

function isRegistration(call: CallExpression): boolean {
  return ts.isPropertyAccessExpression(call.expression) && /^(addService|bind)$/.test(call.expression.name.text);
}

/** `this.name(...)` somewhere: the handler is also a helper. */
function isCalled(file: TsFile, name: string | undefined): boolean {
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).some((one) => ts.isPropertyAccessExpression(one.expression) && one.expression.name.text === name && one.expression.expression.kind === ts.SyntaxKind.ThisKeyword);
}

function nameOf(fn: FunctionLikeDeclaration): Node {
  if (fn.name) return fn.name;
  const { parent } = fn;
  return (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) ? parent.name : fn.parameters[0]!;
}

/** The statement that answers with an error, and the import it needs. */
function answer(file: TsFile, fn: FunctionLikeDeclaration, name: string, stream: boolean): { text: string; edits: readonly Edit[] } | undefined {
  const status = importSlot(file, fn, "@grpc/grpc-js", "status");
  if (!status || name === "error" || visible(file, fn, "error")) return undefined;
  const message = "error instanceof Error ? error.message : String(error)";
  const text = stream ? `${name}.emit("error", { code: ${status.name}.INTERNAL, details: ${message} })` : `${name}({ code: ${status.name}.INTERNAL, message: ${message} })`;
  return { text, edits: status.edit ? [status.edit] : [] };
}

function wrapped(file: TsFile, fn: FunctionLikeDeclaration, { text, edits }: { text: string; edits: readonly Edit[] }): readonly Edit[] | undefined {
  if (!fn.body || !ts.isBlock(fn.body)) return undefined;
  const { statements } = fn.body;
  const [first] = statements;
  const start = fn.body.getStart() + 1;
  const end = first && lineEnd(file, statements[statements.length - 1]!);
  if (!first || end === undefined || !/^[ \t]*\r?\n/.test(file.text.slice(start))) return undefined;
  const unit = indentUnit(file, first);
  const gap = lineBreak(file) + indentOf(file, first.getStart());
  const semicolon = first.getText().endsWith(";") || first.getText().endsWith("}") ? ";" : "";
  const body = deeper(file, { file: "", start, end }, unit);
  return [...edits, { at: { file: "", start, end }, text: `${gap}try {${body}${gap}} catch (error) {${gap}${unit}${text}${semicolon}${gap}}` }];
}
