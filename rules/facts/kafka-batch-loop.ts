// Fact: a loop of an `eachBatch` handler that awaits work and gives the consumer no sign of life.

import type { KafkaSource } from "./kafka-client.ts";
import { callsOf, calledFunction, kafkaHandlerMentions, kafkaHandlers } from "./kafka-handler.ts";
import { callOf, keepsBooks, payloadOf, type LocalHandler } from "./kafka-payload.ts";
import { ts, type Node, type Statement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { visible } from "../../engine/typescript/scope.ts";
import type { Edit, FactKind, Ref } from "../../engine/types.ts";

export interface KafkaBatchLoop {
  readonly of: KafkaSource;
  readonly consumer?: Ref;
  /** Sends a heartbeat after each turn. */
  readonly edits?: readonly Edit[];
}

type Loop = Statement & { readonly statement: Statement; readonly awaitModifier?: Node };

export const kafkaBatchLoop: FactKind<KafkaBatchLoop> = {
  id: "kafka-batch-loop",
  title: "Loop of a Kafka batch",
  ts: {
    mentions: kafkaHandlerMentions,
    *find(file) {
      for (const handler of kafkaHandlers(file)) {
        if (handler.kind !== "eachBatch" || !handler.function) continue;
        const local = handler as LocalHandler;
        const loop = loopsOf(file, local).find((one) => !isAlive(file, local, one));
        if (!loop) continue;
        const edits = heartbeat(file, local, loop);
        const start = loop.getStart();
        const head = file.text.slice(start, loop.statement.getStart()).split(/\r?\n/, 1)[0]!.trimEnd();
        yield { at: { file: "", start, end: start + head.length }, value: { of: handler.of, ...(handler.consumer ? { consumer: handler.consumer } : {}), ...(edits ? { edits } : {}) } };
      }
    },
  },
};

/** The outermost loops of a handler in which it waits for work. */
function loopsOf(file: TsFile, handler: LocalHandler): readonly Loop[] {
  const { SyntaxKind } = ts;
  const found: Loop[] = [];
  for (const kind of [SyntaxKind.ForOfStatement, SyntaxKind.ForStatement, SyntaxKind.ForInStatement, SyntaxKind.WhileStatement, SyntaxKind.DoStatement])
    for (const loop of nodes<Loop>(file, kind)) {
      if (enclosingFunction(loop) !== handler.function || /attempt|retr(y|ies)|\btries\b/i.test(file.text.slice(loop.getStart(), loop.statement.getStart()))) continue;
      if (loop.awaitModifier || nodes(file, SyntaxKind.AwaitExpression).some((one) => within(one, loop) && enclosingFunction(one) === handler.function && isWork(file, handler, one))) found.push(loop);
    }
  return found.filter((loop) => !found.some((other) => other !== loop && within(loop, other))).sort((a, b) => a.pos - b.pos);
}

const within = (node: Node, outer: Node) => node.pos >= outer.pos && node.end <= outer.end;

function isWork(file: TsFile, handler: LocalHandler, awaited: Node): boolean {
  return ts.isAwaitExpression(awaited) && !keepsBooks(file, handler, awaited.expression);
}

/** True when the loop shows that it is alive, stops in time, or hands that to code that may do it. */
function isAlive(file: TsFile, handler: LocalHandler, loop: Node): boolean {
  const payload = payloadOf(file, handler.function);
  for (const part of ["heartbeat", "pause", "isRunning", "isStale"])
    for (const use of payload.uses(part)) {
      const call = callOf(use);
      if (within(use, loop) || !call || enclosingFunction(call) !== handler.function) return true;
    }
  if (payload.whole.some((use) => mayBeat(file, use))) return true;
  return callsOf(file, handler.function).some((call) => /heartbeat|isRunning|isStale/.test(enclosingFunction(call)?.getText() ?? ""));
}

/** What is given the whole payload may send heartbeats, unless it is a function of this file that does not. */
function mayBeat(file: TsFile, use: Node, depth = 0): boolean {
  const call = use.parent;
  const target = ts.isCallExpression(call) && call.arguments[0] === use && depth < 4 ? calledFunction(file, call.expression) : undefined;
  if (!target || /heartbeat|isRunning|isStale|pause|arguments/.test(target.getText())) return true;
  return payloadOf(file, target).whole.some((one) => mayBeat(file, one, depth + 1));
}

function heartbeat(file: TsFile, { function: fn }: LocalHandler, loop: Loop): readonly Edit[] | undefined {
  const body = loop.statement;
  if (!ts.isBlock(body)) return undefined;
  const last = body.statements[body.statements.length - 1];
  const parameter = fn.parameters[0];
  if (!last || !parameter || ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isBreakStatement(last) || ts.isContinueStatement(last)) return undefined;
  const edits: Edit[] = [];
  let name = payloadOf(file, fn).written("heartbeat");
  if (name === undefined) {
    if (!ts.isObjectBindingPattern(parameter.name) || visible(file, last, "heartbeat")) return undefined;
    const element = parameter.name.elements[parameter.name.elements.length - 1];
    if (!element || element.dotDotDotToken || (parameter.type && ts.isTypeLiteralNode(parameter.type))) return undefined;
    name = "heartbeat";
    const broken = file.text.slice(parameter.name.getStart(), element.getStart()).includes("\n");
    edits.push({ at: { file: "", start: element.end, end: element.end }, text: `,${broken ? lineBreak(file) + indentOf(file, element.getStart()) : " "}${name}` });
  }
  const end = last.getText().endsWith(";") || (last.getText().endsWith("}") && /;[ \t]*\r?\n/.test(file.text)) ? ";" : "";
  edits.push({ at: { file: "", start: last.end, end: last.end }, text: `${lineBreak(file)}${indentOf(file, last.getStart())}await ${name}()${end}` });
  return edits;
}
