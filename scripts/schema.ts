// Writes docs/pitlint.schema.json, what editors know of pitlint.yaml. `npx tsx scripts/schema.ts`; a test fails when it is not current or disagrees with the reader.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { rulesOf } from "../engine/analyse.ts";
import { packs } from "../rules/packs/index.ts";
import type { Pack } from "../engine/types.ts";

/** A Go duration above zero: `30s`, `1h30m`, `1.5s`. */
const duration = v.pipe(v.string(), v.regex(/^(?=.*[1-9])((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/), v.description("A duration with its unit, such as 30s"));
/** The reader takes a plain number or boolean as the text it is written with. */
const text = <T extends v.GenericSchema<string>>(shape: T) => v.union([shape, v.number(), v.boolean()]);
/** Text that says something. */
const words = v.pipe(v.string(), v.regex(/\S/));
const texts = v.array(text(words));
const registry = v.strictObject({ ttl: v.optional(v.pipe(duration, v.description("How long the registry keeps an instance that stops renewing"))) });
const database = v.strictObject({ maxConnections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER), v.description("Connections that the database takes from all clients together"))) });
const loadBalancer = v.strictObject({ idleTimeout: v.optional(v.pipe(duration, v.description("How long the load balancer keeps an idle connection"))) });
const service = v.strictObject({
  source: v.optional(v.pipe(text(v.pipe(v.string(), v.regex(/^(?=[\s\S]*\S)(?!\/|[A-Za-z]:)(?!!?(.*[\\/])?\.\.([\\/]|$))/))), v.description("Folder of the service, below this file"))),
  workloads: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w-]+\/\S+$/))), v.description("Workloads that run it: Deployment/orders"))),
  images: v.optional(v.pipe(texts, v.description("Container images that hold it"))),
  names: v.optional(v.pipe(texts, v.description("Further names: registry, label, OTEL_SERVICE_NAME"))),
  registry: v.optional(registry),
  loadBalancer: v.optional(loadBalancer),
  database: v.optional(database),
});
/** Gitignore patterns below the file, with at most two double stars. */
const patterns = v.array(text(v.pipe(v.string(), v.regex(/^(?=[\s\S]*\S)(?![A-Za-z]:[\\/])(?!!?(.*[\\/])?\.\.([\\/]|$))(?!(.*\*\*\/){3})/))));
const grade = v.picklist(["error", "warning", "info", "hint", "off"]);

/** Shape of a pitlint.yaml, as a JSON reader of the file sees it. */
export function configSchema(known: readonly Pack[]) {
  const pins = known.map((pack) => [pack.name, v.optional(v.pipe(v.union([v.string(), v.number()]), v.description(`Pinned version of ${pack.title}: 1.2 is the newest 1.2.x`)))] as const);
  return v.strictObject({
    profile: v.optional(v.pipe(v.picklist(["recommended", "strict"]), v.description("Which grades run"))),
    packs: v.optional(v.strictObject(Object.fromEntries(pins))),
    ignore: v.optional(v.pipe(patterns, v.description("Gitignore patterns, relative to this file"))),
    services: v.optional(v.pipe(v.record(v.string(), service), v.description("Services by name, where pitlint cannot link them itself"))),
    registry: v.optional(registry),
    loadBalancer: v.optional(loadBalancer),
    database: v.optional(database),
    istio: v.optional(v.strictObject({ version: v.optional(v.pipe(v.union([v.pipe(v.string(), v.regex(/^\d+(\.\d+){0,2}$/)), v.pipe(v.number(), v.minValue(0))]), v.description("Version of the mesh that runs: 1.27"))) })),
    grades: v.optional(v.pipe(v.array(v.strictObject({
      paths: v.optional(v.pipe(patterns, v.description("Gitignore patterns, relative to this file; without them the whole folder"))),
      rules: v.pipe(v.strictObject(Object.fromEntries(gradable(known).map((id) => [id, v.optional(grade)]))), v.description("How loud these rules are there; a rule that reports nothing stays silent")),
    })), v.description("How loud rules are in some paths; later entries win"))),
    environments: v.optional(v.pipe(v.record(v.string(), v.pipe(patterns, v.minLength(1), v.description("Gitignore patterns, relative to this file"))), v.description("Paths that are deployed together: nothing in one environment is compared with another"))),
    wrappers: v.optional(v.pipe(texts, v.description("Functions that set a timeout themselves: @acme/http#request"))),
    loggers: v.optional(v.pipe(v.record(v.string(), v.picklist(["pino", "winston", "bunyan", "console"])), v.description("Loggers and the library they behave like"))),
  });
}

/** Ids of rules, and of whole groups: `timeout/*`. */
function gradable(known: readonly Pack[]): readonly string[] {
  const ids = rulesOf(known).map((rule) => rule.id);
  return [...new Set(ids.map((id) => `${id.slice(0, id.indexOf("/"))}/*`)), ...ids];
}

/** The JSON schema as it stands in docs. */
export function schemaText(known: readonly Pack[]): string {
  return `${JSON.stringify({ title: "pitlint.yaml", ...toJsonSchema(configSchema(known), { errorMode: "throw" }) }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync("docs/pitlint.schema.json", schemaText(packs));
