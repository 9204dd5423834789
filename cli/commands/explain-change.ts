// `pitlint explain-change <report.json>`: for every finding that is new, gone or of another grade since an earlier JSON report, what changed.

import { readFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { render } from "../../engine/message.ts";
import { reasonOf } from "../../host/failure.ts";
import { toolVersion } from "../../host/version.ts";
import { packs } from "../../rules/packs/index.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { basisOf } from "../basis.ts";
import { causesOf, kindOf, unpaired, type Sides } from "../cause.ts";
import { finish } from "../finish.ts";
import { openAt } from "../open.ts";
import { plural, printable, ranges, type Basis } from "../report/report.ts";
import type { Diagnostic } from "../../engine/types.ts";

interface Earlier {
  readonly tool: { readonly version: string };
  readonly basis: Basis;
  readonly diagnostics: readonly { readonly rule: string; readonly severity: string; readonly message: string; readonly file: string; readonly fingerprint: string; readonly range: { readonly start: { readonly line: number; readonly column: number } }; readonly related: readonly { readonly file: string }[] }[];
}

export async function explainChange(args: Arguments): Promise<number> {
  const [path, ...paths] = args.rest;
  const earlier = read(path!);
  const asked = { ...args, rest: paths.length ? paths : earlier.basis.paths, ...(args.only ?? earlier.basis.rules ? { only: args.only ?? earlier.basis.rules! } : {}) };
  const opened = await openAt(asked);
  const { session, display } = opened;
  const now = opened.result();
  const sides: Sides = { before: { ...earlier.basis, tool: earlier.tool.version }, now: { ...basisOf(opened, asked), tool: toolVersion() }, why };
  const isRepinned = Object.keys(sides.now.packs).some((name) => sides.before.packs[name] !== sides.now.packs[name]);
  const isKnown = Object.entries(sides.before.packs).every(([name, version]) => packs.some((pack) => pack.name === name && pack.releases.some((one) => one.version === version)));
  const replayed = isRepinned && isKnown ? session.pinned(sides.before.packs).diagnostics : undefined;
  const replay = (file: string, fingerprint: string) => (replayed ? { underEarlierPacks: replayed.some((one) => display(one.at.file) === file && kindOf(one.fingerprint) === kindOf(fingerprint)) } : {});
  const range = ranges({ text: (file) => session.text(file) });
  const place = (one: Diagnostic) => `${display(one.at.file)}:${range(one.at).start.line}:${range(one.at).start.column}`;
  const packageOf = (file: string) => display(session.result.index.ownerOf(file).replace(/^package:/, ""));
  const fromShown = (file: string) => relative(session.root, resolve(file)).split(sep).join("/");

  const { added: fresh, gone: lost, kept } = unpaired(earlier.diagnostics, now.diagnostics.map((one) => ({ one, fingerprint: one.fingerprint, file: display(one.at.file) })));
  const added = fresh.map(({ one, file, fingerprint }) => ({
    line: `new   ${place(one)} ${one.severity}: ${printable(render(one.message))} (${one.rule})`,
    causes: causesOf({ isNew: true, files: filesOf(file, (one.related ?? []).map((other) => display(other.at.file))), package: packageOf(one.at.file), ...replay(file, fingerprint) }, sides),
  }));
  const gone = lost.filter((one) => opened.asked(fromShown(one.file))).map((one) => {
    const silenced = silencedBy(one.fingerprint, one.rule, fromShown(one.file));
    return {
      line: `gone  ${one.file}:${one.range.start.line}:${one.range.start.column} ${one.severity}: ${printable(one.message)} (${one.rule})`,
      causes: causesOf({ isNew: false, files: filesOf(one.file, one.related.map((other) => other.file)), package: packageOf(fromShown(one.file)), ...(silenced ? { silenced } : {}), ...replay(one.file, one.fingerprint) }, sides),
    };
  });
  const regraded = kept.filter(([had, { one }]) => had.severity !== one.severity).map(([had, { one, file, fingerprint }]) => {
    const earlierGrade = replayed?.find((other) => display(other.at.file) === file && other.fingerprint === fingerprint)?.severity;
    return {
      line: `grade ${place(one)} ${had.severity} -> ${one.severity}: ${printable(render(one.message))} (${one.rule})`,
      causes: causesOf({ isNew: false, files: filesOf(file, []), package: packageOf(one.at.file), ...(earlierGrade === undefined ? {} : { underEarlierPacks: earlierGrade === had.severity }) }, sides),
    };
  });
  for (const { line, causes } of [...added, ...gone, ...regraded]) process.stdout.write(`${line}\n${causes.map((cause) => `        ${printable(cause)}\n`).join("")}`);
  process.stdout.write(`${added.length + gone.length + regraded.length ? "\n" : ""}${added.length} new, ${gone.length} gone, ${regraded.length ? `${regraded.length} regraded, ` : ""}${plural(now.diagnostics.length - added.length - regraded.length, "finding")} as in ${path}\n`);
  return finish(opened, now);

  function silencedBy(fingerprint: string, rule: string, file: string): string | undefined {
    const same = (one: Diagnostic) => one.at.file === file && kindOf(one.fingerprint) === kindOf(fingerprint);
    const comment = now.suppressed.find(same);
    if (comment) return `code: suppressed at ${display(comment.by.at.file)}:${range(comment.by.at).start.line}: ${comment.by.reason}`;
    if (now.baselined.some(same)) return "configuration: the baseline accepts it";
    const off = session.result.ungraded.find((one) => one.rule === rule && one.at.file === file && one.stated);
    return off?.stated && `configuration: graded off at ${display(off.stated.file)}:${range(off.stated).start.line}`;
  }
}

const filesOf = (file: string, related: readonly string[]) => [...new Set([file, ...related])];

/** Why the releases after `from` up to `to` were made; of a step back, what is undone. */
function why(name: string, from: string, to: string): string {
  const releases = packs.find((one) => one.name === name)?.releases ?? [];
  const [a, b] = [from, to].map((version) => releases.findIndex((one) => one.version === version)) as [number, number];
  const between = releases.slice(Math.min(a, b) + 1, Math.max(a, b) + 1).map((one) => one.why).join(" ");
  return b < a ? `undoes: ${between}` : between;
}

function read(path: string): Earlier {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reasonOf(error)}`);
  }
  const isMap = (one: unknown): one is Record<string, unknown> => one !== null && typeof one === "object" && !Array.isArray(one);
  const parsed: unknown = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      throw new UsageError(`${path} is no JSON; expected what pitlint --format json=${path} writes`);
    }
  })();
  if (!isMap(parsed) || parsed.version !== 1 || !isMap(parsed.tool) || !Array.isArray(parsed.diagnostics)) throw new UsageError(`${path} is no report of pitlint; expected what pitlint --format json=${path} writes`);
  if (!isMap(parsed.basis) || !["packs", "configuration", "files", "libraries"].every((key) => isMap((parsed.basis as Record<string, unknown>)[key])) || !Array.isArray(parsed.basis.paths)) throw new UsageError(`${path} does not say what it rests on; write it again with this version: pitlint --format json=${path}`);
  return parsed as unknown as Earlier;
}
