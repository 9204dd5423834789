// A first pitlint.yaml for a repository: what was found, and in comments what a team may want to state. Every comment is right once its `#` is gone.

import infrastructure from "../rules/defaults/infrastructure-images.json" with { type: "json" };
import { isNonProduction } from "../engine/gate.ts";
import { folder, within } from "../engine/resolve.ts";
import { workloadsOf } from "../engine/workload.ts";
import { packagesOf } from "../engine/workspace.ts";
import { packs } from "../rules/packs/index.ts";
import { placed, split, unlinkedLines, workloadCount } from "./unlinked.ts";
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
  for (const source of sources) lines.push(...(source === sources[0] ? ["", "# Linked by what stands in the repository; nothing to state (pitlint services)"] : []), `#   ${linked.find((one) => one.source === source)!.service}: ${source || "."} runs as ${targetsOf(source).join(", ")}`);
  const suggested = suggestions();
  const left = [...new Set(workloads.map((one) => one.id))].filter((id) => !suggested.some((one) => one.workload === id));
  if (left.length) lines.push("", `# Workloads that no package fits; of others' images and other languages there is nothing to state:`, ...wrapped(left));
  if (suggested.length) lines.push("", "# Not linked: name what belongs together, where it is yours", "# services:", ...suggested.map((one) => one.line));
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
      `workloads: ${workloadCount(linked.map((one) => one.target))} linked, ${workloadCount(workloads.map((one) => one.name))} not${workloads.length ? " (pitlint services)" : ""}`,
      ...unlinkedLines(workloads).map((line) => `  ${line}`),
      ...(alone.length ? [`packages without a workload: ${alone.map((one) => one || ".").join(", ")}`] : []),
      `loggers: ${[...libraries, ...unknown.map((one) => `${one} (unknown: say what it behaves like)`)].join(", ") || "none"}`,
      "profile: recommended",
    ],
  };

  function targetsOf(source: string): readonly string[] {
    const files = new Map<string, string[]>();
    for (const { id, file } of linked.filter((one) => one.source === source).map((one) => split(one.target))) files.set(id, [...(files.get(id) ?? []), ...(file === undefined ? [] : [file])]);
    return [...files].map(([id, all]) => placed(id, all));
  }

  /** Packages that no workload is linked to, each beside the workload whose name is nearest. The root of several packages, tests and libraries are started by nobody. */
  function suggestions(): readonly { readonly line: string; readonly workload?: string }[] {
    const started = new Set(packagesOf(workspace.manifests).filter((one) => !one.library).map((one) => one.folder));
    const candidates = alone.filter((one) => started.has(one) && !isNonProduction(`${one}/x`) && (one !== "" || alone.length + sources.length === 1));
    const ids = [...new Set(workloads.map((one) => one.id))];
    const nameOf = (id: string) => id.slice(id.indexOf("/") + 1);
    // Of few workloads and one package somebody can say whether they are one.
    const only = candidates.length === 1 && ids.length <= 3 ? ids.map((id) => ({ id, source: candidates[0]! })) : [];
    const rows = only.length ? only : ids.flatMap((id) => candidates.filter((one) => one === nameOf(id) || one.endsWith(`/${nameOf(id)}`)).slice(0, 1).map((source) => ({ id, source })));
    const used = new Set(rows.map((one) => one.source));
    const seen = new Set<string>();
    const named = [
      ...rows.map(({ id, source }) => ({ name: nameOf(id), line: `{ source: ${word(inner(source) || ".")}, workloads: [${word(id)}] }`, workload: id })),
      ...candidates.filter((one) => !used.has(one)).map((source) => ({ name: source.slice(source.lastIndexOf("/") + 1) || "root", line: `{ source: ${word(inner(source) || ".")} }` })),
    ];
    return named.filter((one) => !seen.has(one.name) && seen.add(one.name)).map((one) => ({ ...one, line: `#   ${word(one.name)}: ${one.line}` }));
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

/** Names in comments of at most 120 columns, so many that a reader sees what is meant. */
function wrapped(names: readonly string[]): string[] {
  const shown = [...names.slice(0, 24), ...(names.length > 24 ? [`and ${names.length - 24} more (pitlint services)`] : [])];
  const lines: string[] = [];
  for (const one of shown) {
    const last = lines.at(-1);
    if (last === undefined || last.length + one.length > 117) lines.push(`#   ${one}`);
    else lines[lines.length - 1] = `${last}, ${one}`;
  }
  return lines;
}

/** `Deployment/orders (k8s/orders.yaml)` or `package services/orders`. */
function placeOf(name: string): { readonly id: string; readonly file: string; readonly isPackage: boolean } {
  const [, source] = /^package (.*)$/.exec(name) ?? [];
  if (source !== undefined) return { id: name, file: source === "." ? "" : source, isPackage: true };
  const { id, file = "" } = split(name);
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
