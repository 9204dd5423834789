// Fact: a container that runs for good, with the command that a manifest gives it and where its image is built.

import type { StartCommand } from "./image-start.ts";
import { join, folder } from "../../engine/resolve.ts";
import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { absentProvable, items, lookup, pairs, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Span, YamlDocument } from "../../engine/types.ts";

/** A command in YAML: what each word is, where it can be written anew. */
export interface ManifestCommand extends StartCommand {
  /** Scalars of the words in a list; none for a text, whose words a tool splits. */
  readonly words: readonly Span[];
  /** The list stands in brackets. */
  readonly flow?: true;
  /** The text belongs to this container alone. */
  readonly own: boolean;
}

export interface ContainerStart {
  readonly by: "kubernetes" | "compose";
  readonly image?: string;
  /** Where the image is named or built: a finding on the image's own command stands here. */
  readonly imageAt: Span;
  readonly entrypoint?: ManifestCommand;
  readonly cmd?: ManifestCommand;
  /** Dockerfile and stage, where the manifest says them. */
  readonly build?: { readonly dockerfile: string; readonly target?: string };
  /** A process of the runtime's own stands before it, and hands signals on. */
  readonly init: boolean;
  /** Runs on a developer's machine. */
  readonly dev: boolean;
}

export const containerStart: FactKind<ContainerStart> = {
  id: "container-start",
  title: "Start of a container",
  yaml: {
    mentions: [],
    *find(document) {
      if (document.class === "k8s") yield* fromPod(document);
      else if (document.class === "compose") yield* fromCompose(document);
    },
  },
};

const devPath = /(^|[/._-])(dev|devel|development|local|minikube|kind|debug|test|tests|e2e|ci|override|sandbox|devcontainer)([/._-]|$)/i;

function* fromPod(document: YamlDocument): Iterable<Fact<ContainerStart>> {
  const pod = /Job$/.test(text(scalar(document, document.root, "kind")) ?? "") ? undefined : podOf(document);
  const workload = objectId(document);
  if (!pod || workload === undefined) return;
  for (const container of appContainers(document, pod)) {
    const place = lookup(document, container, "image");
    const image = text(scalar(document, container, "image"));
    const entrypoint = command(document, container, "command");
    const cmd = command(document, container, "args");
    if (!place || !trusted(document, place.node.at) || entrypoint === "unknown" || cmd === "unknown") continue;
    yield {
      at: place.node.at, of: { workload, ...(image ? { image } : {}) },
      value: { by: "kubernetes", ...(image ? { image } : {}), imageAt: place.node.at, ...(entrypoint ? { entrypoint } : {}), ...(cmd ? { cmd } : {}), init: false, dev: devPath.test(document.path) },
    };
  }
}

function* fromCompose(document: YamlDocument): Iterable<Fact<ContainerStart>> {
  for (const service of pairs(document, lookup(document, document.root, "services"))) {
    const built = lookup(document, service, "build");
    const place = built ?? lookup(document, service, "image");
    const entrypoint = command(document, service, "entrypoint");
    const cmd = command(document, service, "command");
    if (!place?.pair || !trusted(document, place.node.at) || entrypoint === "unknown" || cmd === "unknown") continue;
    const image = built ? undefined : text(scalar(document, service, "image"));
    const build = built && buildOf(document, built);
    const mounts = items(document, lookup(document, service, "volumes")).some((one) => /^\.{1,2}(\/[^:]*)?:/.test(text(one) ?? ""));
    const imageAt = built ? place.pair.key.at : place.node.at;
    yield {
      at: imageAt, of: { workload: `compose/${service.key}`, names: [service.key] },
      value: {
        by: "compose", ...(image ? { image } : {}), imageAt, ...(entrypoint ? { entrypoint } : {}), ...(cmd ? { cmd } : {}), ...(build ? { build } : {}),
        init: lookup(document, service, "init") !== undefined, dev: devPath.test(document.path) || mounts || lookup(document, service, "develop") !== undefined,
      },
    };
  }
}

function buildOf(document: YamlDocument, built: Found): ContainerStart["build"] {
  const context = built.node.kind === "map" ? (lookup(document, built, "context") ? text(scalar(document, built, "context")) : ".") : text(scalar(document, built));
  const file = lookup(document, built, "dockerfile") ? text(scalar(document, built, "dockerfile")) : "Dockerfile";
  const target = text(scalar(document, built, "target"));
  if (context === undefined || file === undefined || (lookup(document, built, "target") && target === undefined)) return undefined;
  return { dockerfile: join(folder(document.path), context, file), ...(target ? { target } : {}) };
}

/** Words of a command; "unknown" when one of them, or whether there is one, is not known. */
function command(document: YamlDocument, from: Found, key: string): ManifestCommand | "unknown" | undefined {
  const found = lookup(document, from, key);
  if (!found) return absentProvable(document, from) ? undefined : "unknown";
  if (!trusted(document, found.node.at)) return "unknown";
  const own = found.origin === "own";
  if (found.node.kind === "seq") {
    const words = items(document, found).map((one) => ({ said: scalar(document, one), at: one.node.at }));
    const argv = words.map(({ said }) => ("known" in said && said.known !== null ? String(said.known) : undefined));
    return argv.every((word) => word !== undefined) ? { argv, at: found.node.at, words: words.map(({ at }) => at), own, ...(found.node.flow ? { flow: true } : {}) } : "unknown";
  }
  const said = scalar(document, found);
  if (!("known" in said)) return "unknown";
  return said.known === null ? undefined : { argv: split(String(said.known)), at: found.node.at, words: [], own };
}

/** Compose splits a text like a shell does, and runs none: https://docs.docker.com/reference/compose-file/services/#command */
function split(line: string): string[] {
  return [...line.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+))/g)].map((match) => match[2] ?? (match[1] ?? match[3]!).replace(/\\(.)/g, "$1"));
}
