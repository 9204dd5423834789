// Fact: how long what stands in front of a service keeps an idle connection to it, in ms. From manifests, from constants that say so, or stated.

import { ts, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { value } from "../../engine/typescript/value.ts";
import { parseDuration } from "../../engine/quantity.ts";
import { apply, asNumber } from "../../engine/value.ts";
import { lookup, pairs, scalar, text } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Span, Value, YamlDocument } from "../../engine/types.ts";
import { backends, spellings } from "./ingress-backend.ts";

/** AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout */
const albIdle = 60_000;
/** Google's proxies keep connections to a backend for 600 s, and that cannot be changed: https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends */
const gcpIdle = 600_000;

export const loadBalancerIdle: FactKind<Value<number>> = {
  id: "load-balancer-idle",
  title: "Idle time of the load balancer",
  stated: (about) => about.loadBalancerIdle,
  ts: {
    // A constant counts beside a server of the same service.
    lazy: true,
    mentions: [["idle", "Idle", "IDLE"]],
    *find(file) {
      for (const one of nodes<VariableDeclaration>(file, ts.SyntaxKind.VariableDeclaration)) yield* fromConstant(file, one);
    },
  },
  yaml: {
    mentions: [["Ingress", "LoadBalancer", "DestinationRule", "upstream-keepalive-timeout"]],
    *find(document) {
      if (document.class !== "k8s") return;
      const kind = read(document, "kind");
      if (kind === "Ingress") yield* fromIngress(document);
      else if (kind === "Service") yield* fromService(document);
      else if (kind === "DestinationRule") yield* fromDestinationRule(document);
      else if (kind === "ConfigMap") yield* fromNginx(document);
    },
  },
};

const front = /(^|_)(alb|elb|nlb|lb|load_?balancer|ingress)_/;

/** `const LB_IDLE_MS = 60_000`, `const albIdleTimeoutSeconds = 60`. Without a unit in the name, only what cannot be seconds counts. */
function* fromConstant(file: TsFile, one: VariableDeclaration): Iterable<Fact<Value<number>>> {
  if (!ts.isIdentifier(one.name) || !one.initializer || !(one.parent.flags & ts.NodeFlags.Const)) return;
  const words = one.name.text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  const before = front.exec(words);
  if (!before || !words.includes("idle", before.index + before[0].length)) return;
  const found = value(file, one.initializer);
  if (/_(s|secs?|seconds)$/.test(words)) yield { at: span(one.name), value: asNumber(apply("*", [found, { known: 1000, by: "text", from: [] }], [span(one.initializer)])) };
  else if (/_(ms|millis(econds)?)$/.test(words) || ("known" in found && typeof found.known === "number" && found.known >= 5_000)) yield { at: span(one.name), value: asNumber(found) };
}

function* fromIngress(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const annotations = lookup(document, document.root, "metadata", "annotations");
  const className = lookup(document, document.root, "spec", "ingressClassName") ?? lookup(document, annotations, "kubernetes.io/ingress.class");
  const of = { names: [...backends(document)].flatMap(spellings) };
  const own = pairs(document, annotations).find(({ key }) => key.startsWith("alb.ingress.kubernetes.io/"));
  const nginx = lookup(document, annotations, "nginx.ingress.kubernetes.io/upstream-keepalive-timeout");
  if (nginx) yield { at: nginx.node.at, of, value: seconds(document, nginx.node.at, text(nginx)) };
  else if (text(className) === "alb" || own) {
    const attributes = lookup(document, annotations, "alb.ingress.kubernetes.io/load-balancer-attributes");
    const given = /(?:^|,)\s*idle_timeout\.timeout_seconds=(\d+)/.exec(text(attributes) ?? "")?.[1];
    if (attributes && given) yield { at: attributes.node.at, of, value: seconds(document, attributes.node.at, given) };
    // In a group another Ingress may set it.
    else if (!lookup(document, annotations, "alb.ingress.kubernetes.io/group.name")) yield implied((className?.node ?? own!.node).at, of, albIdle);
  } else if (/^gce(-internal)?$/.test(text(className) ?? "")) yield implied(className!.node.at, of, gcpIdle);
}

const implied = (at: Span, of: { readonly names: readonly string[] }, known: number): Fact<Value<number>> => ({ at, of, value: { known, by: "default", from: [at] } });

/** Classic load balancers of AWS: https://kubernetes.io/docs/reference/labels-annotations-taints/#service-beta-kubernetes-io-aws-load-balancer-connection-idle-timeout */
function* fromService(document: YamlDocument): Iterable<Fact<Value<number>>> {
  if (read(document, "spec", "type") !== "LoadBalancer") return;
  const idle = lookup(document, document.root, "metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout");
  const labels = pairs(document, lookup(document, document.root, "spec", "selector")).map((one) => text(one));
  const names = [read(document, "metadata", "name"), ...labels].filter((one) => one !== undefined);
  if (idle) yield { at: idle.node.at, of: { names: names.flatMap(spellings) }, value: seconds(document, idle.node.at, text(idle)) };
}

/** Istio: how long the sidecars of the callers keep idle connections to a host. */
function* fromDestinationRule(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const idle = lookup(document, document.root, "spec", "trafficPolicy", "connectionPool", "http", "idleTimeout");
  const host = read(document, "spec", "host")?.split(".")[0];
  const ms = parseDuration(text(idle) ?? "", "istio");
  if (idle && host) yield { at: idle.node.at, of: { names: spellings(host) }, value: ms === undefined ? { unknown: "not a duration" } : { known: ms, by: "text", from: [idle.node.at] } };
}

/** ingress-nginx: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#upstream-keepalive-timeout */
function* fromNginx(document: YamlDocument): Iterable<Fact<Value<number>>> {
  const idle = lookup(document, document.root, "data", "upstream-keepalive-timeout");
  if (idle) yield { at: idle.node.at, value: seconds(document, idle.node.at, text(idle)) };
}

function seconds(document: YamlDocument, at: Span, written: string | undefined): Value<number> {
  const number = written !== undefined && document.errors.length === 0 && /^\d+s?$/.test(written) ? Number.parseInt(written, 10) : undefined;
  return number === undefined ? { unknown: "not a number of seconds" } : { known: number * 1000, by: "text", from: [at] };
}

function read(document: YamlDocument, ...keys: string[]): string | undefined {
  return text(scalar(document, document.root, ...keys));
}
