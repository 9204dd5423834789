// Fact: a call that could carry the signal its function inherited, and does not. Whether the callee takes one is for linking to tell.

import type { Passable } from "./async-function.ts";
import { calleeRef } from "./callee.ts";
import { shapeOf } from "./call-shape.ts";
import { sinks } from "./signal-sink.ts";
import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import type { Since } from "../../engine/typescript/framework-signal.ts";
import { calleeText, outlives } from "../../engine/typescript/outlive.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { askedAround, carriers, carries, signalAt, signalFunctions, writtenAt, type SignalSource } from "../../engine/typescript/signal.ts";
import type { FactKind, Span } from "../../engine/types.ts";

export interface SignalGap extends Passable {
  readonly call: Span;
  /** How the inherited signal is written there. */
  readonly signal: string;
  /** The library that gives the handler its signal, and the release from which it does. */
  readonly given?: Since;
  readonly nullable: boolean;
  /** The function asks between its calls whether the signal is aborted. */
  readonly polls: boolean;
}

export const signalGap: FactKind<SignalGap> = {
  id: "signal-gap",
  title: "Call without the inherited signal",
  ts: {
    serverOnly: true,
    mentions: [["signal", "Signal", "RequestInit", "fastify", "nice-grpc", "@connectrpc/connect", "@bufbuild/connect"]],
    *find(file) {
      if (signalFunctions(file).length === 0) return;
      const known = new Map(sinks(file).map((one) => [one.call, one]));
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const source = signalAt(file, call);
        const sink = known.get(call);
        if (!source || (sink && sink.given !== "absent")) continue;
        const target = sink ? undefined : calleeRef(file, call);
        if ((!sink && !target) || isCovered(file, call, source)) continue;
        const slot = sink && { index: sink.index, key: sink.key, ...(sink.since ? { since: sink.since } : {}) };
        yield {
          at: calleeSpan(call),
          value: {
            callee: calleeText(call), call: span(call), shape: shapeOf(file, call), signal: writtenAt(file, call, source), nullable: source.nullable, polls: polls(file, source),
            ...(source.since ? { given: source.since } : {}), ...(slot ? { slot } : {}), ...(target ? { target } : {}),
          },
        };
      }
    },
  },
};

/** The name that is called, on one line. */
function calleeSpan(call: CallExpression): Span {
  const { expression } = call;
  return /\n/.test(expression.getText()) && ts.isPropertyAccessExpression(expression) ? span(expression.name) : span(expression);
}

/** The call gets the signal in some way, is raced against it, stands in a branch that asks it, or may outlive it. */
function isCovered(file: TsFile, call: CallExpression, source: SignalSource): boolean {
  if (call.arguments.some((one) => carries(file, one, source)) || carries(file, call.expression, source)) return true;
  if (outlives(file, call, source.function) || askedAround(file, call, source)) return true;
  for (let up: Node = call; !ts.isStatement(up) && !ts.isFunctionLike(up) && up !== source.function; up = up.parent) {
    const { parent } = up;
    if (ts.isCallExpression(parent) && parent.arguments.some((one) => one !== up && carries(file, one, source))) return true;
    if (ts.isArrayLiteralExpression(parent) && /\brace$/.test(ts.isCallExpression(parent.parent) ? parent.parent.expression.getText() : "") && carries(file, parent, source)) return true;
  }
  return false;
}

/** `signal.aborted` or `signal.throwIfAborted()` in the function. */
function polls(file: TsFile, source: SignalSource): boolean {
  return carriers(file, source).some((one) => {
    let { parent } = one;
    if (ts.isPropertyAccessExpression(parent) && parent.name.text === source.key) ({ parent } = parent);
    return ts.isPropertyAccessExpression(parent) && /^(aborted|throwIfAborted)$/.test(parent.name.text);
  });
}
