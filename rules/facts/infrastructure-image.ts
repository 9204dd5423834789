// Question: is this image a known database, broker or registry, and how does it start? Reads an image's name only.

import { imageBase } from "../../engine/workload.ts";
import table from "../defaults/infrastructure-images.json" with { type: "json" };

export interface Infrastructure {
  /** The part of the image's name that tells. */
  readonly name: string;
  /** A database, broker or registry that others connect to at their start. */
  readonly dependency: boolean;
  /** Its data is recovered, or its schema migrated, before it answers. */
  readonly slow: boolean;
  /** Command by which the official image tells that it accepts connections. */
  readonly health?: readonly string[];
}

interface Row {
  readonly image: string;
  readonly store?: boolean;
  readonly broker?: boolean;
  readonly slow?: boolean;
  readonly health?: readonly string[];
  /** Images of the row that have the command; all of them when it is not given. */
  readonly healthOf?: string;
}

/** What stands beside a database and is none: `postgres-exporter`, `redis-commander`. */
const besides = /^(exporter|operator|backup|restore|client|proxy|ui|admin|sidecar|reloader|adapter|gateway|pushgateway|agent|connect|connector|bridge|bouncer|pgbouncer|commander|express|insight|migrations?|migrator|migrate|init|setup|cli|tools?|toolbox|console|manager|monitor|webhook|controller|collector|exporters|benchmark|seed|dump|router|registry|mirror|maker)$/;

/** What the image is known as; undefined when nothing is known of it. */
export function infrastructure(image: string): Infrastructure | undefined {
  const tokens = nameOf(image).split(/[-_.]/);
  if (tokens.some((token) => besides.test(token))) return undefined;
  for (const row of table as readonly Row[]) {
    // An image of one word or more: `postgres`, `cp-kafka`, `clickhouse-server`, `postgres-12-alpine`.
    const name = tokens.find((token) => new RegExp(row.image).test(token));
    if (name === undefined) continue;
    const health = row.health && new RegExp(row.healthOf ?? "").test(name) ? row.health : undefined;
    return { name, dependency: row.store === true || row.broker === true, slow: row.slow === true, ...(health ? { health } : {}) };
  }
  return undefined;
}

/** `mssql/server` and `temporalio/auto-setup` say in their folder what they are. */
function nameOf(image: string): string {
  const base = imageBase(image);
  const folder = /(?:^|\/)([\w.-]+)\/(?:server|auto-setup)(?:[:@]|$)/.exec(image)?.[1];
  return folder?.toLowerCase().replace(/io$/, "") ?? base;
}
