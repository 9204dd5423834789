// Fact: what a function waits for: calls over the network with their limits, pauses, and functions of the workspace. Adds nothing up.

import { awaitOf } from "./await-of.ts";
import { calleeRef } from "./callee.ts";
import { limitMs } from "./http-limit-ms.ts";
import { clientUseAt, type ClientUse } from "./http-client.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { FactKind, Ref, Span, Value } from "../../engine/types.ts";

export interface WorkStep {
  readonly at: Span;
  /** What a reader calls it. */
  readonly what: string;
  /** A call of an HTTP client: whether it is limited, its own fact tells. */
  readonly http?: true;
  /** The made client that the call is made with. */
  readonly client?: Ref;
  /** The longest it can take, in ms, where the text limits it. */
  readonly ms?: Value<number>;
  /** A function, or a method of something that another module makes. */
  readonly target?: Ref;
  /** Start offsets of arguments that are plain names: what is handed on. */
  readonly given: readonly number[];
  /** Not under a condition. */
  readonly certain: boolean;
  /** Steps with the same number run side by side. */
  readonly group?: number;
  /** Turns of loops with a known number of turns. */
  readonly times: number;
}

export interface AwaitedWork {
  readonly steps: readonly WorkStep[];
  /** The text speaks of heartbeats. */
  readonly beats: boolean;
}

export const awaitedWork: FactKind<AwaitedWork> = {
  id: "awaited-work",
  title: "Work that a function waits for",
  named: true,
  ts: {
    // Read where a call leads.
    mentions: [],
    deferred: true,
    *find(file) {
      for (const [fn, steps] of stepsByFunction(file)) if (isOfModule(fn)) yield { at: span(fn), value: { steps, beats: /heartbeat/i.test(fn.getText()) } };
    },
  },
};

/** What a function waits for, in the order of the text. */
export function stepsOf(file: TsFile, fn: FunctionLikeDeclaration): readonly WorkStep[] {
  return stepsByFunction(file).get(fn) ?? [];
}

function stepsByFunction(file: TsFile): ReadonlyMap<FunctionLikeDeclaration, readonly WorkStep[]> {
  return once(file, stepsByFunction, () => {
    const table = new Map<FunctionLikeDeclaration, WorkStep[]>();
    for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
      for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
        const waits = awaitOf(file, call);
        const found = waits && stepOf(file, call, clientUseAt(file, call));
        if (!found) continue;
        const step: WorkStep = { at: { file: "", start: call.getStart(), end: call.expression.end }, given: given(call), certain: waits.certain, times: waits.times, ...(waits.group === undefined ? {} : { group: waits.group }), ...found };
        table.set(waits.owner, [...(table.get(waits.owner) ?? []), step]);
      }
    return table;
  });
}

type Found = Pick<WorkStep, "what" | "http" | "client" | "ms" | "target">;

function stepOf(file: TsFile, call: CallExpression | NewExpression, use: ClientUse | undefined): Found | undefined {
  if (use && !use.row.instance && !use.row.new) {
    const ms = limitMs(file, use);
    return { what: ts.isCallExpression(call) ? calleeText(call) : use.client, http: true, ...(ms ? { ms } : {}), ...(use.maker ? { client: { name: "", start: use.maker.getStart() } } : {}) };
  }
  const pause = pauseOf(file, call);
  if (pause) return { what: ts.isCallExpression(call) ? calleeText(call) : "This pause", ms: asNumber(value(file, pause)) };
  const target = ts.isCallExpression(call) ? calleeRef(file, call) : undefined;
  return target && ts.isCallExpression(call) && /^[.@~#]|^src\//.test(target.module ?? ".") ? { what: calleeText(call), target } : undefined;
}

/** Milliseconds of `new Promise((done) => setTimeout(done, ms))`, of `setTimeout` of timers/promises and of `sleep(ms)`. */
function pauseOf(file: TsFile, call: CallExpression | NewExpression): Expression | undefined {
  const [first] = call.arguments ?? [];
  const name = canonical(file, call.expression);
  if (ts.isCallExpression(call)) return name === "timers/promises#setTimeout" || /(^|\.)(sleep|delay|wait)(Ms|For)?$/.test(call.expression.getText()) ? first : undefined;
  const body = name === "#Promise" && first && ts.isArrowFunction(bare(first)) ? (bare(first) as FunctionLikeDeclaration) : undefined;
  const done = body?.parameters[0]?.name.getText();
  return nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).find((one) => body && one.pos >= body.pos && one.end <= body.end && canonical(file, one.expression) === "#setTimeout" && one.arguments[0]?.getText() === done)?.arguments[1];
}

const given = (call: CallExpression | NewExpression) => (call.arguments ?? []).filter((one) => ts.isIdentifier(one)).map((one) => one.getStart());

/** Declared by the module itself, or by a class or an object of it: what another module can name. */
function isOfModule(fn: FunctionLikeDeclaration): boolean {
  for (let up: Node = fn.parent; !ts.isSourceFile(up); up = up.parent) if (ts.isFunctionLike(up) || ts.isCallExpression(up) || ts.isBlock(up)) return false;
  return true;
}
