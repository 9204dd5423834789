// The analysis worker: extracts one file at a time from its text. Killable at any moment, because it keeps nothing.

import { workerData } from "node:worker_threads";
import { extract } from "../engine/extract.ts";
import { planOf } from "../engine/plan.ts";
import { loadCompiler } from "../engine/typescript/compiler.ts";
import { rulesOf } from "../engine/analyse.ts";
import { packs } from "../rules/packs/index.ts";
import { serve } from "./serve.ts";
import type { Extract } from "../engine/types.ts";
import type { FileContext } from "../engine/typescript/parse.ts";

export interface ExtractTask {
  readonly path: string;
  readonly text: string;
  readonly context: FileContext;
  /** Look for deferred kinds as well. */
  readonly deep: boolean;
  /** What the scan found in the text; without it the worker scans again. */
  readonly words?: ReadonlySet<string>;
}

const { only } = workerData as { only?: readonly string[] };
const rules = rulesOf(packs);
const plan = planOf(only ? rules.filter((rule) => only.includes(rule.id)) : rules, rules.map((rule) => rule.id));

serve<ExtractTask, Extract>(({ path, text, context, deep, words }) => extract(path, text, context, plan, deep, words));

// While the main thread still looks for files: the first one would wait for it, some 30 ms.
setImmediate(loadCompiler);
