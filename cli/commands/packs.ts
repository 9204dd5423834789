// `pitlint packs`: what packs there are and which version runs. `pitlint packs diff`: what another version would report on this repository.

import { configFor } from "../../engine/config.ts";
import { render } from "../../engine/message.ts";
import { releaseOf } from "../../engine/pack.ts";
import { packs } from "../../rules/packs/index.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { finish } from "../finish.ts";
import { openAt, type Opened } from "../open.ts";
import { plural, printable, ranges } from "../report/report.ts";
import type { Diagnostic, Pack, Release } from "../../engine/types.ts";

export async function packsCommand(args: Arguments): Promise<number> {
  if (args.rest[0] === "diff") return diff(args);
  const opened = await openAt(args);
  const { pins, path } = configFor(opened.session.workspace.configs, "pitlint.yaml");
  for (const pack of packs) {
    const running = releaseOf(pack, pins[pack.name]);
    const newest = pack.releases.at(-1)!;
    const pinned = pins[pack.name] === undefined ? "" : ` (pinned in ${opened.display(path!)}${running === newest ? "" : `; newest is ${newest.version}`})`;
    process.stdout.write(`${pack.name} ${running.version}${pinned}: ${pack.title}\n  applies to ${appliesTo(pack)}\n  last change ${running.date}: ${running.why}\n`);
  }
  return finish(opened, { ...opened.session.result, diagnostics: [] });
}

function appliesTo({ appliesTo: { npm, yaml } }: Pack): string {
  const packages = Object.entries(npm ?? {}).map(([name, range]) => (name === "node" ? `Node.js ${range}` : `${name} ${range}`));
  return [...packages, ...(yaml ? [`YAML of ${yaml.join(", ")}`] : [])].join("; ") || "every service";
}

async function diff(args: Arguments): Promise<number> {
  const [, first, second, ...paths] = args.rest;
  const from = versionOf(first!);
  const to = versionOf(second!);
  if (from.pack !== to.pack) throw new UsageError(`packs diff compares two versions of one pack, got ${from.pack.name} and ${to.pack.name}`);
  const opened = await openAt({ ...args, rest: paths });
  const under = ({ pack, release }: typeof from) => opened.session.pinned({ [pack.name]: release.version }).diagnostics.filter((one) => opened.asked(one.at.file));
  const [before, after] = [under(from), under(to)];
  const { releases } = from.pack;
  const [a, b] = [releases.indexOf(from.release), releases.indexOf(to.release)];
  for (const one of releases.slice(Math.min(a, b) + 1, Math.max(a, b) + 1)) process.stdout.write(`${from.pack.name} ${one.version} (${one.date}): ${one.why}\n`);
  const range = ranges({ text: (path) => opened.session.text(path) });
  const key = (one: Diagnostic) => JSON.stringify([one.rule, one.at, render(one.message)]);
  const [had, has] = [new Map(before.map((one) => [key(one), one])), new Map(after.map((one) => [key(one), one]))];
  const added = after.filter((one) => !had.has(key(one)));
  const removed = before.filter((one) => !has.has(key(one)));
  const regraded = after.filter((one) => had.has(key(one)) && had.get(key(one))!.severity !== one.severity);
  show("added", added, (one) => one.severity);
  show("removed", removed, (one) => one.severity);
  show("regraded", regraded, (one) => `${had.get(key(one))!.severity} -> ${one.severity}`);
  process.stdout.write(`${a === b ? "" : "\n"}${from.pack.name} ${from.release.version} -> ${to.release.version}: ${plural(added.length, "finding")} added, ${removed.length} removed, ${regraded.length} regraded, ${after.length - added.length - regraded.length} as before\n`);
  return finish(opened, { ...opened.session.result, diagnostics: [] });

  function show(what: string, list: readonly Diagnostic[], grade: (one: Diagnostic) => string): void {
    if (list.length) process.stdout.write(`\n${what}\n${list.map((one) => line(opened, one, grade(one))).join("")}`);
  }

  function line({ display }: Opened, one: Diagnostic, grade: string): string {
    const { start } = range(one.at);
    return `  ${printable(display(one.at.file))}:${start.line}:${start.column} ${grade}: ${printable(render(one.message))} (${one.rule})\n`;
  }
}

/** `node@1.0.0`. */
function versionOf(said: string): { readonly pack: Pack; readonly release: Release } {
  const [, name = "", version = ""] = /^([\w-]+)@(.+)$/.exec(said) ?? [];
  if (!name) throw new UsageError(`expected a pack and its version, such as ${packs[0]!.name}@${packs[0]!.releases[0]!.version}; got "${said}"`);
  const pack = packs.find((one) => one.name === name);
  if (!pack) throw new UsageError(`unknown pack "${name}"; known packs are ${packs.map((one) => one.name).join(", ")}`);
  const release = pack.releases.findLast((one) => one.version === version || one.version.startsWith(`${version}.`));
  if (!release) throw new UsageError(`unknown version "${version}" of pack ${name}; known versions are ${pack.releases.map((one) => one.version).join(", ")}`);
  return { pack, release };
}
