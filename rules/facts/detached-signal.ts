// Question: which signals are made in a function that inherited one, reach a call, and know nothing of the inherited one?

import { sinks } from "./signal-sink.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type BinaryExpression, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { outlives } from "../../engine/typescript/outlive.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { assignments, bare, declaration, references, visible } from "../../engine/typescript/scope.ts";
import { askedAround, carries, signalAt, writtenAt, type SignalSource } from "../../engine/typescript/signal.ts";
import type { Edit, Span } from "../../engine/types.ts";

export interface DetachedSignal {
  /** Where it is made. */
  readonly at: Span;
  /** `AbortController`, `AbortSignal.timeout()`. */
  readonly made: string;
  /** How the inherited signal is written where the call stands. */
  readonly inherited: string;
  /** Combines both at the call. */
  readonly edits: readonly Edit[] | undefined;
}

/** Signals of a file that cut off the inherited one. */
export function* detachedSignals(file: TsFile): Iterable<DetachedSignal> {
  const seen = new Map<Node, { inherited: string; edits: Edit[] }>();
  for (const sink of sinks(file)) {
    const source = sink.signal && signalAt(file, sink.call);
    if (!sink.signal || !source || source.kind === "framework" || carries(file, sink.signal, source) || outlives(file, sink.call, source.function)) continue;
    const origins = originsOf(file, sink.signal);
    if (!origins || origins.length === 0 || isLinked(file, source, origins, sink.call)) continue;
    const inherited = writtenAt(file, sink.call, source);
    const edit = { at: span(sink.signal.parent && ts.isShorthandPropertyAssignment(sink.signal.parent) ? sink.signal.parent : sink.signal), text: combined(sink.signal, inherited, source, sink.key) };
    for (const one of origins) {
      const known = seen.get(one) ?? { inherited, edits: [] };
      if (!known.edits.some((other) => "at" in other && other.at.start === edit.at.start)) known.edits.push(edit);
      seen.set(one, known);
    }
  }
  for (const [node, { inherited, edits }] of seen) yield { at: span(node), made: ts.isNewExpression(node) ? "AbortController" : "AbortSignal.timeout()", inherited, edits };
}

function combined(signal: Expression, inherited: string, source: SignalSource, key: string): string {
  const own = signal.getText();
  const both = `AbortSignal.any([${inherited}, ${own}])`;
  const text = source.missing || source.nullable ? `${inherited} ? ${both} : ${own}` : both;
  return ts.isShorthandPropertyAssignment(signal.parent) ? `${key}: ${text}` : text;
}

/** The expressions that make the parts of a signal; undefined when one of them cannot be told. */
function originsOf(file: TsFile, signal: Expression): Expression[] | undefined {
  const found: Expression[] = [];
  const open: Expression[] = [signal];
  for (let step = 0; open.length > 0; step++) {
    const expr = bare(open.pop()!);
    if (step > 40) return undefined;
    if (ts.isCallExpression(expr) && canonical(file, expr.expression) === "#AbortSignal.timeout") found.push(expr);
    else if (ts.isCallExpression(expr) && canonical(file, expr.expression) === "#AbortSignal.any" && expr.arguments[0] && ts.isArrayLiteralExpression(expr.arguments[0])) open.push(...expr.arguments[0].elements);
    else if (ts.isConditionalExpression(expr)) open.push(expr.whenTrue, expr.whenFalse);
    else if (ts.isBinaryExpression(expr) && isFallback(expr)) open.push(expr.left, expr.right);
    else if (ts.isNewExpression(expr) && canonical(file, expr.expression) === "#AbortController") found.push(expr);
    else if (ts.isPropertyAccessExpression(expr) && expr.name.text === "signal") open.push(expr.expression);
    else if (ts.isIdentifier(expr)) {
      const values = valuesOf(file, expr);
      if (!values) return expr.text === "undefined" ? found : undefined;
      open.push(...values);
    } else return undefined;
  }
  return found;
}

const isFallback = (expr: BinaryExpression) => expr.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || expr.operatorToken.kind === ts.SyntaxKind.BarBarToken;

/** Everything a local variable may hold; of `const { signal } = new AbortController()` the controller. */
function valuesOf(file: TsFile, name: Expression): Expression[] | undefined {
  const declared = ts.isIdentifier(name) ? declaration(file, name) : undefined;
  if (!declared) return undefined;
  if (ts.isVariableDeclaration(declared) && ts.isIdentifier(declared.name)) return [...(declared.initializer ? [declared.initializer] : []), ...assignments(file, declared)];
  if (!ts.isBindingElement(declared) || !ts.isVariableDeclaration(declared.parent.parent) || !declared.parent.parent.initializer) return undefined;
  const key = declared.propertyName ?? declared.name;
  return ts.isIdentifier(key) && key.text === "signal" && !declared.initializer ? [declared.parent.parent.initializer] : undefined;
}

/** True when the function treats both signals together anywhere, or the new one is made for a case in which there is no other. */
function isLinked(file: TsFile, source: SignalSource, origins: readonly Expression[], call: CallExpression): boolean {
  const inside = (node: Node) => node.pos >= source.function.pos && node.end <= source.function.end;
  if (askedAround(file, call, source)) return true;
  // A controller of the module or of another function has a life of its own; a parameter's default value is no second signal.
  if (origins.some((one) => !source.function.body || one.pos < source.function.body.pos || one.end > source.function.body.end || askedAround(file, one, source))) return true;
  for (const one of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    if (!inside(one)) continue;
    const name = ts.isPropertyAccessExpression(one.expression) ? one.expression.name.text : one.expression.getText();
    if (name === "any" && one.arguments.some((argument) => carries(file, argument, source))) return true;
    if (name === "addEventListener" && carries(file, one.expression, source)) return true;
    if (/abort|link|chain|combine|merge|any|forward|follow|compose|signal/i.test(name) && one.arguments.some((argument) => carries(file, argument, source))) return true;
    if (name === "abort" && askedAround(file, one, source)) return true;
    if (one.arguments.length > 1 && one.arguments.some((argument) => carries(file, argument, source)) && one.arguments.some((argument) => uses(file, argument, origins))) return true;
  }
  return nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression).some((one) => inside(one) && ts.isPropertyAccessExpression(one.left) && one.left.name.text === "onabort" && carries(file, one.left, source));
}

/** True when a subtree makes one of the signals, or names the variable that holds it. */
function uses(file: TsFile, node: Node, origins: readonly Expression[]): boolean {
  const within = (one: Node) => one.pos >= node.pos && one.end <= node.end;
  return origins.some((one) => {
    if (within(one)) return true;
    const owner = one.parent;
    return ts.isVariableDeclaration(owner) && ts.isIdentifier(owner.name) && visible(file, node, owner.name.text) === owner && references(file, owner, owner.name.text).some(within);
  });
}
