// Question: how long may a function take at most, by the limits in its text and in the text of what it calls?

import { awaitedWork, type WorkStep } from "./awaited-work.ts";
import { httpCall, type HttpCall } from "./http-call.ts";
import { isUnlimited } from "./http-unlimited.ts";
import type { Facts, Linked, Ref } from "../../engine/types.ts";

/** The time, and the step of the first function that takes most of it. */
export interface WorkTime {
  /** In ms; infinite when a call has no limit. */
  readonly ms: number;
  readonly step?: WorkStep;
  /** What that step takes alone, in ms. */
  readonly most: number;
  /** The call without a limit, or the one that takes longest. */
  readonly call?: { readonly file: string; readonly step: WorkStep; readonly fact?: Linked<HttpCall> };
}

const none: WorkTime = { ms: 0, most: 0 };

/** At least this much time may pass in these steps of a file. What is not known counts as nothing. */
export function workTime(file: string, steps: readonly WorkStep[], facts: Facts, depth = 0): WorkTime {
  const groups = new Map<number, number>();
  let sum = 0;
  let branch = 0;
  let longest: WorkTime = none;
  for (const step of steps) {
    const one = timeOf(file, step, facts, depth);
    if (one.ms === 0) continue;
    const ms = one.ms * step.times;
    if (ms > longest.most) longest = { ...one, most: ms, step };
    if (!step.certain) branch = Math.max(branch, ms);
    else if (step.group !== undefined) groups.set(step.group, Math.max(groups.get(step.group) ?? 0, ms));
    else sum += ms;
  }
  const ms = sum + branch + [...groups.values()].reduce((all, one) => all + one, 0);
  return ms === 0 ? none : { ...longest, ms };
}

function timeOf(file: string, step: WorkStep, facts: Facts, depth: number): WorkTime {
  if (step.ms && "known" in step.ms) return { ms: step.ms.known, most: step.ms.known, call: { file, step } };
  if (step.ms) return none;
  const fact = step.http ? callAt(file, step, facts) : undefined;
  if (fact) return isUnlimited(fact, facts) ? { ms: Infinity, most: Infinity, call: { file, step, fact } } : none;
  if (!step.target || depth > 3) return none;
  const made = facts.named(file, ownerOf(step.target), httpCall);
  if (made?.value.instance && isUnlimited(made, facts)) return { ms: Infinity, most: Infinity, call: { file, step, fact: made } };
  const inner = facts.named(file, step.target, awaitedWork);
  if (!inner || inner.value.beats) return none;
  const found = workTime(inner.at.file, inner.value.steps, facts, depth + 1);
  return found.ms > 0 ? { ms: found.ms, most: found.ms, ...(found.call ? { call: found.call } : {}) } : none;
}

/** The fact of a call, or of the client it is made with. */
function callAt(file: string, step: WorkStep, facts: Facts): Linked<HttpCall> | undefined {
  if (step.client) return facts.named(file, step.client, httpCall);
  return facts.in(file, httpCall).find((one) => one.at.start === step.at.start);
}

/** The client of `api.get`: the name without its method. */
function ownerOf({ module, name, keys }: Ref): Ref {
  return { ...(module === undefined ? {} : { module }), name, ...(keys && keys.length > 1 ? { keys: keys.slice(0, -1) } : {}) };
}
