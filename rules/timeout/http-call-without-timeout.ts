// An outbound HTTP call that nothing limits: one silent peer holds the caller, its socket and whoever waits for it.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { httpCall, type HttpCall } from "../facts/http-call.ts";
import { isUnlimited, unlimitedReads } from "../facts/http-unlimited.ts";
import type { Finding, Fix, Linked, Message, Rule } from "../../engine/types.ts";

export const httpCallWithoutTimeout: Rule = {
  id: "timeout/http-call-without-timeout",
  title: "HTTP call without a timeout",
  why: `axios, got, superagent, request, node-fetch and Node's http.request wait forever by default; fetch and undici wait 300 s for headers and
300 s between parts of the body. One peer that accepts a connection and stays silent then holds handlers, sockets and consumers, and the fault spreads
to everyone who waits for them: a Kafka handler that waited for such a host stopped the heartbeats of its whole group (https://github.com/tulios/kafkajs/issues/1396).
"Without one, a stalled request can hang indefinitely": https://axios-http.com/docs/req_config. Undici's limits: https://undici.nodejs.org/#/docs/api/Client.`,
  check: {
    ts: {
      reads: unlimitedReads,
      *find(file, facts) {
        for (const call of facts.in(file.path, httpCall)) if (isUnlimited(call, facts)) yield finding(call);
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
