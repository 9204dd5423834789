// Which folder is an image built from? Read from what builds images outside of the manifests: skaffold and workflows of the forge. A folder that is not certain is left out.

import { append } from "./grouped.ts";
import { folder, join, within } from "./resolve.ts";
import { imageBase } from "./workload.ts";
import { items, lookup, pairs, scalar, text, type Found, type From } from "./yaml/read.ts";
import type { Mentions, YamlDocument } from "./types.ts";

/** A workflow that builds an image says one of these. */
export const buildMentions: Mentions = [["build-push-action", "docker build", "docker image"]];

export interface ImageBuild {
  /** Package folder. */
  readonly folder: string;
  /** `skaffold builds it from`. */
  readonly by: string;
}

/** It may say from which folder an image is built. */
export const isBuilder = (document: YamlDocument): boolean => document.class === "skaffold" || document.class === "gha";

/** Builds by the last part of the image's name. */
export function imageBuilds(documents: Iterable<YamlDocument>): ReadonlyMap<string, readonly ImageBuild[]> {
  const builds = new Map<string, ImageBuild[]>();
  const add = (image: string, from: ImageBuild) => {
    const name = imageBase(image);
    if (/^[\w.-]+$/.test(name) && !builds.get(name)?.some((one) => one.folder === from.folder)) append(builds, name, from);
  };
  for (const one of documents) {
    if (one.class === "skaffold") fromSkaffold(one, add);
    else if (one.class === "gha") fromWorkflow(one, add);
  }
  return builds;
}

type Add = (image: string, from: ImageBuild) => void;

/** https://skaffold.dev/docs/references/yaml/#build-artifacts */
function fromSkaffold(document: YamlDocument, add: Add): void {
  for (const artifact of items(document, lookup(document, document.root, "build", "artifacts"))) {
    const image = said(document, artifact, "image");
    const context = lookup(document, artifact, "context") ? said(document, artifact, "context") : ".";
    const dockerfile = said(document, artifact, "docker", "dockerfile");
    if (image !== undefined && context !== undefined) add(image, { folder: sourceOf(join(folder(document.path), context), dockerfile && join(folder(document.path), context, dockerfile)), by: "skaffold builds it from" });
  }
}

/** `docker/build-push-action` and `docker build` in the steps of a workflow; a matrix stands for each of its rows. */
function fromWorkflow(document: YamlDocument, add: Add): void {
  const home = document.path.slice(0, Math.max(0, document.path.lastIndexOf(".github/") - 1));
  const by = "a workflow builds it from";
  for (const job of pairs(document, lookup(document, document.root, "jobs")))
    for (const row of rowsOf(document, job)) {
      const env = new Map<string, string>([document.root, job].flatMap((from) => pairs(document, lookup(document, from, "env")).map((one) => [`env.${one.key}`, text(one) ?? ""] as const)));
      const put = (found: Found | undefined) => (text(found) ?? "").replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => row.get(name) ?? env.get(name) ?? unknown);
      const steps = items(document, lookup(document, job, "steps"));
      const images = new Map(steps.map((step) => [said(document, step, "id"), put(lookup(document, step, "with", "images"))]));
      for (const step of steps) {
        const given = (key: string) => put(lookup(document, step, "with", key));
        if (/^docker\/build-push-action@/.test(said(document, step, "uses") ?? "")) {
          const meta = /steps\.([\w-]+)\.outputs\.tags/.exec(text(lookup(document, step, "with", "tags")) ?? "")?.[1];
          const [context, file] = [given("context") || ".", given("file")];
          if (`${context}${file}`.includes(unknown)) continue;
          for (const tag of (meta === undefined ? given("tags") : (images.get(meta) ?? "")).split(/[\n,]/)) if (tag.trim()) add(tag.trim(), { folder: sourceOf(join(home, context), file && join(home, file)), by });
        }
        const at = said(document, step, "working-directory") ?? "";
        for (const line of put(lookup(document, step, "run")).replace(/\\\r?\n/g, " ").split("\n")) for (const { image, context, file } of dockerBuilds(line)) add(image, { folder: sourceOf(join(home, at, context), file && join(home, at, file)), by });
      }
    }
}

/** Stands for what only a run knows; no name holds it. */
const unknown = "\0";

/** Values of a matrix: each row of `include`, and each value of its lists. */
function rowsOf(document: YamlDocument, job: Found): readonly ReadonlyMap<string, string>[] {
  const matrix = lookup(document, job, "strategy", "matrix");
  const rows = items(document, lookup(document, matrix, "include")).map((row) => new Map(pairs(document, row).map((one) => [`matrix.${one.key}`, text(one) ?? unknown])));
  for (const list of pairs(document, matrix))
    if (list.key !== "include" && list.key !== "exclude")
      for (const one of items(document, list)) rows.push(one.node.kind === "map" ? new Map(pairs(document, one).map((each) => [`matrix.${list.key}.${each.key}`, text(each) ?? unknown])) : new Map([[`matrix.${list.key}`, text(one) ?? unknown]]));
  return rows.length > 0 ? rows : [new Map()];
}

/** `docker build -t name -f file context` of one line; variables of the shell are unknown. */
function* dockerBuilds(line: string): Iterable<{ readonly image: string; readonly context: string; readonly file: string }> {
  for (const [, rest] of line.matchAll(/\bdocker\s+(?:buildx\s+|image\s+)?build\s+([^;&|]*)/g)) {
    const words = rest!.trim().split(/\s+/).map((word) => word.replace(/^["']|["']$/g, ""));
    const after = (names: readonly string[]) => words.flatMap((word, index) => (names.includes(word) ? [words[index + 1] ?? ""] : names.filter((name) => word.startsWith(`${name}=`)).map((name) => word.slice(name.length + 1))));
    const context = words.at(-1) ?? "";
    const [file = ""] = after(["-f", "--file"]);
    if (context.startsWith("-") || !/^[\w./-]+$/.test(context) || !/^[\w./-]*$/.test(file)) continue;
    for (const image of after(["-t", "--tag"])) {
      const tag = image.indexOf(":", image.lastIndexOf("/") + 1);
      yield { image: tag < 0 ? image : image.slice(0, tag), context, file };
    }
  }
}

/** The Dockerfile's folder where it lies deeper than the context. */
function sourceOf(context: string, dockerfile: string | undefined): string {
  return dockerfile && within(dockerfile, context) ? folder(dockerfile) : context;
}

const said = (document: YamlDocument, from: From, ...keys: string[]) => text(scalar(document, from, ...keys));
