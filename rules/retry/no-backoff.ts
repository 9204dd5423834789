// Retries that follow each other at once: a peer that is down for a second gets all of them within milliseconds.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { count, duration } from "../../engine/quantity.ts";
import { database } from "../facts/database.ts";
import { dependencyOf } from "../facts/dependency-work.ts";
import { isImmediate, jobAttempts, jobDefaults } from "../facts/job-attempts.ts";
import { remoteClient } from "../facts/remote-client.ts";
import { retryLoop } from "../facts/retry-loop.ts";
import { retryPolicy, retryRows, type RetryPolicy } from "../facts/retry-policy.ts";
import type { Edit, Finding, Linked, Message, Rule, Span, Value } from "../../engine/types.ts";

export const noBackoff: Rule = {
  id: "retry/no-backoff",
  title: "Retries without a pause",
  why: `Without a pause all retries are used up within milliseconds, before a restarted or overloaded peer can answer, and every caller multiplies its load
at the worst moment. axios-retry waits for nothing by default (https://github.com/softonic/axios-retry#options); cockatiel neither waits nor stops:
retry(handleAll, {}) made 236 attempts in 333 ms (https://github.com/connor4312/cockatiel#retrypolicy-options); a job of BullMQ with attempts and no
backoff is "retried immediately" (https://docs.bullmq.io/guide/retrying-failing-jobs). Growing delays with a random part:
https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/.`,
  check: {
    ts: {
      reads: [retryPolicy, retryLoop, jobAttempts, jobDefaults, database, remoteClient],
      *find(file, facts) {
        for (const policy of facts.in(file.path, retryPolicy)) yield* ofPolicy(policy);
        for (const { at, value } of facts.in(file.path, retryLoop)) {
          const { callee, attempts, helper, steps, edits } = value;
          if (steps && !dependencyOf(file.path, steps, facts)) continue;
          const message = attempts === undefined ? say`${callee} is tried again without a pause` : say`${callee} is tried ${attempts} times without a pause`;
          yield finding(at, helper ? "helper" : "loop", message, "Wait longer before each attempt", edits);
        }
        for (const job of facts.in(file.path, jobAttempts)) {
          const { attempts, edits } = job.value;
          if (!("known" in attempts) || attempts.known <= 1 || !isImmediate(job, facts)) continue;
          yield finding(job.at, undefined, say`${count(attempts.known, "attempt")} follow each other at once: backoff is not set`, "Wait longer before each attempt", edits);
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import axios from "axios";
import axiosRetry from "axios-retry";
const http = axios.create({ timeout: 5_000 });
axiosRetry(http, { retries: 4 });
^^^^^^^^^^ warning: axios-retry makes 4 retries at once: retryDelay is not set
`,
      fixed: files`
import axios from "axios";
import axiosRetry from "axios-retry";
const http = axios.create({ timeout: 5_000 });
axiosRetry(http, { retries: 4, retryDelay: axiosRetry.exponentialDelay });
`,
    },
    {
      bad: files`
import { handleAll, retry } from "cockatiel";
export const policy = retry(handleAll, {});
                      ^^^^^ error: cockatiel neither waits nor stops: backoff and maxAttempts are not set
`,
      fixed: files`
import { handleAll, retry, ExponentialBackoff } from "cockatiel";
export const policy = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() });
`,
    },
    {
      good: files`
import { Queue } from "bullmq";
const queue = new Queue("mails", { defaultJobOptions: { backoff: { type: "exponential", delay: 1_000 } } });
export const send = (mail: object) => queue.add("send", mail, { attempts: 5 });
`,
    },
  ],
};

function finding(at: Span, variant: string | undefined, message: Message, title: string, edits: readonly Edit[] | undefined): Finding {
  return { at, message, ...(variant ? { variant } : {}), ...(edits ? { fixes: [{ title, safe: false, edits }] } : {}) };
}

function* ofPolicy({ at, value }: Linked<RetryPolicy>): Iterable<Finding> {
  const row = retryRows[value.row]!;
  const retries = "known" in value.retries ? value.retries.known : "absent" in value.retries ? row.counts ?? Infinity : undefined;
  const times = retries === undefined || retries === Infinity ? "its retries" : count(retries, "retry", "retries");
  if (!row.immediate) {
    if (retries === undefined || retries > 3) yield* ofGrowth(at, value, row.library, times, row.factor !== undefined && row.library !== "p-retry");
    return;
  }
  const endless = retries === Infinity;
  if (value.delay === "set") {
    if (endless) yield finding(at, "unbounded", say`${row.library} never gives up: ${row.count} is not set`, "Stop after 3 retries", value.edits);
  } else if (endless) {
    const why = value.delay === "none" ? `${row.delay!} and ${row.count} are not set` : `${row.delay!} is 0 and ${row.count} is not set`;
    yield finding(at, "endless", say`${row.library} neither waits nor stops: ${why}`, "Wait longer before each of 3 retries", value.edits);
  } else if (retries === undefined || retries > 1)
    yield finding(at, undefined, say`${row.library} makes ${times} at once: ${row.delay!} is ${value.delay === "none" ? "not set" : "0"}`, "Wait longer before each retry", value.edits);
}

/** Options that stop the delays from growing. */
function* ofGrowth(at: Span, { growth, row }: RetryPolicy, library: string, times: string, zeroes: boolean): Iterable<Finding> {
  const is = (one: Value<number>, ...values: readonly number[]) => "known" in one && values.includes(one.known);
  const where = (one: Value<number>) => ("from" in one && one.from[0]?.file === at.file ? one.from[0] : at);
  const off = (["minTimeout", "maxTimeout"] as const).find((key) => is(growth[key], 0));
  const edit = (one: Value<number>, text: string): readonly Edit[] | undefined => ("known" in one && one.by === "text" && one.from.length === 1 ? [{ at: one.from[0]!, text }] : undefined);
  const raised = [...(is(growth.minTimeout, 0) ? (edit(growth.minTimeout, "200") ?? []) : []), ...(is(growth.maxTimeout, 0) ? (edit(growth.maxTimeout, "10_000") ?? []) : [])];
  if (off) yield finding(where(growth[off]), undefined, say`${library} makes ${times} at once: ${off} is 0`, `Raise ${off}`, raised.length > 0 ? raised : undefined);
  else if (zeroes && is(growth.factor, 0)) yield finding(where(growth.factor), undefined, say`${library} makes ${times} at once: factor is 0`, "Double the delay each time", edit(growth.factor, "2"));
  else if (is(growth.factor, 0, 1)) {
    const first = "known" in growth.minTimeout ? growth.minTimeout.known : "absent" in growth.minTimeout ? retryRows[row]!.first : undefined;
    const wait = first === undefined ? "as long as the first time" : duration(first);
    yield finding(where(growth.factor), "constant", say`${library} waits ${wait} before each of ${times}: factor is ${"known" in growth.factor ? growth.factor.known : 1}`, "Double the delay each time", edit(growth.factor, "2"));
  }
}
