// Fact: how long a container may take to stop before it is killed, and how much of that its preStop hook takes. In ms.

import { runningPod } from "./running-pod.ts";
import { graceOf, sleepOf } from "./prestop-sleep.ts";
import { parseDuration } from "../../engine/quantity.ts";
import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Span, Subject, YamlDocument } from "../../engine/types.ts";

export interface GracePeriod {
  readonly workload: string;
  readonly ms: number;
  /** Who kills: Kubernetes, or Docker for Compose. */
  readonly by: "kubernetes" | "compose";
  /** The text says it; else the default holds. */
  readonly explicit: boolean;
  readonly preStop: number;
  /** Where it is written, or the map to write it into. Undefined where the place belongs to others too. */
  readonly edit?: { readonly set: Span } | { readonly insert: Span };
}

/** Docker's default (ms): https://docs.docker.com/reference/compose-file/services/#stop_grace_period */
const composeDefault = 10_000;

export const gracePeriod: FactKind<GracePeriod> = {
  id: "grace-period",
  title: "Grace period",
  yaml: {
    mentions: [],
    *find(document) {
      if (document.class === "k8s") yield* fromPod(document);
      else if (document.class === "compose") yield* fromCompose(document);
      else if (document.class === "values-fragment" || document.class === "helm-values") yield* fromValues(document);
    },
  },
};

function* fromPod(document: YamlDocument): Iterable<Fact<GracePeriod>> {
  const pod = /Job$/.test(text(scalar(document, document.root, "kind")) ?? "") ? undefined : podOf(document);
  const workload = objectId(document);
  const grace = pod && graceOf(document, pod);
  const spec = pod && lookup(document, pod, "spec");
  if (!grace || !spec || workload === undefined) return;
  const containers = appContainers(document, pod);
  const hooks = containers.filter((one) => lookup(document, one, "lifecycle", "preStop"));
  // With several containers nobody knows which hook stands before which process.
  const sleep = hooks.length === 1 && containers.length === 1 ? sleepOf(document, hooks[0]!)?.seconds : hooks.length === 0 ? 0 : undefined;
  const key = lookup(document, spec, "containers")?.pair?.key.at;
  const at = grace.at ?? key;
  // A patch shows a part of the pod: what it leaves out stands elsewhere.
  if (sleep === undefined || !at || !trusted(document, at) || (!grace.at && !runningPod(document))) return;
  const edit = grace.at ? { set: grace.at } : spec.origin === "own" ? { insert: spec.node.at } : undefined;
  yield { at, of: { workload, names: [workload.slice(workload.indexOf("/") + 1)] }, value: { workload, ms: grace.seconds * 1000, by: "kubernetes", explicit: grace.at !== undefined, preStop: sleep * 1000, ...(edit ? { edit } : {}) } };
}

function* fromCompose(document: YamlDocument): Iterable<Fact<GracePeriod>> {
  for (const service of pairs(document, lookup(document, document.root, "services"))) {
    const found = lookup(document, service, "stop_grace_period");
    const said = scalar(document, service, "stop_grace_period");
    const ms = "absent" in said ? composeDefault : "known" in said ? parseDuration(String(said.known), "compose") : undefined;
    const at = found?.node.at ?? service.pair.key.at;
    if (ms === undefined || service.node.kind !== "map" || !trusted(document, at)) continue;
    const edit = found ? (found.origin === "own" ? { set: found.node.at } : undefined) : service.origin === "own" ? { insert: service.node.at } : undefined;
    const workload = `compose/${service.key}`;
    yield { at, of: { workload, names: [service.key] }, value: { workload, ms, by: "compose", explicit: found !== undefined, preStop: 0, ...(edit ? { edit } : {}) } };
  }
}

/** Values of a chart: the key stands beside the image, or above it. */
function* fromValues(document: YamlDocument): Iterable<Fact<GracePeriod>> {
  const open: { found: Found; of: Subject; depth: number }[] = document.root ? [{ found: { node: document.root, origin: "own" }, of: {}, depth: 0 }] : [];
  for (let one = open.pop(); one; one = open.pop()) {
    const image = text(scalar(document, one.found, "image", "repository")) ?? text(scalar(document, one.found, "image"));
    const of: Subject = image === undefined ? one.of : { image };
    const found = lookup(document, one.found, "terminationGracePeriodSeconds");
    const said = scalar(document, one.found, "terminationGracePeriodSeconds");
    if (found && "known" in said && typeof said.known === "number" && !lookup(document, one.found, "lifecycle") && found.origin === "own")
      yield { at: found.node.at, of, value: { workload: "values", ms: said.known * 1000, by: "kubernetes", explicit: true, preStop: 0, edit: { set: found.node.at } } };
    if (one.depth < 4) for (const member of pairs(document, one.found)) if (member.node.kind === "map") open.push({ found: member, of, depth: one.depth + 1 });
  }
}
