// `pitlint doctor`: what is running and on which configuration. `pitlint doctor <file>`: why the file is silent. Reports no finding.

import { realpathSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { configFor } from "../../engine/config.ts";
import { releaseOf } from "../../engine/pack.ts";
import { cacheFolder } from "../../host/cache-folder.ts";
import { toolVersion } from "../../host/version.ts";
import { packs } from "../../rules/packs/index.ts";
import { finish } from "../finish.ts";
import { openAt, type Opened } from "../open.ts";
import { plural, printable } from "../report/report.ts";
import { silenceOf } from "../silence.ts";
import { linkedLines, unlinkedLines } from "../unlinked.ts";
import type { Arguments } from "../arguments.ts";
import type { Config } from "../../engine/types.ts";

export async function doctor(args: Arguments): Promise<number> {
  const opened = await openAt(args);
  const { session } = opened;
  const [path] = args.rest;
  if (path !== undefined && !statSync(path).isDirectory()) {
    const inside = relative(session.root, realpathSync(resolve(path))).split(sep).join("/");
    const { path: config } = configFor(session.workspace.configs, inside);
    process.stdout.write(`${opened.display(inside)}\n  governed by ${config === undefined ? "the built-in configuration" : opened.display(config)}\n${silenceOf(opened, inside).map((line) => `  ${printable(line)}\n`).join("")}`);
    return finish(opened, { ...session.result, problems: session.result.problems.filter((one) => one.kind === "config") });
  }
  for (const line of [...running(opened, args), ...configuration(opened), ...services(opened)]) process.stdout.write(`${printable(line)}\n`);
  return finish(opened, session.result);
}

function* running({ session, display }: Opened, { cache, profile }: Arguments): Iterable<string> {
  const { summary, complete } = session.result;
  const config = configFor(session.workspace.configs, "pitlint.yaml");
  yield `pitlint ${toolVersion()}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}`;
  yield `workspace ${session.root}`;
  yield `cache ${cache ? cacheFolder(session.root) : "off (--no-cache)"}`;
  yield `baseline ${session.baseline ? display(session.baseline.file) : "none"}`;
  yield `profile ${profile ?? config.profile}${profile ? " (--profile)" : config.path ? "" : " (built in)"}`;
  for (const pack of packs) {
    const pin = config.pins[pack.name];
    const running = releaseOf(pack, pin);
    const newest = pack.releases.at(-1)!;
    yield `pack ${pack.name} ${running.version}${pin === undefined ? "" : running === newest ? " (pinned, the newest)" : ` (pinned to ${pin}; newest is ${newest.version}: pitlint packs diff ${pack.name}@${running.version} ${pack.name}@${newest.version})`}`;
  }
  yield `${plural(summary.files, "file")}, ${summary.parsed} parsed, ${summary.notApplicable} not applicable${complete ? "" : "; incomplete"}`;
}

function* configuration({ session, display }: Opened): Iterable<string> {
  const { configs } = session.workspace;
  yield "";
  if (configs.every((one) => one.path === undefined)) return yield "no pitlint.yaml: built-in configuration (pitlint init writes one)";
  for (const one of [...configs].sort((a, b) => (a.folder < b.folder ? -1 : 1))) {
    const outer = configs.filter((other) => other !== one && (other.folder === "" || one.folder.startsWith(`${other.folder}/`))).sort((a, b) => b.folder.length - a.folder.length)[0];
    yield `${display(one.path!)} governs ${display(one.folder)}${outer ? `, and inherits from ${display(outer.path!)}` : ""}`;
    for (const line of stated(one)) yield `  ${line}`;
  }

  /** What holds in the folder, with the file that it comes from where that is another. */
  function* stated(one: Config): Iterable<string> {
    const from = (file: string | undefined) => (file === undefined || file === one.path ? "" : ` (from ${display(file)})`);
    yield `profile ${one.profile}`;
    if (Object.keys(one.pins).length) yield `packs ${Object.entries(one.pins).map(([name, version]) => `${name} ${version}`).join(", ")}`;
    if (one.ignore.length) yield `ignores ${one.ignore.join(", ")}`;
    for (const { paths, grades } of one.grades) for (const { rule, grade, at } of grades) yield `${rule} is ${grade} in ${paths.join(", ") || "all paths"}${from(at.file)}`;
    for (const { name, paths } of one.environments) yield `environment ${name}: ${paths.join(", ")}`;
    for (const service of one.services) yield `service ${service.name}: ${[service.source, ...service.workloads, ...service.images, ...service.names].filter(Boolean).join(", ")}`;
    for (const [name, value] of [["registry TTL", one.registryTtl], ["load balancer's idle timeout", one.loadBalancerIdle]] as const) if (value) yield `${name} ${value.known / 1000} s${from(value.from[0]?.file)}`;
    if (one.databaseMax) yield `database takes ${one.databaseMax.known} connections${from(one.databaseMax.from[0]?.file)}`;
    if (one.istioVersion) yield `Istio ${one.istioVersion.known}${from(one.istioVersion.from[0]?.file)}`;
    if (one.wrappers.length) yield `wrappers ${one.wrappers.join(", ")}`;
    for (const [name, library] of Object.entries(one.loggers)) yield `logger ${name} is ${library}`;
  }
}

function* services({ session }: Opened): Iterable<string> {
  const { linked, unlinked } = session.result.summary;
  yield "";
  yield linked.length ? "linked" : "no service is linked: nothing is compared between code and manifests";
  for (const one of linkedLines(linked)) yield `  ${one}`;
  if (unlinked.length) yield "not linked (pitlint services lists each; services in pitlint.yaml say what belongs together)";
  for (const one of unlinkedLines(unlinked)) yield `  ${one}`;
}
