// What pitlint.yaml says of paths: grades and environments. Patterns are those of .gitignore; paths in, answers out.

import ignore from "ignore";
import { configFor } from "./config.ts";
import { within } from "./resolve.ts";
import type { Config, PathGrade, Severity, Span } from "./types.ts";

/** The grade that a team states for a rule in a path, with the place; undefined where it states none. The last statement wins. */
export function statedGrade(config: Config): (rule: string, path: string) => { readonly grade: Severity | "off"; readonly at: Span } | undefined {
  const all = config.grades.map((one) => ({ one, holds: matcher(one) }));
  return (rule, path) => {
    let said: PathGrade["grades"][number] | undefined;
    for (const { one, holds } of all) {
      const found = one.grades.findLast((each) => each.rule === rule) ?? one.grades.findLast((each) => each.rule === `${rule.slice(0, rule.indexOf("/"))}/*`);
      if (found && holds(path)) said = found;
    }
    return said;
  };
}

/** The environment that a path is deployed to, as a team states it; undefined where nothing does. */
export function environments(configs: readonly Config[]): (path: string) => string | undefined {
  if (configs.every((one) => one.environments.length === 0)) return () => undefined;
  const known = new Map<Config, readonly { readonly name: string; readonly holds: (path: string) => boolean }[]>();
  return (path) => {
    const config = configFor(configs, path);
    if (!known.has(config)) known.set(config, config.environments.map((one) => ({ name: one.name, holds: matcher(one) })));
    return known.get(config)!.findLast(({ holds }) => holds(path))?.name;
  };
}

/** Whether a path matches; without patterns every path of the folder does. */
function matcher({ folder, paths }: { readonly folder: string; readonly paths: readonly string[] }): (path: string) => boolean {
  const rules = paths.length > 0 ? ignore({ ignorecase: false }).add([...paths]) : undefined;
  return (path) => within(path, folder) && path !== folder && (!rules || rules.ignores(folder === "" ? path : path.slice(folder.length + 1)));
}

/** The pattern of which pitlint.yaml ignores a path; undefined where none does. */
export function ignoredBy(configs: readonly Config[], path: string): { readonly config: string; readonly pattern: string } | undefined {
  for (const { path: config, folder, ignore: patterns } of configs) {
    if (config === undefined || patterns.length === 0 || !matcher({ folder, paths: patterns })(path)) continue;
    return { config, pattern: patterns.findLast((one) => !one.startsWith("!") && matcher({ folder, paths: [one] })(path)) ?? patterns.join(", ") };
  }
  return undefined;
}
