// Helm charts of a workspace: their templates as they read with each values file. Asks for files by path; reads and parses none.

import { dependenciesOf, imported, isEnabled, nameOf, underAlias, type Dependency } from "./chart-dependency.ts";
import { append } from "./grouped.ts";
import { kept, type Kept } from "./kept.ts";
import { folder, join } from "./resolve.ts";
import { fill } from "./yaml/fill.ts";
import { layerOf, member, stacked, type Layer, type Layers } from "./yaml/values.ts";
import type { Extract, YamlDocument } from "./types.ts";
import type { Scope } from "./yaml/expression.ts";

/** Values files of one chart that are judged as units of their own: more are variants nobody reads findings of. */
const MAX_UNITS = 8;

/** A chart with one set of values. */
interface Unit {
  /** Path of the strongest values file. */
  readonly id: string;
  readonly scope: Scope;
}

export interface Charts {
  /** Documents of templates with the values of each unit of their chart; other documents as they are. Templates of no chart are left out. */
  readings(documents: readonly YamlDocument[]): readonly YamlDocument[];
  /** Whether a document is a template of no chart. */
  isLoose(document: YamlDocument): boolean;
}

/** The charts of a workspace. `extract` gives what a file states, and asks for it where it was not read yet. A reading stays the same object while its template and its values do. */
export function chartsOf(paths: ReadonlySet<string>, extract: (path: string) => Extract | undefined, keep: Kept = kept()): Charts {
  const units = new Map<string, readonly Unit[]>();
  const files = new Map<string, string[]>();
  for (const path of paths) if (isValues(path)) for (const home of homesOf(path)) if (chartFile(home)) append(files, home, path);
  return {
    isLoose: ({ template, path }) => template !== undefined && homeOf(path) === undefined,
    readings: (documents) => documents.flatMap((document) => {
      if (document.template) {
        const home = homeOf(document.path);
        return home === undefined ? [] : unitsOf(home, 0).flatMap(({ id, scope }) => keep(document, `reading ${id}`, [scope], () => fill(document, scope, id)) ?? []);
      }
      const home = isValues(document.path) ? homesOf(document.path).find((one) => files.get(one)?.includes(document.path)) : undefined;
      return home === undefined ? [document] : [keep(document, "values", [], () => ({ ...document, unit: document.path }))];
    }),
  };

  function chartFile(home: string): string | undefined {
    return ["Chart.yaml", "Chart.yml"].map((name) => join(home, name)).find((path) => paths.has(path));
  }

  /** The chart that a template belongs to: the folder above the outermost `templates` that holds a Chart.yaml. */
  function homeOf(path: string): string | undefined {
    const parts = path.split("/");
    for (let at = parts.length - 2; at >= 0; at -= 1) {
      const home = parts.slice(0, at).join("/");
      if (parts[at] === "templates" && chartFile(home)) return home;
    }
    return undefined;
  }

  function unitsOf(home: string, depth: number): readonly Unit[] {
    let known = units.get(home);
    if (!known) units.set(home, (known = depth > 5 ? [] : computed(home, depth)));
    return known;
  }

  function computed(home: string, depth: number): readonly Unit[] {
    const chart = stacked([rootOf(chartFile(home))]);
    const all = [...(files.get(home) ?? [])].sort();
    const base = baseValues(home);
    const own = stacked([rootOf(base)]);
    const parent = parentOf(home);
    if (parent !== undefined) {
      const name = nameOf(chart) ?? baseOf(home);
      // A chart that no dependency names is taken under its own name.
      const named = dependencies(parent).filter((one) => one.name === name);
      return unitsOf(parent, depth + 1).flatMap((above) => (named.length === 0 ? [below(above, chart, own, name)] : named.filter((one) => isEnabled(one, above.scope.values, own)).map((one) => below(above, underAlias(chart, one), own, one.alias))));
    }
    // What a chart without values is given, nobody knows.
    const main = unit(base ?? home, { values: taking(home, own, []), chart });
    const others = all.filter((path) => path !== base && !isTried(path)).sort((a, b) => Number(isProduction(b)) - Number(isProduction(a))).slice(0, MAX_UNITS - 1);
    return [main, ...others.flatMap((path): Unit[] => {
      const over = rootOf(path);
      const values = over && taking(home, own, [over]);
      return values ? [unit(path, { values, chart })] : [];
    })];
  }

  function baseValues(home: string): string | undefined {
    return files.get(home)?.filter((path) => folder(path) === home && /^values\.ya?ml$/.test(baseOf(path))).sort()[0];
  }

  function dependencies(home: string): readonly Dependency[] {
    const stated = [chartFile(home), ...["requirements.yaml", "requirements.yml"].map((name) => join(home, name)).filter((path) => paths.has(path))];
    return stated.flatMap((path) => dependenciesOf(path === undefined ? undefined : extract(path)?.documents[0]));
  }

  /** The values of a chart with what it takes over from its dependencies, `over` them what a values file sets. Undefined where they may be anything. */
  function taking(home: string, own: Layers | undefined, over: readonly Layer[]): Layers | undefined {
    const layers: Layer[] = [];
    for (const one of dependencies(home)) {
      if (one.imports.length === 0) continue;
      const seat = join(home, `charts/${one.name}`);
      const taken = own && isEnabled(one, stacked([...over, ...own]), undefined) ? imported(one, chartFile(seat) === undefined ? undefined : stacked([rootOf(baseValues(seat))]), own[0]) : [];
      if (!taken) return undefined;
      layers.push(...taken);
    }
    return stacked([...over, ...layers, ...(own ?? [])]);
  }

  /** A subchart lies in `charts/` of its parent, whose values name it: https://helm.sh/docs/chart_template_guide/subcharts_and_globals/ */
  function parentOf(home: string): string | undefined {
    const above = folder(home);
    return baseOf(above) === "charts" && above !== "charts" && chartFile(folder(above)) !== undefined ? folder(above) : above === "charts" && chartFile("") !== undefined ? "" : undefined;
  }

  function below(above: Unit, chart: Layers | undefined, own: Layers | undefined, name: string): Unit {
    const { values } = above.scope;
    const said = values && member(values, name);
    const all = values && own ? stacked([...(said ?? []), ...own]) : undefined;
    const global = stacked([...(above.scope.global ?? []), ...((values && member(values, "global")) ?? [])]);
    return unit(`${above.id} ${name}`, { values: all, chart, ...(global ? { global } : {}) });
  }

  function unit(id: string, scope: Scope): Unit {
    const layers = [scope.values, scope.chart, scope.global];
    const [first] = layers.flatMap((one) => one ?? []);
    const made = () => ({ id, scope });
    return first ? keep(first.document, `unit ${id}`, layers.flatMap((one) => [one?.length, ...(one ?? []).flatMap(({ document, found }) => [document, found.node, found.origin])]), made) : made();
  }

  function rootOf(path: string | undefined) {
    const document = path === undefined ? undefined : extract(path)?.documents[0];
    return document && layerOf(document);
  }
}

const baseOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** `values.yaml`, `values-prod.yaml`, `values/prod.yaml`. */
function isValues(path: string): boolean {
  return /\.ya?ml$/.test(path) && (/^values(?:[._-].*)?\.ya?ml$/.test(baseOf(path)) || baseOf(folder(path)) === "values");
}

/** Folders whose chart a values file may belong to. */
function homesOf(path: string): string[] {
  const home = folder(path);
  return baseOf(home) === "values" ? [folder(home), home] : [home];
}

/** Values that somebody tries a chart with, on a machine or in its tests. */
function isTried(path: string): boolean {
  return /(?:^|[._/-])(?:dev|develop|development|local|minikube|kind|compose|test|tests|ci|example|examples|sample|schema|e2e)(?=[._/-]|$)/i.test(baseOf(path));
}

function isProduction(path: string): boolean {
  return /(?:^|[._-])(?:prod|production|live)(?=[._-]|$)/i.test(baseOf(path));
}
