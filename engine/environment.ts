// Environments that a team states in pitlint.yaml become deployment units: what stands in one is not compared with what stands in another. Reads no file.

import { kept, type Kept } from "./kept.ts";
import type { YamlDocument } from "./types.ts";

/**
 * The documents, each in the environment of its path; of a reading of a chart or of Compose files, of the file that makes the unit.
 * Two readings of one document stay apart although one environment names both: they are variants, not parts of one system.
 */
export function inEnvironments(documents: readonly YamlDocument[], environment: (path: string) => string | undefined, keep: Kept = kept()): readonly YamlDocument[] {
  const units = new Map<string, Set<string>>();
  const key = (one: YamlDocument, name: string) => JSON.stringify([one.path, one.index, one.at.start, name]);
  const named = documents.map((one) => {
    const name = environment(home(one));
    if (name !== undefined) units.set(key(one, name), (units.get(key(one, name)) ?? new Set()).add(one.unit ?? ""));
    return { one, name };
  });
  if (units.size === 0) return documents;
  return named.map(({ one, name }) => (name === undefined || units.get(key(one, name))!.size > 1 ? one : keep(one, `in ${name}`, [], () => ({ ...one, unit: name }))));
}

/** The file that makes the unit: a subchart's unit is called `values.yaml name`. */
function home({ unit, path }: YamlDocument): string {
  if (unit === undefined) return path;
  const name = unit.slice(unit.lastIndexOf("/") + 1);
  const file = /\.ya?ml(?= .)/s.exec(name);
  return file ? unit.slice(0, unit.length - name.length + file.index + file[0].length) : unit;
}
