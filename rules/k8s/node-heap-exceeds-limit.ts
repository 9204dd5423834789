// The heap may grow beyond the memory of its container: the kernel kills the process where the garbage collector would have run.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { size } from "../../engine/quantity.ts";
import { heapSettings, type HeapSetting } from "../facts/heap-setting.ts";
import type { Fix, Message, Rule } from "../../engine/types.ts";

/** Code, stacks, buffers and native memory need the rest of the limit. */
const roomFor = 0.85;
/** What a runtime's heap is set to. */
const advised = 0.75;
/** A larger share of the limit leaves the JVM too little, in percent. */
const largestShare = 80;

export const nodeHeapExceedsLimit: Rule = {
  id: "k8s/node-heap-exceeds-limit",
  title: "Heap may outgrow the container's memory limit",
  why: `--max-old-space-size tells V8 how far the old generation may grow before it collects in earnest. Buffers, code, stacks and the young generation come
on top. When the sum reaches the container's memory limit first, the kernel kills the process: no error, no shutdown, requests are dropped
and registrations stay behind. The same holds for -Xmx of a JVM.
https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib`,
  check: {
    yaml: {
      mentions: [["max-old-space-size", "max_old_space_size", "max-old_space", "max_old-space", "-Xmx", "MaxRAMPercentage"], ["memory", "mem_limit"]],
      reads: [],
      *find(document) {
        for (const one of heapSettings(document)) {
          const isOver = one.heap >= one.limit;
          if (one.percent === undefined ? one.heap <= roomFor * one.limit : one.percent <= largestShare) continue;
          const fix = fixFor(one);
          yield {
            at: one.at,
            message: messageOf(one, isOver),
            ...(one.runtime === "jvm" ? { variant: "jvm" } : isOver ? {} : { variant: "tight" }),
            related: [{ at: one.limitAt, message: say`Memory limit is set here` }],
            ...(fix ? { fixes: [fix] } : {}),
          };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: acme/orders
          env:
            - { name: NODE_OPTIONS, value: "--max-old-space-size=512" }
                                            ^^^^^^^^^^^^^^^^^^^^^^^^ error: V8 may grow its heap to 512 MiB, but the container is killed at 512 MiB
          resources: { limits: { memory: 512Mi } }
`,
      fixed: files`
//- k8s/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  template:
    spec:
      containers:
        - name: orders
          image: acme/orders
          env:
            - { name: NODE_OPTIONS, value: "--max-old-space-size=384" }
          resources: { limits: { memory: 512Mi } }
`,
    },
    {
      good: files`
//- compose.yaml
services:
  orders:
    image: acme/orders
    command: ["node", "--max-old-space-size=400", "dist/main.js"]
    mem_limit: 512m
`,
    },
  ],
};

function messageOf({ runtime, heap, percent, limit }: HeapSetting, isOver: boolean): Message {
  const who = runtime === "node" ? "V8" : "The JVM";
  if (percent !== undefined) return say`${who} may grow its heap to ${percent}% of the limit of ${size(limit)}`;
  return isOver ? say`${who} may grow its heap to ${size(heap)}, but the container is killed at ${size(limit)}` : say`${who} may grow its heap to ${size(heap)} of a limit of ${size(limit)}`;
}

function fixFor({ limit, percent, rewrite }: HeapSetting): Fix | undefined {
  const mebibytes = Math.floor((advised * limit) / 1024 ** 2);
  if (!rewrite || mebibytes < 1) return undefined;
  return { title: percent === undefined ? `Let the heap grow to ${mebibytes} MiB` : "Let the heap grow to 75% of the limit", safe: false, edits: [{ yaml: rewrite.at, set: rewrite.with(mebibytes) }] };
}
