// Question: which calls of a handler take longer than its callers wait, and what does a called service wait for itself?

import { longest, type Budget } from "./budget.ts";
import type { OutboundCall } from "./outbound-call.ts";
import { pathsOf } from "./route-path.ts";
import { route } from "./route.ts";
import { routeBudget } from "./route-budget.ts";
import { routeWork } from "./route-work.ts";
import { serves } from "./served-path.ts";
import { serviceAt } from "./service-host.ts";
import { workTime } from "./work-time.ts";
import type { WorkStep } from "./awaited-work.ts";
import type { Facts, Known, Linked, Span } from "../../engine/types.ts";

export interface SlowStep {
  readonly step: WorkStep;
  readonly ms: number;
  /** Where its own text limits it: what a fix lowers. */
  readonly limit?: Known<number>;
  /** Where the time passes, when that is in a function that the step calls. */
  readonly inner?: Span;
}

/** Steps that alone take at least the time, and what all of them together may take. What has no limit is another rule's matter. */
export function slowSteps(file: string, steps: readonly WorkStep[], ms: number, facts: Facts): { slow: SlowStep[]; sum: number } {
  const finite = steps.filter((step) => Number.isFinite(workTime(file, [step], facts).ms));
  const slow = finite.flatMap((step): SlowStep[] => {
    const time = workTime(file, [step], facts);
    const limit = time.call?.step.ms;
    const away = time.call !== undefined && (time.call.step !== step || time.call.file !== file);
    return time.ms >= ms ? [{ step, ms: time.ms, ...(limit && "known" in limit && step.times === 1 ? { limit } : {}), ...(away ? { inner: { ...time.call!.step.at, file: time.call!.file } } : {}) }] : [];
  });
  return { slow, sum: workTime(file, finite, facts).ms };
}

export type InnerWait = { readonly budget: Budget } | { readonly what: string; readonly ms: number; readonly at: Span; readonly limit?: Known<number> };

/** What makes a call end later than its caller waits, or earlier than it asks for. */
export function innerWait(call: Linked<OutboundCall>, facts: Facts): InnerWait | undefined {
  const { url, ms, path, method } = call.value;
  if (!("known" in url) || typeof url.known !== "string" || !("known" in ms) || path === undefined) return undefined;
  const target = serviceAt(url.known, facts);
  if (target === undefined || target === call.service) return undefined;
  const budget = longest([{ path, open: false }], facts.all(target, routeBudget).facts.filter((one) => one.value.by !== "Ingress"));
  if (budget && budget.ms < ms.known) return { budget };
  // What the service answers is read once somebody asks.
  facts.all(target, route);
  for (const one of facts.all(target, routeWork).facts) {
    if (one.value.method !== "ALL" && method !== "ALL" && one.value.method !== method) continue;
    if (!pathsOf(one, facts).some((each) => !/\*/.test(each.path) && !each.open && serves(each, path))) continue;
    const { slow } = slowSteps(one.at.file, one.value.steps, ms.known, facts);
    const [first] = slow;
    if (first) return { what: first.step.what, ms: first.ms, at: { ...first.step.at, file: one.at.file }, ...(first.limit ? { limit: first.limit } : {}) };
  }
  return undefined;
}
