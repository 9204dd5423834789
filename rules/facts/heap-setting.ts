// Question: how large may a container's heap grow, and at what size is the container killed? Pods of Kubernetes and services of Compose.

import { parseSize } from "../../engine/quantity.ts";
import { appContainers, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Span, YamlDocument } from "../../engine/types.ts";

export interface HeapSetting {
  readonly runtime: "node" | "jvm";
  /** Bytes; for a share of the limit what that comes to. */
  readonly heap: number;
  /** The share in percent, where the setting is one. */
  readonly percent?: number;
  readonly limit: number;
  readonly limitAt: Span;
  /** The flag, or the text that holds it where its place in the text is not plain. */
  readonly at: Span;
  /** The whole text, and what it is with a heap of so many MiB; undefined where it belongs to other places too. */
  readonly rewrite?: { readonly at: Span; readonly with: (mebibytes: number) => string };
}

const mebibyte = 1024 ** 2;
/** V8 takes both spellings: https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib */
const nodeHeap = /(--max[-_]old[-_]space[-_]size=)(\d+)(?![\d%])/g;
const jvmHeap = /((?:^|(?<=[\s"']|^\w+=))-Xmx)(\d+[kKmMgG]?)(?=$|[\s"'])/g;
/** The heap cannot begin larger than it may grow. */
const jvmHeapBounds = /((?:^|(?<=[\s"']|^\w+=))-Xm[xs])(\d+[kKmMgG]?)(?=$|[\s"'])/g;
const jvmShare = /(-XX:MaxRAMPercentage=)(\d+(?:\.\d+)?)/g;

/** The settings in effect: the command line wins over the environment, the last of equal flags over those before. */
export function* heapSettings(document: YamlDocument): Iterable<HeapSetting> {
  for (const { limit, texts } of containers(document)) {
    const bytes = limit && limitOf(document, limit);
    if (!limit || bytes === undefined || bytes <= 0) continue;
    const [node, jvm] = [last(texts, "node", bytes, limit), last(texts, "jvm", bytes, limit)];
    for (const one of [node, jvm]) if (one && trusted(document, one.at)) yield one;
  }
}

interface Said {
  readonly runtimes: readonly HeapSetting["runtime"][];
  readonly found: Found;
  readonly text: string;
}

/** Texts that hold options, weakest first. */
function* containers(document: YamlDocument): Iterable<{ readonly limit: Found | undefined; readonly texts: readonly Said[] }> {
  if (document.class === "k8s")
    for (const one of appContainers(document, podOf(document)))
      yield { limit: lookup(document, one, "resources", "limits", "memory"), texts: [...fromEnv(document, lookup(document, one, "env")), ...fromCommand(document, one, "command"), ...fromCommand(document, one, "args")] };
  if (document.class === "compose")
    for (const one of pairs(document, lookup(document, document.root, "services")))
      yield {
        limit: lookup(document, one, "deploy", "resources", "limits", "memory") ?? lookup(document, one, "mem_limit"),
        texts: [...fromEnv(document, lookup(document, one, "environment")), ...fromCommand(document, one, "entrypoint"), ...fromCommand(document, one, "command")],
      };
}

function fromEnv(document: YamlDocument, env: Found | undefined): Said[] {
  const said: Said[] = [];
  const add = (name: string | undefined, found: Found | undefined) => {
    const written = found && text(scalar(document, found));
    if (name === undefined || !found || written === undefined) return;
    const runtimes: HeapSetting["runtime"][] = name === "NODE_OPTIONS" ? ["node"] : /OPTS|OPTIONS|JVM|JAVA|ARGS/.test(name) ? ["jvm"] : [];
    said.push({ runtimes, found, text: written });
  };
  for (const { key, ...found } of pairs(document, env)) add(key, found);
  for (const one of items(document, env)) {
    add(text(scalar(document, one, "name")), lookup(document, one, "value"));
    // `NAME=value` of Compose.
    if (one.node.kind === "scalar") add(text(scalar(document, one))?.split("=")[0], one);
  }
  return said;
}

function fromCommand(document: YamlDocument, container: Found, key: string): Said[] {
  const found = lookup(document, container, key);
  const words = found?.node.kind === "scalar" ? [found] : items(document, found);
  return words.flatMap((one) => {
    const written = text(scalar(document, one));
    return written === undefined ? [] : [{ runtimes: ["node", "jvm"] as const, found: one, text: written }];
  });
}

function limitOf(document: YamlDocument, found: Found): number | undefined {
  const value = scalar(document, found);
  return "known" in value && (typeof value.known === "string" || typeof value.known === "number") ? parseSize(value.known, document.class === "compose" ? "compose" : "k8s") : undefined;
}

function last(texts: readonly Said[], runtime: HeapSetting["runtime"], limit: number, limitFound: Found): HeapSetting | undefined {
  let setting: HeapSetting | undefined;
  const about = { runtime, limit, limitAt: limitFound.node.at };
  for (const said of texts) {
    if (!said.runtimes.includes(runtime)) continue;
    const absolute = [...said.text.matchAll(runtime === "node" ? nodeHeap : jvmHeap)].at(-1);
    const share = runtime === "jvm" ? [...said.text.matchAll(jvmShare)].at(-1) : undefined;
    const rewriteAs = (shape: RegExp, value: (mebibytes: number) => string) => said.found.origin === "own" ? { rewrite: { at: said.found.node.at, with: (mebibytes: number) => said.text.replace(shape, `$1${value(mebibytes)}`) } } : {};
    if (absolute) {
      const heap = runtime === "node" ? Number(absolute[2]) * mebibyte : parseSize(absolute[2]!, "compose");
      if (heap !== undefined && heap > 0) setting = { ...about, heap, at: flagAt(said, absolute), ...(runtime === "node" ? rewriteAs(nodeHeap, String) : rewriteAs(jvmHeapBounds, (mebibytes) => `${mebibytes}m`)) };
    } else if (share) setting = { ...about, heap: (limit * Number(share[2])) / 100, percent: Number(share[2]), at: flagAt(said, share), ...rewriteAs(jvmShare, () => "75.0") };
  }
  return setting;
}

/** In a text of one line without escapes, the flag itself. */
function flagAt({ found, text: written }: Said, match: RegExpMatchArray): Span {
  const { node } = found;
  const quote = node.kind === "scalar" && (node.style === "double" || node.style === "single") ? 1 : 0;
  const isPlain = node.at.end - node.at.start === written.length + 2 * quote && !written.includes("\n");
  const start = node.at.start + quote + match.index!;
  return isPlain ? { file: "", start, end: start + match[0].length } : node.at;
}
