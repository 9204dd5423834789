// Why is a finding new, gone, or louder? Compares what two results rest on. Says what is proven first, then what else changed.

import type { Basis } from "./report/report.ts";

/**
 * The findings of two results that are in one and not in the other, and pairs of those that are in both. Equal findings differ in an index that counts them, so they are paired by what they are:
 * those of one file first, then the others, as a renamed file has them.
 */
export function unpaired<A extends Printed, B extends Printed>(before: readonly A[], now: readonly B[]): { readonly gone: readonly A[]; readonly added: readonly B[]; readonly kept: readonly (readonly [A, B])[] } {
  const gone = new Set(before);
  const added = new Set(now);
  const kept: (readonly [A, B])[] = [];
  for (const key of [(one: Printed) => JSON.stringify([kindOf(one.fingerprint), one.file]), (one: Printed) => kindOf(one.fingerprint)]) {
    const open = new Map<string, A[]>();
    for (const one of gone) open.set(key(one), [...(open.get(key(one)) ?? []), one]);
    for (const one of added) {
      const partner = open.get(key(one))?.shift();
      if (partner) gone.delete(partner), added.delete(one), kept.push([partner, one]);
    }
  }
  return { gone: [...gone], added: [...added], kept };
}

interface Printed {
  readonly fingerprint: string;
  readonly file: string;
}

/** A fingerprint without the index that tells equal findings apart. */
export const kindOf = (fingerprint: string) => fingerprint.replace(/-\d+$/, "");

/** One finding of either result, with what is known of it in the later run. */
export interface Changed {
  readonly isNew: boolean;
  /** The file it stands in and those it points to, as shown. */
  readonly files: readonly string[];
  /** The package that its file belongs to, as shown. */
  readonly package: string;
  /** What silences it now: a comment, the baseline, a grade. */
  readonly silenced?: string;
  /** Whether the earlier versions of the packs report it, as loud as it was, on the code of today; undefined where that cannot be told. */
  readonly underEarlierPacks?: boolean;
}

export interface Sides {
  readonly before: Basis & { readonly tool: string };
  readonly now: Basis & { readonly tool: string };
  /** What a release changed, by pack. */
  why(pack: string, from: string, to: string): string;
}

/** Causes in one line each, `code: ...`, `rules: ...`, `configuration: ...` or `libraries: ...`; never empty. */
export function causesOf(one: Changed, { before, now, why }: Sides): readonly string[] {
  const causes: string[] = [];
  if (one.silenced) causes.push(one.silenced);
  const pinned = Object.keys(now.packs).filter((name) => before.packs[name] !== now.packs[name]);
  if (pinned.length && one.underEarlierPacks !== undefined && one.underEarlierPacks !== one.isNew) causes.push(...pinned.map((name) => `rules: ${name} ${before.packs[name] ?? "(none)"} -> ${now.packs[name]}: ${why(name, before.packs[name] ?? "", now.packs[name]!)}`));
  const involved = one.files.filter((file) => before.files[file] !== now.files[file]);
  causes.push(...involved.map((file) => `code: ${file} ${before.files[file] === undefined ? "is new, or mentioned nothing" : now.files[file] === undefined ? "is gone, or mentions nothing" : "changed"}`));
  if (before.profile !== now.profile) causes.push(`configuration: profile ${before.profile} -> ${now.profile}`);
  if (String(before.rules) !== String(now.rules)) causes.push(`configuration: --rule ${before.rules?.join(", ") ?? "all"} -> ${now.rules?.join(", ") ?? "all"}`);
  causes.push(...differing(before.configuration, now.configuration).map((file) => `configuration: ${file} ${fate(before.configuration[file], now.configuration[file])}`));
  const [had, has] = [before.libraries[one.package] ?? {}, now.libraries[one.package] ?? {}];
  causes.push(...differing(had, has).map((name) => `libraries: ${name} ${had[name] ?? "(none)"} -> ${has[name] ?? "(none)"} in ${one.package}`));
  if (before.tool !== now.tool) causes.push(`rules: pitlint ${before.tool} -> ${now.tool} may see more or less`);
  // A fact of another file can decide: only where nothing nearer did.
  const elsewhere = causes.length ? [] : differing(before.files, now.files);
  if (elsewhere.length) causes.push(`code: ${elsewhere.slice(0, 3).join(", ")}${elsewhere.length > 3 ? ` and ${elsewhere.length - 3} more` : ""} changed, and facts of other files count`);
  return causes.length ? causes : ["nothing that the reports rest on changed: a suppression ended on its date, or a manifest that is not hashed changed"];
}

function differing(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => before[key] !== now[key]).sort();
}

const fate = (before: string | undefined, now: string | undefined) => (before === undefined ? "is new" : now === undefined ? "is gone" : "changed");
