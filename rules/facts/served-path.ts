// Question: which paths does a service answer? Routes below the prefixes of everything that they hang on. States no fact itself.

import { mount, type Mount } from "./mount.ts";
import { route, type Route } from "./route.ts";
import { router, type Router } from "./router.ts";
import type { Facts, Linked, Ref, Value } from "../../engine/types.ts";

export interface ServedPath {
  /** From the root, with `:id` and `*`. */
  readonly path: string;
  readonly method: string;
  /** More may stand before the path. */
  readonly open: boolean;
  /** So are all paths below it. */
  readonly below?: true;
  readonly fact: Linked<Route> | Linked<Mount>;
  /** A route that we see, not a path that the code only names. */
  readonly seen: boolean;
}

interface Prefix {
  readonly path: string;
  readonly open: boolean;
}

const anywhere: readonly Prefix[] = [{ path: "", open: true }];
const depthLimit = 8;

/** Undefined when a path of the service cannot be listed. Every route of the service asks. */
export function servedPaths(facts: Facts, service: string): readonly ServedPath[] | undefined {
  return facts.once(servedPaths, service, () => listed(facts, service));
}

function listed(facts: Facts, service: string): readonly ServedPath[] | undefined {
  const routes = facts.all(service, route);
  const mounts = facts.all(service, mount).facts;
  facts.all(service, router);
  if (!routes.complete) return undefined;
  const above = placed(facts, mounts);
  const nest = nestPrefix(mounts);
  const table: ServedPath[] = [];
  for (const fact of routes.facts) {
    const said = textOf(fact.value.path);
    if (said === undefined) return undefined;
    const prefixes = fact.value.nest ? nest : fact.value.named ? anywhere : fact.value.alone ? [{ path: "", open: false }] : prefixesOf(facts, above, find(facts, fact.at.file, fact.value.on), 0);
    for (const { path, open } of prefixes) table.push({ path: join(path, said), method: fact.value.method, open, fact, seen: !fact.value.named });
  }
  for (const fact of above.answering) table.push({ path: join("", textOf(fact.value.prefix)!), method: "ALL", open: true, below: true, fact, seen: false });
  return table;
}

interface Placed {
  readonly mounts: ReadonlyMap<Linked<Router>, readonly Linked<Mount>[]>;
  /** Something is mounted below a path, and we do not see what: it may be any application that nothing else mounts. */
  readonly strayed: boolean;
  /** What stands at a path and is no router that we see. */
  readonly answering: readonly Linked<Mount>[];
}

function placed(facts: Facts, all: readonly Linked<Mount>[]): Placed {
  const mounts = new Map<Linked<Router>, Linked<Mount>[]>();
  const answering: Linked<Mount>[] = [];
  for (const one of all) {
    if (one.value.nest) continue;
    const found = one.value.routers.flatMap((ref) => find(facts, one.at.file, ref) ?? []);
    if (found.length === 0 && !/^\/?$/.test(textOf(one.value.prefix) ?? "?")) answering.push(one);
    for (const below of found) mounts.set(below, [...(mounts.get(below) ?? []), one]);
  }
  return { mounts, strayed: answering.some((one) => one.value.routers.length > 0), answering: answering.filter((one) => textOf(one.value.prefix) !== undefined) };
}

/** The router that a name stands for: what a function returns, where it stands for one. */
function find(facts: Facts, file: string, ref: Ref | undefined): Linked<Router> | undefined {
  let found = ref && facts.named(file, ref, router);
  for (let step = 0; found?.value.returns && step < depthLimit; step++) found = facts.named(found.at.file, found.value.returns, router);
  return found?.value.returns ? undefined : found;
}

function prefixesOf(facts: Facts, above: Placed, one: Linked<Router> | undefined, depth: number): readonly Prefix[] {
  if (!one || depth > depthLimit) return anywhere;
  const own = textOf(one.value.prefix);
  const mounts = above.mounts.get(one) ?? [];
  const before = mounts.length > 0 ? mounts.flatMap((each) => mountedAt(facts, above, each, depth)) : [{ path: "", open: !one.value.root || above.strayed }];
  return before.map(({ path, open }) => (own === undefined ? { path: "", open: true } : { path: join(path, own), open }));
}

function mountedAt(facts: Facts, above: Placed, one: Linked<Mount>, depth: number): readonly Prefix[] {
  const said = textOf(one.value.prefix);
  if (said === undefined) return anywhere;
  return prefixesOf(facts, above, find(facts, one.at.file, one.value.on), depth + 1).map(({ path, open }) => ({ path: join(path, said), open }));
}

/** One prefix for all controllers, where we see the application being made and nothing that tells some apart. */
function nestPrefix(mounts: readonly Linked<Mount>[]): readonly Prefix[] {
  const said = mounts.filter((one) => one.value.nest === "prefix").map((one) => textOf(one.value.prefix));
  const known = said.filter((one) => one !== undefined);
  if (!mounts.some((one) => one.value.nest === "app") || known.length !== said.length || new Set(known).size > 1) return anywhere;
  return [{ path: join("", known[0] ?? ""), open: false }];
}

function textOf(value: Value<unknown>): string | undefined {
  return "known" in value && typeof value.known === "string" ? value.known : undefined;
}

function join(before: string, path: string): string {
  return [before, path].flatMap((one) => one.split("/")).filter(Boolean).map((one) => `/${one}`).join("");
}

/** True when the path is answered: as it stands, by parameters and wildcards, or below what may stand before it. Most frameworks ignore case. */
export function serves({ path: pattern, open, below }: Pick<ServedPath, "path" | "open" | "below">, path: string): boolean {
  if (/[({[+?]/.test(pattern)) return true;
  if (pattern === "") return open || path === "/";
  const source = pattern.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part.split("*").map((text) => text.replace(/[.\\^$|]/g, "\\$&")).join(".*"))).join("/");
  return new RegExp(`${open ? "(^|/.*)" : "^"}${source}${below ? "(/.*)?" : "/?"}$`, "i").test(path);
}
