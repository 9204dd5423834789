// Question: can a call of an HTTP client wait without a limit, also after what the rest of the service sets for its client?

import type { HttpCall } from "./http-call.ts";
import { httpCall } from "./http-call.ts";
import { httpClientSetting, type HttpClientSetting } from "./http-client-setting.ts";
import type { FactKind, Facts, Linked } from "../../engine/types.ts";

/** What a check reads that asks this. */
export const unlimitedReads: readonly FactKind<any>[] = [httpCall, httpClientSetting];

/** True when nothing in the service limits the call, or the calls of the client that is made. */
export function isUnlimited(call: Linked<HttpCall>, facts: Facts): boolean {
  const { limit, since } = call.value;
  if ((limit !== "none" && limit !== "off") || isActivity(call, facts)) return false;
  return !(since && !notBelow(facts.version(call, since[0]!), since[1]!)) && !limitedElsewhere(call, facts);
}

/**
 * A Temporal activity: its caller must give it a time limit (`startToCloseTimeout` or `scheduleToCloseTimeout`), and tries again after it.
 * https://docs.temporal.io/encyclopedia/detecting-activity-failures
 */
function isActivity(call: Linked<HttpCall>, facts: Facts): boolean {
  return /activit(y|ies)/i.test(call.at.file) && ["@temporalio/activity", "@temporalio/worker"].some((one) => facts.version(call, one) !== undefined);
}

/** Another place of the service sets a limit for all calls of the client, or each call of the made client has one. */
function limitedElsewhere(call: Linked<HttpCall>, facts: Facts): boolean {
  const settings = facts.beside(call, httpClientSetting);
  if (settings.some(({ value }) => value.ref === undefined && covers(value.client, call.value.client))) return true;
  if (!call.value.instance) return false;
  const mine = settings.filter((one) => names(one, call, facts));
  const calls = mine.filter((one) => one.value.call !== undefined);
  return mine.length > calls.length || (calls.length > 0 && calls.every((one) => one.value.call === "limited"));
}

/** Nest's `HttpService` is the global axios unless its module is given options. */
const covers = (set: string | undefined, used: string) => set === used || (set === "axios" && used === "nest");

/** `4.14.0` is not below `4.4.0`. Versions that are not known prove nothing. */
function notBelow(version: string | undefined, first: string): boolean {
  const [have, want] = [version ?? "", first].map((one) => one.split(".").map(Number));
  const differs = want!.findIndex((part, at) => part !== have![at]);
  return version !== undefined && (differs < 0 || (have![differs] ?? 0) > want![differs]!);
}

function names(setting: Linked<HttpClientSetting>, call: Linked<HttpCall>, facts: Facts): boolean {
  const { ref } = setting.value;
  if (!ref) return false;
  const target = facts.named(setting.at.file, ref, httpCall);
  return target !== undefined && target.at.file === call.at.file && target.at.start === call.at.start;
}
