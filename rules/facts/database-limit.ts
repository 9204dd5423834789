// Fact: how many connections a database takes, by its own manifest: what it is told, or its image's default.

import { appContainers, imageBase, objectId, podOf } from "../../engine/workload.ts";
import { items, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import type { Fact, FactKind, Known, YamlDocument } from "../../engine/types.ts";
import type { Engine } from "./pool-size.ts";

export interface DatabaseLimit {
  /** Undefined for what a team states: any. */
  readonly engine?: Engine;
  readonly by: "k8s" | "compose" | "stated";
  /** Names under which it is called. */
  readonly hosts: readonly string[];
  readonly limit: Known<number>;
}

/** https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS, https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connections */
const defaults: Readonly<Record<Engine, number>> = { postgres: 100, mysql: 151 };

export const databaseLimit: FactKind<DatabaseLimit> = {
  id: "database-limit",
  title: "Connections that a database takes",
  stated: ({ databaseMax }) => databaseMax && { ...databaseMax, by: "stated", hosts: [], limit: databaseMax },
  yaml: {
    mentions: [["postgres", "postgis", "timescale", "mysql", "mariadb", "pgvector"]],
    *find(document) {
      if (document.class === "compose")
        for (const service of pairs(document, lookup(document, document.root, "services"))) yield* fromContainer(document, service, "compose", [service.key, text(scalar(document, service, "container_name"))], ["environment", "command", "entrypoint"]);
      if (document.class !== "k8s") return;
      yield* fromOperator(document);
      const pod = podOf(document);
      const id = objectId(document);
      if (!pod || !id) return;
      const names = [id.slice(id.indexOf("/") + 1), text(scalar(document, document.root, "spec", "serviceName")), ...["app", "app.kubernetes.io/name"].map((one) => text(scalar(document, pod, "metadata", "labels", one)))];
      for (const container of appContainers(document, pod)) yield* fromContainer(document, container, "k8s", names, ["env", "args", "command"]);
    },
  },
};

function engineOf(image: string | undefined): Engine | undefined {
  const name = image === undefined ? "" : imageBase(image);
  return /^(postgres|postgresql|postgis|timescaledb(-ha)?|pgvector)$/.test(name) ? "postgres" : /^(mysql|mariadb|mysql-server)$/.test(name) ? "mysql" : undefined;
}

function* fromContainer(document: YamlDocument, container: Found, by: DatabaseLimit["by"], names: readonly (string | undefined)[], [env, ...commands]: readonly string[]): Iterable<Fact<DatabaseLimit>> {
  const image = lookup(document, container, "image");
  const engine = engineOf(text(image));
  if (!image || !engine || document.errors.length > 0) return;
  const given = [...commands.map((key) => lookup(document, container, key)), lookup(document, container, env!)].filter((one) => one !== undefined);
  const limit = given.map((one) => limitIn(document, one)).find((one) => one !== undefined);
  // A file of settings may say anything.
  const configured = [...items(document, lookup(document, container, "volumes")), ...items(document, lookup(document, container, "volumeMounts"))].some((one) => /\.(conf|cnf)\b|conf\.d|\/etc\/(mysql|postgres)/.test(`${text(one) ?? ""} ${text(scalar(document, one, "mountPath")) ?? ""} ${text(scalar(document, one, "target")) ?? ""}`));
  const told = given.some((one) => /config_file|max[_-]connections|\$\(/i.test(written(document, one)));
  const known: Known<number> | undefined = limit ?? (configured || told ? undefined : { known: defaults[engine], by: "default", from: [image.node.at] });
  if (known) yield { at: known.from[0]!, value: { engine, by, hosts: [...new Set(names.filter((one) => one !== undefined))], limit: known } };
}

function written(document: YamlDocument, found: Found): string {
  return [text(found) ?? "", ...items(document, found).map((one) => `${text(one) ?? ""}${text(scalar(document, one, "name")) ?? ""}`), ...pairs(document, found).map((one) => one.key)].join(" ");
}

/** `-c max_connections=200`, `--max-connections=200`, `POSTGRESQL_MAX_CONNECTIONS: 200` of Bitnami's images. */
function limitIn(document: YamlDocument, found: Found): Known<number> | undefined {
  const places = found.node.kind === "scalar" ? [found] : items(document, found);
  for (const one of places) {
    const match = /max[_-]connections[= ](\d+)/i.exec(text(one) ?? "");
    if (match) return { known: Number(match[1]), by: "text", from: [one.node.at] };
  }
  for (const one of [...pairs(document, found).map((each) => ({ name: each.key, value: each as Found })), ...items(document, found).map((each) => ({ name: text(scalar(document, each, "name")) ?? "", value: lookup(document, each, "value") }))]) {
    const number = /^(POSTGRESQL|POSTGRES|MYSQL|MARIADB)_MAX_CONNECTIONS$/.test(one.name) && one.value ? Number(text(one.value)) : NaN;
    if (Number.isInteger(number)) return { known: number, by: "text", from: [one.value!.node.at] };
  }
  return undefined;
}

/** https://cloudnative-pg.io/documentation/current/postgresql_conf/ */
function* fromOperator(document: YamlDocument): Iterable<Fact<DatabaseLimit>> {
  const { root } = document;
  if (text(scalar(document, root, "kind")) !== "Cluster" || !text(scalar(document, root, "apiVersion"))?.startsWith("postgresql.cnpg.io/")) return;
  const name = text(scalar(document, root, "metadata", "name"));
  const set = lookup(document, root, "spec", "postgresql", "parameters", "max_connections");
  const number = Number(text(set));
  if (name !== undefined && set && Number.isInteger(number)) yield { at: set.node.at, value: { engine: "postgres", by: "k8s", hosts: [`${name}-rw`, `${name}-r`], limit: { known: number, by: "text", from: [set.node.at] } } };
}
