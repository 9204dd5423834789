// Question: how often are the series of a query scraped? Joins windows with what scrapes them; silent where nothing says which Prometheus that is.

import { folder } from "../../engine/resolve.ts";
import { scrapeConfig, type ScrapeConfig } from "./scrape-config.ts";
import { scrapeMonitor } from "./scrape-monitor.ts";
import type { RangeQuery } from "./range-query.ts";
import type { Facts, Linked, Span } from "../../engine/types.ts";

export interface ScrapedEvery {
  readonly ms: number;
  /** Undefined: Prometheus' default. */
  readonly at?: Span;
}

/** Series that no chart's own monitor scrapes. */
const foreign = /^(kube|container|node|kubelet|apiserver|kubernetes|machine|up$|scrape|prometheus|istio|envoy)/;

/** The shortest interval that may be meant: a window that is long enough for it is never reported. */
export function scrapedEvery(query: Linked<RangeQuery>, services: ReadonlySet<string>, facts: Facts): ScrapedEvery | undefined {
  const { jobs, metric } = query.value;
  const configs = facts.everywhere(scrapeConfig).filter((one) => loads(one, query.at.file)).map((one) => one.value);
  const monitors = facts.everywhere(scrapeMonitor);
  if (jobs) {
    const named = jobs.map((job) => [
      ...configs.flatMap((config) => config.jobs.filter((one) => one.name === job).map((one) => one.interval ?? config.general)),
      ...monitors.filter((one) => one.value.names.includes(job)).map((one) => one.value.interval),
    ]);
    // A job that nothing describes may be scraped at any pace.
    return named.every((list) => list.length > 0) ? shortest(named.flat()) : jobs.length > 0 && configs.some((one) => one.jobs.length > 0) ? undefined : shortest(configs.map((one) => one.general));
  }
  const own = monitors.filter((one) => one.service !== undefined && services.has(one.service));
  if (own.length > 0) return shortest(own.map((one) => one.value.interval));
  const beside = foreign.test(metric) ? [] : monitors.filter((one) => (one.unit !== undefined && one.unit === query.unit && query.at.file.includes("/templates/")) || (one.value.isValues && (one.at.file === query.at.file || query.at.file.startsWith(`${folder(one.at.file)}/templates/`))));
  if (beside.length > 0) return shortest(beside.map((one) => one.value.interval));
  return shortest(configs.flatMap((config) => (config.jobs.length > 0 ? config.jobs.map((one) => one.interval ?? config.general) : [config.general])));
}

/** Undefined when one of them is not known. */
function shortest(list: readonly (ScrapedEvery | undefined)[]): ScrapedEvery | undefined {
  const known = list.filter((one) => one !== undefined);
  return known.length === list.length ? [...known].sort((a, b) => a.ms - b.ms)[0] : undefined;
}

/** Whether a Prometheus with this configuration evaluates the rules of a file. */
function loads(config: Linked<ScrapeConfig>, file: string): boolean {
  const { at, value } = config;
  if (at.file === file) return true;
  if (value.isDeployed && folder(at.file) === folder(file)) return true;
  return value.ruleFiles.some((pattern) => matches(pattern, folder(at.file), file));
}

/** A relative pattern begins at the configuration; an absolute one is a mounted path, of which the last part is the same here. */
function matches(pattern: string, home: string, file: string): boolean {
  if (pattern === "") return false;
  const mounted = pattern.startsWith("/");
  const parts = (mounted ? pattern.split("/").slice(-1) : pattern.replace(/^\.\//, "").split("/")).map((part) => new RegExp(`^${part.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}$`));
  const inside = home === "" ? file : file.startsWith(`${home}/`) ? file.slice(home.length + 1) : undefined;
  const path = inside?.split("/") ?? [];
  return mounted ? path.length > 0 && parts[0]!.test(path.at(-1)!) : path.length === parts.length && parts.every((part, index) => part.test(path[index]!));
}
