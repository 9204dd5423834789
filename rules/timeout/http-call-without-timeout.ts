// An outbound HTTP call that nothing limits: one silent peer holds the caller, its socket and whoever waits for it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { httpCall, type HttpCall } from "../facts/http-call.ts";
import { httpClientSetting, type HttpClientSetting } from "../facts/http-client-setting.ts";
import type { Facts, Finding, Fix, Linked, Message, Rule } from "../../engine/types.ts";

export const httpCallWithoutTimeout: Rule = {
  id: "timeout/http-call-without-timeout",
  title: "HTTP call without a timeout",
  why: `axios, got, superagent, request, node-fetch and Node's http.request wait forever by default; fetch and undici wait 300 s for headers and
300 s between parts of the body. One peer that accepts a connection and stays silent then holds handlers, sockets and consumers, and the fault spreads
to everyone who waits for them: a Kafka handler that waited for such a host stopped the heartbeats of its whole group (https://github.com/tulios/kafkajs/issues/1396).
"Without one, a stalled request can hang indefinitely": https://axios-http.com/docs/req_config. Undici's limits: https://undici.nodejs.org/#/docs/api/Client.`,
  check: {
    ts: {
      reads: [httpCall, httpClientSetting],
      *find(file, facts) {
        for (const call of facts.in(file.path, httpCall)) {
          const { limit, since } = call.value;
          if (limit !== "none" && limit !== "off") continue;
          if (since && !notBelow(facts.version(call, since[0]!), since[1]!)) continue;
          if (!limitedElsewhere(call, facts)) yield finding(call);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import axios from "axios";
export const quote = (id: string) => axios.get(${"`https://prices.internal/quotes/${id}`"});
                                     ^^^^^^^^^ axios.get has no timeout: axios waits forever by default
`,
      fixed: files`
import axios from "axios";
export const quote = (id: string) => axios.get(${"`https://prices.internal/quotes/${id}`"}, { timeout: 5_000 });
`,
    },
    {
      bad: files`
export async function quote(id: string, signal: AbortSignal) {
  return fetch(${"`https://prices.internal/quotes/${id}`"}, { method: "GET" });
         ^^^^^ fetch has no timeout: Node waits 5 min for headers by default
}
`,
      fixed: files`
export async function quote(id: string, signal: AbortSignal) {
  return fetch(${"`https://prices.internal/quotes/${id}`"}, { method: "GET", signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
}
`,
    },
    {
      good: files`
//- api.ts
import axios from "axios";
export const api = axios.create({ baseURL: "https://prices.internal" });
//- main.ts
import { api } from "./api";
api.defaults.timeout = 5_000;
export const quote = (id: string) => api.get(id);
`,
    },
  ],
};

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

function finding(call: Linked<HttpCall>): Finding {
  const { variant, edit } = call.value;
  const fixes: Fix[] = edit ? [{ title: "Limit the call to 5 s", safe: false, edits: [{ at: { ...edit.at, file: call.at.file }, text: edit.text }] }] : [];
  return { at: call.at, message: message(call.value), ...(variant ? { variant } : {}), ...(fixes.length ? { fixes } : {}) };
}

function message({ what, library, limit, variant, waits }: HttpCall): Message {
  if (limit === "off") return say`${what} has its timeout switched off and waits forever`;
  if (variant === "streaming") return say`${what} opens a stream without a timeout: a silent peer holds it open`;
  if (variant === "wrapper") return say`${what} is given no request timeout`;
  if (variant === "preset") return say`${what} sets no timeout: ${library} waits ${duration(waits!)} by default`;
  if (waits !== undefined) return say`${what} has no timeout: ${library} waits ${duration(waits)} for headers by default`;
  return say`${what} has no timeout: ${library} waits forever by default`;
}
