// Question: which text lets the raced call end itself? Only for calls that take a signal and timers that reject.

import { passing, shapeOf } from "./call-shape.ts";
import { sinks } from "./signal-sink.ts";
import type { FoundTimer } from "./timer-promise.ts";
import { type CallExpression, type Expression } from "../../engine/typescript/compiler.ts";
import type { Since } from "../../engine/typescript/framework-signal.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { signalAt, writtenAt } from "../../engine/typescript/signal.ts";
import type { Fix } from "../../engine/types.ts";

/** The race becomes the call alone, with a signal of the same time. */
export function raceFix(file: TsFile, race: CallExpression, work: Expression, timer: FoundTimer): { readonly fix: Fix; readonly since?: Since } | undefined {
  const call = bare(work);
  const sink = sinks(file).find((one) => one.call === call);
  if (timer.ends !== "rejects" || !timer.written || !timer.timer || !sink || sink.given !== "absent" || /\b(await|yield)\b/.test(timer.written.getText())) return undefined;
  const own = `AbortSignal.timeout(${timer.written.getText()})`;
  const source = signalAt(file, race);
  const inherited = source && source.kind !== "framework" ? writtenAt(file, race, source) : undefined;
  const both = `AbortSignal.any([${inherited}, ${own}])`;
  const signal = !source || inherited === undefined ? own : source.missing || source.nullable ? `${inherited} ? ${both} : ${own}` : both;
  const edit = passing(shapeOf(file, sink.call), sink.index, sink.key, signal);
  if (!edit) return undefined;
  const cut = (start: number, end: number) => ({ at: { file: "", start, end }, text: "" });
  const edits = [cut(race.getStart(), call.getStart()), edit, cut(call.end, race.end)];
  return { fix: { title: "Limit the call with AbortSignal.timeout()", safe: false, edits }, ...(sink.since ? { since: sink.since } : {}) };
}
