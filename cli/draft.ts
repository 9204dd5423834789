// A first pitlint.yaml for a repository: what was found, and in comments what a team may want to state. Every comment is right once its `#` is gone.

import infrastructure from "../rules/defaults/infrastructure-images.json" with { type: "json" };
import { folder, within } from "../engine/resolve.ts";
import { workloadsOf } from "../engine/workload.ts";
import { packs } from "../rules/packs/index.ts";
import type { Session } from "../host/session.ts";

export interface Draft {
  readonly text: string;
  /** What was found, one line each, for the terminal. */
  readonly found: readonly string[];
}

/** Drafts the file for a folder of the workspace, "" for its root. */
export function draft({ result, workspace, plan }: Session, home: string): Draft {
  const below = (path: string) => within(path, home);
  const inner = (path: string) => (home === "" ? path : path.slice(home.length + 1));
  const facts = (id: string) => {
    const kind = plan.kinds.find((one) => one.id === id);
    return kind ? result.index.list(kind).filter((one) => below(one.at.file)) : [];
  };
  const linked = result.summary.linked.filter((one) => below(one.source));
  const unlinked = result.summary.unlinked.map((one) => ({ ...one, ...placeOf(one.name) })).filter((one) => below(one.file));
  const sources = [...new Set(linked.map((one) => one.source))].sort();
  const alone = unlinked.filter((one) => one.isPackage).map((one) => one.file);
  const patterns = infrastructure.map((one) => new RegExp(one.image));
  const images = new Map(result.index.documents.flatMap((document) => workloadsOf(document)).map((one) => [`${one.id} (${one.document.path})`, one.image]));
  const workloads = unlinked.filter((one) => !one.isPackage && !patterns.some((each) => each.test(images.get(one.name) ?? "")));
  const libraries = [...new Set(facts("logger").map((one) => String((one.value as { library: string }).library)))].sort();
  const unknown = loggersOf(workspace.manifests, below);

  const lines = [
    "# What pitlint cannot see in this repository, stated once. https://github.com/pitlint/pitlint/blob/main/docs/configuration.md",
    "", "# strict grades some findings higher and shows more of them", "profile: recommended",
    "", "# An upgrade of pitlint adds no finding until these move: pitlint packs", `packs: { ${packs.map((pack) => `${pack.name}: "${pack.releases.at(-1)!.version}"`).join(", ")} }`,
    "", "# Paths to leave alone, as in .gitignore", "# ignore: [generated/]",
  ];
  for (const source of sources) lines.push(...(source === sources[0] ? ["", "# Linked by what stands in the repository; nothing to state (pitlint services)"] : []), `#   ${linked.find((one) => one.source === source)!.service}: ${source || "."} runs as ${linked.filter((one) => one.source === source).map((one) => one.target).join(", ")}`);
  if (workloads.length && alone.length === 0) lines.push("", `# Linked to no package, and every package is linked: ${workloads.map((one) => one.id).join(", ")}`);
  if (alone.length) lines.push("", "# Not linked: name what belongs together, where it is yours", "# services:", ...suggestions());
  const regions = environmentsOf();
  if (regions.length > 1) lines.push("", "# Manifests of different environments, which are then never compared with each other", "# environments:", ...regions.map(([name, path]) => `#   ${word(name)}: [${word(`${path}/`)}]`));
  lines.push("", "# Facts that live outside the repository");
  if (facts("registry-ttl").length === 0) lines.push("# registry: { ttl: 30s }                # how long the registry keeps an instance that stops renewing");
  if (facts("load-balancer-idle").length === 0) lines.push("# loadBalancer: { idleTimeout: 60s }    # how long the load balancer keeps an idle connection");
  if (facts("database-limit").length === 0) lines.push("# database: { maxConnections: 100 }     # connections that the database takes from all clients together");
  if (facts("istio-version").length === 0) lines.push('# istio: { version: "1.27" }            # version of the mesh that runs');
  lines.push("", `# Loggers of your own, and the library they behave like${libraries.length ? `; seen here: ${libraries.join(", ")}` : ""}`);
  lines.push(`# loggers: { ${(unknown.length ? unknown.map((name) => `${name}#logger`) : ["./src/log#logger"]).map((name) => `"${name}": pino`).join(", ")} }`);
  lines.push("", "# Functions that set a timeout themselves", '# wrappers: ["@acme/http#request"]', "");
  return {
    text: lines.join("\n"),
    found: [
      `services linked: ${sources.map((one) => linked.find((each) => each.source === one)!.service).join(", ") || "none"}`,
      `workloads: ${linked.length} linked, ${workloads.length} not`,
      ...workloads.map((one) => `  ${one.name}: ${one.reason}`),
      ...(alone.length ? [`packages without a workload: ${alone.map((one) => one || ".").join(", ")}`] : []),
      `loggers: ${[...libraries, ...unknown.map((one) => `${one} (unknown: say what it behaves like)`)].join(", ") || "none"}`,
      "profile: recommended",
    ],
  };

  /** Workloads that nothing links, each beside the package whose name is nearest, else one that has no workload. */
  function suggestions(): string[] {
    const rows = workloads.slice(0, 20).map((one) => {
      const name = one.id.slice(one.id.indexOf("/") + 1);
      const source = alone.find((each) => each.endsWith(name)) ?? (alone.length === 1 ? alone[0] : undefined);
      return { name, source, workload: one.id };
    });
    const used = new Set(rows.map((one) => one.source));
    const seen = new Set<string>();
    const rest = alone.filter((one) => !used.has(one)).map((source) => ({ name: source.slice(source.lastIndexOf("/") + 1) || "root", source, workload: undefined }));
    return [...rows, ...rest].filter((one) => !seen.has(one.name) && seen.add(one.name)).map(({ name, source, workload }) => {
      const parts = [...(source === undefined ? [] : [`source: ${word(inner(source) || ".")}`]), ...(workload ? [`workloads: [${word(workload)}]`] : [])];
      return `#   ${word(name)}: { ${parts.join(", ")} }`;
    });
  }

  function environmentsOf(): (readonly [name: string, path: string])[] {
    const found = new Map<string, string>();
    for (const one of result.index.documents) {
      if (one.class !== "k8s" || one.unit !== undefined || !below(one.path)) continue;
      const parts = folder(inner(one.path)).split("/");
      const at = parts.findIndex((part) => /^(prod|production|live|staging|stage|preprod|qa|dev|development)$/.test(part));
      if (at >= 0 && !found.has(parts[at]!)) found.set(parts[at]!, parts.slice(0, at + 1).join("/"));
    }
    return [...found].sort();
  }
}

/** `Deployment/orders (k8s/orders.yaml)` or `package services/orders`. */
function placeOf(name: string): { readonly id: string; readonly file: string; readonly isPackage: boolean } {
  const [, source] = /^package (.*)$/.exec(name) ?? [];
  if (source !== undefined) return { id: name, file: source === "." ? "" : source, isPackage: true };
  const [, id = name, file = ""] = /^(.*) \(([^()]*)\)$/.exec(name) ?? [];
  return { id, file, isPackage: false };
}

/** Dependencies of a scope or a workspace that sound like a logger and are none that is known. */
function loggersOf(manifests: ReadonlyMap<string, string>, below: (path: string) => boolean): string[] {
  const found = new Set<string>();
  for (const [path, text] of manifests) {
    if (!/(^|\/)package\.json$/.test(path) || !below(path)) continue;
    for (const [name] of text.matchAll(/(?<=")@[\w-]+\/[\w.-]*log(?:ger|ging)?(?="\s*:)/g)) if (!/^@(types|nestjs|fastify|google-cloud|aws-lambda-powertools|opentelemetry)\//.test(name)) found.add(name);
  }
  return [...found].sort();
}

/** Plain where YAML reads it as text, else quoted. */
const word = (text: string) => (/^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text));
