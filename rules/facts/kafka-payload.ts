// Question: what does a Kafka handler do with what it is given: its heartbeat, its offsets, the whole payload? Reads one function.

import type { KafkaHandler } from "./kafka-handler.ts";
import { ts, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { once, type TsFile } from "../../engine/typescript/parse.ts";
import { references, type Declaration } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";

export interface KafkaPayload {
  /** Uses of a part: `heartbeat` or `payload.heartbeat`. */
  uses(part: string): readonly Node[];
  /** Places where the payload, or what is left of it, is handed on as a whole. */
  readonly whole: readonly Node[];
  /** How a part is written in the handler; undefined where it would have to be taken first. */
  readonly written: (part: string) => string | undefined;
}

/** The payload of a handler. */
export function payloadOf(file: TsFile, fn: FunctionLikeDeclaration): KafkaPayload {
  const known = once(file, payloadOf, () => new Map<FunctionLikeDeclaration, KafkaPayload>());
  let found = known.get(fn);
  if (!found) known.set(fn, (found = read(file, fn)));
  return found;
}

function read(file: TsFile, fn: FunctionLikeDeclaration): KafkaPayload {
  const parts = new Map<string, Node[]>();
  const names = new Map<string, string>();
  const whole: Node[] = [];
  const add = (part: string, uses: readonly Node[]) => void parts.set(part, [...(parts.get(part) ?? []), ...uses]);
  const open: { declared: Declaration; name: Node }[] = fn.parameters[0] ? [{ declared: fn.parameters[0], name: fn.parameters[0].name }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    if (ts.isIdentifier(one.name)) {
      for (const use of references(file, one.declared, one.name.text)) {
        const { parent } = use;
        if (ts.isPropertyAccessExpression(parent)) add(parent.name.text, [parent]);
        else if (ts.isVariableDeclaration(parent) && parent.initializer === use && !ts.isIdentifier(parent.name)) open.push({ declared: parent, name: parent.name });
        else whole.push(use);
      }
      continue;
    }
    if (!ts.isObjectBindingPattern(one.name)) continue;
    for (const element of one.name.elements) {
      if (element.dotDotDotToken) open.push({ declared: element, name: element.name });
      else if (ts.isIdentifier(element.name)) {
        const part = keyText(element.propertyName ?? element.name);
        if (part !== undefined) names.set(part, element.name.text), add(part, references(file, element, element.name.text));
      }
    }
  }
  const first = fn.parameters[0]?.name;
  const written = (part: string) => (first && ts.isIdentifier(first) ? `${first.text}.${part}` : names.get(part));
  return { uses: (part) => parts.get(part) ?? [], whole, written };
}

/** The call that a use of a part is the callee of. */
export function callOf(use: Node): Node | undefined {
  return ts.isCallExpression(use.parent) && use.parent.expression === use ? use.parent : undefined;
}

/** Parts that only keep the books: awaiting them is no work. */
export const bookkeeping = ["heartbeat", "resolveOffset", "commitOffsetsIfNecessary", "uncommittedOffsets", "isRunning", "isStale", "pause"] as const;

/** True when a call does nothing but keep the books. */
export function keepsBooks(file: TsFile, handler: { readonly function: FunctionLikeDeclaration }, call: Node): boolean {
  if (!ts.isCallExpression(call)) return false;
  const payload = payloadOf(file, handler.function);
  return bookkeeping.some((part) => payload.uses(part).some((use) => callOf(use) === call)) || /\.(commitOffsets|pause|resume)$/.test(call.expression.getText());
}

export type LocalHandler = KafkaHandler & { readonly function: FunctionLikeDeclaration };
