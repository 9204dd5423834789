// A race with a timer ends the waiting, and not the work: the loser goes on, and nobody sees how it ends.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { below } from "../facts/release.ts";
import { timeoutRace } from "../facts/timeout-race.ts";
import { timerPromise } from "../facts/timer-promise.ts";
import type { Rule } from "../../engine/types.ts";

/** Shorter timers are gone before they matter (ms): a grace period is some seconds long. */
const shortTimer = 1_000;

export const raceWithoutCancel: Rule = {
  id: "timeout/race-without-cancel",
  title: "Promise.race as a timeout does not cancel the work",
  why: `Promise.race settles with the first promise, and the others go on (https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Promise/race).
After a timeout the query still holds its connection, the request its socket, and side effects happen after the caller was told that it failed;
the retry then does them again. When a dependency is slow, abandoned work piles up behind each timeout. A signal, or the client's own timeout,
ends the work itself. The timer of a race that the work wins keeps the process alive until it fires, unless it is cleared or unref'd
(https://nodejs.org/api/timers.html#timeoutunref).`,
  check: {
    ts: {
      reads: [timeoutRace, timerPromise],
      *find({ path }, facts) {
        for (const race of facts.in(path, timeoutRace)) {
          const { timer, delay, work, given, runs, fix, since } = race.value;
          if (timer !== true && !timer.some((one) => facts.named(path, one, timerPromise))) continue;
          const fixes = fix && !(since && below(facts.version(race, since.package), since.version)) ? [fix] : [];
          if (work !== undefined) {
            const message = delay === undefined ? say`${work} goes on when the timer wins the race: nothing cancels it` : say`${work} goes on when the race ends after ${duration(delay)}: nothing cancels it`;
            yield { at: race.at, message, ...(given ? { variant: "given" } : {}), fixes };
          } else if (runs && !(delay !== undefined && delay < shortTimer)) {
            const message = delay === undefined ? say`The timer of this race is never cleared: it keeps the process alive` : say`The timer of this race is never cleared: it keeps the process alive for ${duration(delay)}`;
            yield { at: race.at, message, variant: "timer" };
          }
        }
      },
    },
  },
  examples: [
    {
      bad: files`
export async function stock(id: string) {
  return await Promise.race([
               ^^^^^^^^^^^^ fetch() goes on when the race ends after 1 s: nothing cancels it
    fetch("http://stock/items/" + id),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("timeout")), 1_000)),
  ]);
}
`,
      fixed: files`
export async function stock(id: string) {
  return await fetch("http://stock/items/" + id, { signal: AbortSignal.timeout(1_000) });
}
`,
    },
    {
      bad: files`
import type { Pool } from "pg";
import { rejectAfter } from "./time";
export async function orders(pool: Pool) {
  return Promise.race([pool.query("SELECT * FROM orders"), rejectAfter(1_000)]);
         ^^^^^^^^^^^^ pool.query() goes on when the timer wins the race: nothing cancels it
}
//- time.ts
export const rejectAfter = (ms: number) => new Promise<never>((_, reject) => setTimeout(reject, ms, new Error("timeout")));
`,
    },
    {
      good: files`
export async function stock(id: string) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => (controller.abort(), reject(new Error("timeout"))), 1_000);
  });
  return await Promise.race([fetch("http://stock/items/" + id, { signal: controller.signal }), late]).finally(() => clearTimeout(timer));
}
`,
    },
  ],
};
