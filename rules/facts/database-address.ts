// Fact: the host of a database that a manifest gives a service in an environment variable, also where the password is a reference.

import { appContainers, objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Subject, YamlDocument } from "../../engine/types.ts";
import type { Engine } from "./pool-size.ts";

export interface DatabaseAddress {
  readonly by: "k8s" | "compose";
  readonly name: string;
  readonly host: string;
  /** Of a URL that limits the pool itself, as Prisma reads it. */
  readonly pool?: UrlPool;
}

export interface UrlPool {
  readonly engine: Engine;
  readonly max: number;
}

export const databaseAddress: FactKind<DatabaseAddress> = {
  id: "database-address",
  title: "Address of a database",
  yaml: {
    mentions: [["DB", "DATABASE", "PG", "POSTGRES", "MYSQL", "_URL", "_HOST", "DSN", "//"]],
    *find(document) {
      if (document.class === "compose")
        for (const service of pairs(document, lookup(document, document.root, "services"))) yield* fromEnv(document, lookup(document, service, "environment"), "compose", { workload: `compose/${service.key}`, names: [service.key] });
      const pod = document.class === "k8s" ? podOf(document) : undefined;
      const id = objectId(document);
      if (pod && id) for (const container of appContainers(document, pod)) yield* fromEnv(document, lookup(document, container, "env"), "k8s", { workload: id, names: [id.slice(id.indexOf("/") + 1)] });
    },
  },
};

function* fromEnv(document: YamlDocument, env: Found | undefined, by: DatabaseAddress["by"], of: Subject): Iterable<Fact<DatabaseAddress>> {
  const entries: { name: string; value: string; found: Found }[] = pairs(document, env).map((one) => ({ name: one.key, value: text(one) ?? "", found: one }));
  for (const one of items(document, env)) {
    const said = text(one);
    const name = text(scalar(document, one, "name"));
    if (said?.includes("=")) entries.push({ name: said.slice(0, said.indexOf("=")), value: said.slice(said.indexOf("=") + 1), found: one });
    else if (name !== undefined) entries.push({ name, value: text(lookup(document, one, "value")) ?? "", found: one });
  }
  for (const { name, value, found } of entries) {
    const host = hostOf(value);
    const pool = poolOf(value);
    if (host !== undefined) yield { at: found.node.at, of, value: { by, name, host, ...(pool ? { pool } : {}) } };
  }
}

/** `postgresql://orders@db/orders?connection_limit=20` */
export function poolOf(address: string): UrlPool | undefined {
  const [, scheme, max] = /^(postgres(?:ql)?|mysql):\/\/.*[?&]connection_limit=(\d+)(?:&|$)/.exec(address) ?? [];
  return max === undefined ? undefined : { engine: scheme === "mysql" ? "mysql" : "postgres", max: Number(max) };
}

/** The first label of the host of a URL, or of a plain host. */
export function hostOf(address: string): string | undefined {
  const host = /^[a-z][a-z0-9+]*:\/\/(?:[^/]*@)?([A-Za-z0-9.-]+)(?=[:/?]|$)/.exec(address)?.[1] ?? /^([A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*)(?::\d+)?$/.exec(address)?.[1];
  return host !== undefined && (!host.includes(".") || /^[\w-]+\.[\w-]+(\.svc(\.cluster\.local)?)?$/.test(host)) ? host.split(".")[0]!.toLowerCase() : undefined;
}
