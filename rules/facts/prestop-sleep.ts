// Question: how long does a preStop hook sleep, and how long is the grace period that it is part of?

import { items, lookup, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { Scalar, Span, YamlDocument } from "../../engine/types.ts";

/** Kubernetes' default grace period (s): https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow */
const defaultGrace = 30;

export interface Grace {
  readonly seconds: number;
  /** Undefined: the default holds. */
  readonly at?: Span;
}

/** The pod's grace period; undefined when it is not known. */
export function graceOf(document: YamlDocument, pod: Found): Grace | undefined {
  const found = scalar(document, pod, "spec", "terminationGracePeriodSeconds");
  if ("absent" in found) return { seconds: defaultGrace };
  return "known" in found && typeof found.known === "number" ? { seconds: found.known, at: found.from[0]! } : undefined;
}

export interface Sleep {
  readonly seconds: number;
  readonly at: Span;
  /** 5 s as this place would say it, where it holds nothing but the number. */
  readonly five?: Scalar;
}

/** Seconds that the hook sleeps: `sleep.seconds`, or the first `sleep N` of its command. */
export function sleepOf(document: YamlDocument, container: Found): Sleep | undefined {
  const native = scalar(document, container, "lifecycle", "preStop", "sleep", "seconds");
  if ("known" in native) return typeof native.known === "number" ? { seconds: native.known, at: native.from[0]!, five: 5 } : undefined;
  const words = items(document, lookup(document, container, "lifecycle", "preStop", "exec", "command"));
  for (const [index, word] of words.entries()) {
    const said = text(word);
    const next = words[index + 1];
    if (said !== undefined && /(^|\/)sleep$/.test(said)) {
      const seconds = next && inSeconds(text(next) ?? "");
      return seconds === undefined ? undefined : { seconds, at: next!.node.at, ...(next!.origin === "own" ? { five: next!.node.kind === "scalar" && typeof next!.node.value === "number" ? 5 : "5" } : {}) };
    }
    const inline = /(?:^|[;&|\s])(?:\/bin\/)?sleep\s+([^\s;&|]+)/.exec(said ?? "");
    if (inline) {
      const seconds = inSeconds(inline[1]!);
      return seconds === undefined ? undefined : { seconds, at: word.node.at };
    }
  }
  return undefined;
}

function inSeconds(said: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([sm]?)$/.exec(said);
  return match ? Number(match[1]) * (match[2] === "m" ? 60 : 1) : undefined;
}
