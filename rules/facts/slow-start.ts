// Question: is it known that a container takes its time to start? By its image, by what it runs, by what its readiness expects.

import { items, lookup, pairs, scalar, text, type Found } from "../../engine/yaml/read.ts";
import { imageBase, imageOf } from "../../engine/workload.ts";
import type { YamlDocument } from "../../engine/types.ts";
import { imageIn } from "./running-pod.ts";

/** What the container does before it answers, as the end of a sentence: `postgres recovers its data`. */
export function slowStart(document: YamlDocument, container: Found): string | undefined {
  const image = imageOf(document, container);
  const known = imageIn(document, container)?.known;
  if (known?.slow) return `${known.name} recovers its data`;
  const words = ["command", "args"].flatMap((key) => items(document, lookup(document, container, key)).map((word) => text(scalar(document, word)) ?? ""));
  if (words.some((word) => migrates.test(word))) return "it migrates";
  const env = items(document, lookup(document, container, "env"));
  const said = [...words, ...env.map((one) => text(scalar(document, one, "value")) ?? "")];
  const isJava = (image !== undefined && imageBase(image).split(/[-_.]/).some((token) => java.test(token)))
    || said.some((word) => /(^|\s)-(Xm[sx]\d|XX:[+-]?\w|jar\s)/.test(`${word} `))
    || env.some((one) => pairs(document, one).some(({ key, ...found }) => key === "name" && /^(_?JAVA_(TOOL_)?OPT(ION)?S|JVM_OPTS)$/.test(text(found) ?? "")));
  return isJava ? "its JVM warms up" : undefined;
}

/** `npm run migrate`, `prisma migrate deploy`, `flyway migrate`, `typeorm migration:run`, `db:migrate`. */
const migrates = /\b(migrate|migrations?:run|migrate:latest|db:migrate|db-migrate|alembic upgrade|liquibase update)\b/;
const java = /^(java|jdk|jre|openjdk|temurin|corretto|tomcat|jetty|wildfly|spring|springboot)\d*$/;
