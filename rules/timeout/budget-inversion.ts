// Who asks gives up before what it asked for can end: the answer is lost, and the work goes on for nobody.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { awaitedWork } from "../facts/awaited-work.ts";
import { budgetOf } from "../facts/budget.ts";
import { innerWait, slowSteps } from "../facts/budget-use.ts";
import { mount } from "../facts/mount.ts";
import { outboundCall } from "../facts/outbound-call.ts";
import { route } from "../facts/route.ts";
import { routeBudget } from "../facts/route-budget.ts";
import { routeWork } from "../facts/route-work.ts";
import { router } from "../facts/router.ts";
import { serviceHost } from "../facts/service-host.ts";
import { unlimitedReads } from "../facts/http-unlimited.ts";
import type { Facts, Finding, Fix, Known, Rule } from "../../engine/types.ts";

export const budgetInversion: Rule = {
  id: "timeout/budget-inversion",
  title: "Outer timeout ends before the inner one",
  why: `A timeout only helps when those inside of it are shorter. When the mesh or the calling service gives up after 3 s and the handler waits 30 s for a
third one, the client sees an error after 3 s while the handler, its connection and its memory stay for the other 27; whoever tries again starts the
same work once more. Under load that is how one slow service fills all others.
Istio's route timeout: https://istio.io/latest/docs/concepts/traffic-management/#timeouts.`,
  check: {
    // Reports nothing: that a manifest limits the time of a service is what lets its routes be read.
    yaml: {
      mentions: routeBudget.yaml!.mentions,
      reads: [routeBudget, route, mount, router],
      find(document, facts) {
        for (const one of facts.in(document.path, routeBudget)) if (one.service !== undefined) facts.all(one.service, route);
        return [];
      },
    },
    ts: {
      reads: [routeWork, routeBudget, awaitedWork, outboundCall, serviceHost, route, mount, router, ...unlimitedReads],
      *find(file, facts) {
        yield* beforeHandlers(file.path, facts);
        yield* betweenServices(file.path, facts);
      },
    },
  },
  examples: [
    {
      bad: files`
//- src/checkout.ts
import express from "express";
import axios from "axios";
const app = express();
app.post("/checkout", async (req, res) => {
  const paid = await axios.post("http://payment/charge", req.body, { timeout: 30_000 });
                     ^^^^^^^^^^ warning: axios.post may take 30 s, the VirtualService ends the request after 3 s
  res.json(paid.data);
});
app.listen(3000);
//- k8s/checkout.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: checkout }
spec: { hosts: [checkout], http: [{ timeout: 3s, route: [{ destination: { host: checkout } }] }] }
`,
      fixed: files`
//- src/checkout.ts
import express from "express";
import axios from "axios";
const app = express();
app.post("/checkout", async (req, res) => {
  const paid = await axios.post("http://payment/charge", req.body, { timeout: 2_400 });
  res.json(paid.data);
});
app.listen(3000);
//- k8s/checkout.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: checkout }
spec: { hosts: [checkout], http: [{ timeout: 3s, route: [{ destination: { host: checkout } }] }] }
`,
    },
    {
      good: files`
//- src/checkout.ts
import express from "express";
import axios from "axios";
const app = express();
app.post("/checkout", async (req, res) => {
  const paid = await axios.post("http://payment/charge", req.body, { timeout: 2_000 });
  res.json(paid.data);
});
app.listen(3000);
//- k8s/checkout.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: checkout }
spec: { hosts: [checkout], http: [{ timeout: 3s, route: [{ destination: { host: checkout } }] }] }
`,
    },
  ],
};

/** What a handler waits for, and what stands in front of it. */
function* beforeHandlers(path: string, facts: Facts): Iterable<Finding> {
  for (const one of facts.in(path, routeWork)) {
    const budget = one.value.steps.length > 0 ? budgetOf(one, facts) : undefined;
    if (!budget) continue;
    const related = [{ at: budget.limit.from[0]!, message: say`The request ends after this time`, mirror: true as const }];
    const { slow, sum } = slowSteps(path, one.value.steps, budget.ms, facts);
    for (const { step, ms, limit, inner } of slow)
      yield {
        at: { ...step.at, file: path },
        message: say`${step.what} may take ${duration(ms)}, the ${budget.by} ends the request after ${duration(budget.ms)}`,
        related: [...related, ...(inner ? [{ at: inner, message: say`The time passes here` }] : [])],
        ...(limit ? { fixes: lower(limit, budget.ms * 0.8) } : {}),
      };
    if (slow.length === 0 && sum > budget.ms) yield { at: one.at, message: say`The calls of this handler may take ${duration(sum)}, the ${budget.by} ends the request after ${duration(budget.ms)}`, variant: "sum", related };
  }
}

/** What a service waits for when another one calls it. */
function* betweenServices(path: string, facts: Facts): Iterable<Finding> {
  for (const call of facts.in(path, outboundCall)) {
    const found = innerWait(call, facts);
    if (!found || !("known" in call.value.ms)) continue;
    const outer = call.value.ms.known;
    if ("budget" in found)
      yield { at: call.at, message: say`${call.value.what} waits ${duration(outer)}, but the ${found.budget.by} in between gives up after ${duration(found.budget.ms)}`, variant: "mesh", related: [{ at: found.budget.limit.from[0]!, message: say`The request ends after this time`, mirror: true }] };
    else
      yield { at: call.at, message: say`${call.value.what} gives up after ${duration(outer)}, but there ${found.what} may take ${duration(found.ms)}`, related: [{ at: found.at, message: say`The called service waits here`, mirror: true }], fixes: found.limit ? lower(found.limit, outer * 0.7) : [] };
  }
}

function lower(limit: Known<number>, to: number): Fix[] {
  const target = Math.floor(to / 100) * 100;
  return target > 0 && limit.from[0] ? [{ title: `Lower the inner timeout to ${duration(target)}`, safe: false, edits: [{ at: limit.from[0], duration: target }] }] : [];
}
