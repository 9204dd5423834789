// Fact: how long this process may take to stop before it ends itself: a timer that exits, a pause before closing, or a library's limit. In ms.

import { shutdownLibraries, type ShutdownLibrary } from "./shutdown-handler.ts";
import { stopAround } from "./stop-function.ts";
import { timerCall, watches } from "./timer-call.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type AwaitExpression, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import { apply, asNumber } from "../../engine/value.ts";
import type { Fact, FactKind, Value } from "../../engine/types.ts";

/** The library is named where its default holds. */
export type DrainTime = Value<number> & { readonly library?: string };

const rows = shutdownLibraries.filter((row) => row.drain);
const packages = rows.map((row) => row.package);

export const drainTime: FactKind<DrainTime> = {
  id: "drain-time",
  title: "Time a shutdown may take",
  ts: {
    lazy: true,
    mentions: [["setTimeout", ...packages], ["SIGTERM", "SIGINT", "process.on", "hutdown", "hutDown", "hut_down", "raceful", "erminat", "stop", "Stop", ...packages]],
    *find(file) {
      if (file.context.tool) return;
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const known = fromLibrary(file, call) ?? fromTimer(file, call);
        if (known) yield { at: span(call), value: known };
      }
      yield* pauses(file);
    },
  },
};

function fromLibrary(file: TsFile, call: CallExpression): DrainTime | undefined {
  const name = canonical(file, call.expression);
  const row = name === undefined ? undefined : rows.find((one) => name === `${one.package}#${one.drain!.call}`);
  return row && limitOf(file, call, row);
}

function limitOf(file: TsFile, call: CallExpression, { package: library, drain }: ShutdownLibrary): DrainTime | undefined {
  const { argument, option: key, default: usual, before } = drain!;
  const given = call.arguments[argument];
  if (key === undefined) return given && asNumber(value(file, given));
  // `closeWithGrace(close)` and the like: no options at all.
  const options = given && functionOf(file, given) ? undefined : given;
  const own = option(file, options, key);
  const first = before && option(file, options, before.option);
  if (own.is === "unknown" || first?.is === "unknown") return { unknown: "options are not read" };
  if (own.is === "absent" && first?.is !== "present") return usual === undefined ? undefined : { known: usual + (before?.default ?? 0), by: "default", from: [span(call)], library };
  const ms = own.is === "present" ? asNumber(apply("duration", [own.value], [span(own.node)])) : fixed(usual ?? 0);
  return before ? asNumber(apply("+", [first?.is === "present" ? asNumber(first.value) : fixed(before.default), ms], [span(call)])) : ms;
}

const fixed = (known: number): Value<number> => ({ known, by: "text", from: [] });

/** A timer of the shutdown that ends the process, with the pauses before it is set. */
function fromTimer(file: TsFile, call: CallExpression): DrainTime | undefined {
  const stop = /setTimeout$/.test(call.expression.getText()) ? stopAround(file, call) : undefined;
  const timer = stop && timerCall(file, call);
  if (!stop || !timer || timer.repeats || !call.arguments[0] || !(watches(file, timer) === "exits" || /^process\.exit(\.bind\(.*\))?$/s.test(call.arguments[0].getText()))) return undefined;
  const before = awaited(file, stop).filter((one) => one.node.end < call.pos).map((one) => one.ms);
  const own = asNumber(value(file, call.arguments[1]));
  return before.length === 0 ? own : asNumber(apply("+", [own, ...before], [span(call)]));
}

/** Pauses of a shutdown that no timer ends: it takes at least as long. */
function* pauses(file: TsFile): Iterable<Fact<DrainTime>> {
  const seen = new Set<FunctionLikeDeclaration>();
  for (const one of nodes<AwaitExpression>(file, ts.SyntaxKind.AwaitExpression)) {
    const stop = stopAround(file, one);
    if (!stop || seen.has(stop)) continue;
    seen.add(stop);
    const all = awaited(file, stop);
    const exits = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).some((call) => stopAround(file, call) === stop && fromTimer(file, call) !== undefined);
    if (all.length === 0 || exits) continue;
    yield { at: span(all[0]!.node), value: all.length === 1 ? all[0]!.ms : asNumber(apply("+", all.map((each) => each.ms), [span(all[0]!.node)])) };
  }
}

interface Pause { readonly node: Node; readonly ms: Value<number> }

/** `await new Promise((r) => setTimeout(r, ms))`, `await setTimeout(ms)` of timers/promises, and calls of functions of this file that do so. Not what stands in branches. */
function awaited(file: TsFile, stop: FunctionLikeDeclaration): readonly Pause[] {
  return nodes<AwaitExpression>(file, ts.SyntaxKind.AwaitExpression).flatMap((one) => {
    const certain = enclosingFunction(one) === stop && ts.isExpressionStatement(one.parent) && (one.parent.parent === stop.body || (ts.isBlock(one.parent.parent) && ts.isTryStatement(one.parent.parent.parent) && one.parent.parent.parent.parent === stop.body));
    const ms = certain ? pauseOf(file, one.expression) : undefined;
    return ms ? [{ node: one, ms: asNumber(ms) }] : [];
  });
}

function pauseOf(file: TsFile, node: Expression): Value<unknown> | undefined {
  const expr = bare(node);
  if (ts.isNewExpression(expr) && expr.expression.getText() === "Promise") return timerOf(file, expr.arguments?.[0])?.delay;
  if (!ts.isCallExpression(expr) || !expr.arguments[0]) return undefined;
  if (canonical(file, expr.expression) === "timers/promises#setTimeout") return value(file, expr.arguments[0]);
  const fn = functionOf(file, expr.expression);
  const body = fn && fn.body && (ts.isBlock(fn.body) ? fn.body.statements.length === 1 && ts.isReturnStatement(fn.body.statements[0]!) ? fn.body.statements[0].expression : undefined : fn.body);
  const made = body && bare(body);
  const timer = made && ts.isNewExpression(made) && made.expression.getText() === "Promise" ? timerOf(file, made.arguments?.[0]) : undefined;
  return timer && fn!.parameters[0]?.name.getText() === timer.text ? value(file, expr.arguments[0]) : undefined;
}

/** The timer whose callback settles a promise. */
function timerOf(file: TsFile, executor: Expression | undefined): { readonly delay: Value<unknown>; readonly text: string } | undefined {
  const fn = functionOf(file, executor);
  const resolve = fn?.parameters[0]?.name.getText();
  const body = fn?.body && (ts.isBlock(fn.body) ? fn.body.statements.length === 1 && ts.isExpressionStatement(fn.body.statements[0]!) ? fn.body.statements[0].expression : undefined : fn.body);
  const timer = body && timerCall(file, body);
  const [callback, delay] = timer?.call.arguments ?? [];
  if (!timer || timer.repeats || !callback || !delay || callback.getText() !== resolve) return undefined;
  return { delay: value(file, delay), text: delay.getText() };
}
