// Question: how long do callers of a route wait, by what stands in front of its service? Adds nothing that it does not know.

import { pathsOf } from "./route-path.ts";
import { routeBudget, type RouteBudget } from "./route-budget.ts";
import type { RouteWork } from "./route-work.ts";
import type { Facts, Known, Linked } from "../../engine/types.ts";

export interface Budget {
  readonly ms: number;
  readonly by: RouteBudget["by"];
  readonly limit: Known<number>;
}

/** The longest limit that any manifest lets this route have; undefined where one may let it have none. */
export function budgetOf(one: Linked<RouteWork>, facts: Facts): Budget | undefined {
  return longest(pathsOf(one, facts), facts.beside(one, routeBudget));
}

/** The same for a path of a service that is called by it. */
export function longest(paths: readonly { readonly path: string; readonly open: boolean }[], budgets: readonly Linked<RouteBudget>[]): Budget | undefined {
  const documents = new Map<string, Linked<RouteBudget>[]>();
  for (const one of budgets) {
    const key = `${one.at.file}:${one.value.document}`;
    documents.set(key, [...(documents.get(key) ?? []), one]);
  }
  let found: Budget | undefined;
  for (const { path, open } of paths)
    for (const routes of documents.values()) {
      const taken = taking(path, open, routes);
      if (taken.some(({ value }) => !value.limit)) return undefined;
      for (const { value } of taken) if (!found || value.limit!.known > found.ms) found = { ms: value.limit!.known, by: value.by, limit: value.limit! };
    }
  return found;
}

/** The routes that a path may take: all up to the first that it takes for certain. */
function taking(path: string, open: boolean, routes: readonly Linked<RouteBudget>[]): Linked<RouteBudget>[] {
  const taken: Linked<RouteBudget>[] = [];
  for (const one of [...routes].sort((a, b) => specific(b) - specific(a) || a.at.start - b.at.start)) {
    const { paths } = one.value;
    if (!paths) taken.push(one);
    else if (paths.length === 0 || paths.some((each) => each.path === "/" && !each.exact)) return [...taken, one];
    else if (paths.some((each) => covers(each, path))) {
      taken.push(one);
      if (!open) return taken;
    } else if (open && paths.some((each) => each.path.includes(path))) taken.push(one);
  }
  return taken;
}

/** An Ingress and a Gateway take the longest path first, Istio the first. */
const specific = ({ value }: Linked<RouteBudget>) => (value.by === "VirtualService" ? 0 : Math.max(0, ...(value.paths ?? []).map((one) => one.path.length)));

function covers({ path: given, exact }: { readonly path: string; readonly exact: boolean }, path: string): boolean {
  const plain = path.replace(/\/?[:*][^]*/, "");
  return exact ? given === path : path === given || plain.startsWith(given.endsWith("/") ? given : `${given}/`) || plain === given.replace(/\/$/, "");
}
