// Facts: attempts that a job of bullmq or bull is given without a pause between them, and what its queue gives all jobs.

import { imports, near } from "../../engine/mention.ts";
import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { literalSlot, option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { Edit, Fact, FactKind, Facts, Linked, Ref, Value } from "../../engine/types.ts";

export interface JobAttempts {
  readonly attempts: Value<number>;
  /** The queue the job goes to: made here or elsewhere, or only known by its type. The defaults of a queue have none. */
  readonly queue?: { readonly ref: Ref } | "typed";
  readonly edits?: readonly Edit[];
}

export const jobAttempts: FactKind<JobAttempts> = {
  id: "job-attempts",
  title: "Attempts of a job",
  ts: {
    serverOnly: true,
    mentions: [["attempts"], ["defaultJobOptions", ...near(1, "bullmq", "bull", "@nestjs/bullmq", "@nestjs/bull")]],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : undefined;
        if (!ts.isPropertyAccessExpression(call.expression) || (method !== "add" && method !== "addBulk")) continue;
        const queue = queueOf(file, call.expression.expression);
        if (!queue) continue;
        const found = method === "add" ? [attempts(file, call.arguments[call.arguments.length === 2 ? 1 : 2], queue)] : bulk(call).map((one) => attempts(file, one, queue));
        for (const one of found) if (one) yield one;
      }
      for (const one of defaults(file)) {
        const found = attempts(file, one, undefined);
        if (found) yield found;
      }
    },
  },
};

/** A queue that is made (named), or defaults that a module gives its queues. */
export const jobDefaults: FactKind<{ readonly backoff: "none" | "set"; readonly queue?: true }> = {
  id: "job-defaults",
  title: "Defaults of jobs",
  named: true,
  ts: {
    mentions: [[...imports("bullmq", "bull"), "defaultJobOptions"]],
    *find(file) {
      for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression))
        if (isQueue(canonical(file, made.expression))) yield { at: span(made), value: { backoff: backoffOf(file, made.arguments), queue: true } };
      for (const one of defaults(file)) yield { at: span(one), value: { backoff: option(file, one, "backoff").is === "absent" ? "none" : "set" } };
    },
  },
};

const isQueue = (name: string | undefined) => name === "bullmq#Queue" || name === "bull#" || name === "bull#Queue";

function queueOf(file: TsFile, node: Expression): JobAttempts["queue"] | undefined {
  const { made, type, ref } = receiverOf(file, node);
  if (made) return ts.isNewExpression(made) && isQueue(canonical(file, made.expression)) ? { ref: { name: "", start: made.getStart() } } : undefined;
  if (isQueue(type ?? declaredType(file, node))) return "typed";
  return ref && /^[.@~#]|^src\//.test(ref.module ?? "") ? { ref } : undefined;
}

/** Options of all jobs, as a queue or a Nest module is given them. */
function defaults(file: TsFile): readonly Expression[] {
  if (!/["'](bullmq|bull|@nestjs\/bull|@nestjs\/bullmq)["']/.test(file.text)) return [];
  return nodes<Node & { readonly name: Node; readonly initializer: Expression }>(file, ts.SyntaxKind.PropertyAssignment).filter((one) => keyText(one.name) === "defaultJobOptions").map((one) => one.initializer);
}

function backoffOf(file: TsFile, list: readonly Expression[] | undefined): "none" | "set" {
  const options = list?.find((one, index) => index > 0 && !ts.isStringLiteralLike(one));
  return option(file, options, "defaultJobOptions.backoff").is === "absent" ? "none" : "set";
}

function bulk(call: CallExpression): readonly (Expression | undefined)[] {
  const [list] = call.arguments;
  if (!list || !ts.isArrayLiteralExpression(list)) return [];
  return list.elements.map((one) => (ts.isObjectLiteralExpression(one) ? one.properties.find((property) => ts.isPropertyAssignment(property) && keyText(property.name) === "opts") : undefined)).map((one) => (one && ts.isPropertyAssignment(one) ? one.initializer : undefined));
}

/** More than one attempt, and provably no pause of the job's own. */
function attempts(file: TsFile, options: Expression | undefined, queue: JobAttempts["queue"]): Fact<JobAttempts> | undefined {
  const found = option(file, options, "attempts");
  if (found.is !== "present" || option(file, options, "backoff").is !== "absent") return undefined;
  const slot = options && ts.isObjectLiteralExpression(bare(options)) ? literalSlot(file, options) : undefined;
  const edits: readonly Edit[] | undefined = slot && [{ at: slot.at, text: `${slot.before}backoff: { type: ${quote(file)}exponential${quote(file)}, delay: 1_000 }${slot.after}` }];
  const property = found.node.parent;
  const at = ts.isPropertyAssignment(property) ? property : found.node;
  return { at: span(at), value: { attempts: asNumber(found.value), ...(queue ? { queue } : {}), ...(edits ? { edits } : {}) } };
}

const quote = (file: TsFile) => (/ from '/.test(file.text) ? "'" : '"');

/** True when neither the queue nor its module sets a pause between attempts. */
export function isImmediate(job: Linked<JobAttempts>, facts: Facts): boolean {
  const { queue } = job.value;
  if (queue === undefined) return true;
  const shared = facts.beside(job, jobDefaults).filter((one) => one.value.queue === undefined);
  if (queue === "typed") return shared.every((one) => one.value.backoff === "none") && facts.beside(job, jobDefaults).every((one) => one.value.backoff === "none");
  return facts.named(job.at.file, queue.ref, jobDefaults)?.value.backoff === "none";
}
