// A worker that does what its task says: answers, hangs, throws, eats memory, dies.

import { workerData } from "node:worker_threads";
import { serve } from "../../../host/serve.ts";

export interface Task {
  readonly act: "echo" | "hang" | "hang-in-regexp" | "wait" | "throw" | "overflow" | "eat" | "exit" | "late" | "unsendable";
  readonly value: number;
}

serve<Task, unknown>(({ act, value }) => {
  switch (act) {
    case "echo": return { value, greeting: (workerData as { greeting: string }).greeting };
    case "hang": for (;;);
    case "hang-in-regexp": return /^(a+)+$/.test("a".repeat(60) + "b");
    case "wait": return new Promise(() => {});
    case "throw": throw new Error(`thrown by ${value}`);
    case "overflow": return depth(value);
    case "eat": {
      const eaten: unknown[] = [];
      for (;;) eaten.push(new Array(10_000).fill({ value }));
    }
    case "exit": return process.exit(7);
    case "late": return new Promise(() => setTimeout(() => { throw new Error("too late"); }, 0));
    case "unsendable": return () => value;
  }
});

function depth(levels: number): number {
  return levels === 0 ? 0 : 1 + depth(levels - 1);
}
