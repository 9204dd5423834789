// Writes docs/pitlint.schema.json, what editors know of pitlint.yaml. `npx tsx scripts/schema.ts`; a test fails when it is not current or disagrees with the reader.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { packs } from "../rules/packs/index.ts";
import type { Pack } from "../engine/types.ts";

/** A Go duration above zero: `30s`, `1h30m`, `1.5s`. */
const duration = v.pipe(v.string(), v.regex(/^(?=.*[1-9])((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/), v.description("A duration with its unit, such as 30s"));
/** The reader takes a plain number or boolean as the text it is written with. */
const text = <T extends v.GenericSchema<string>>(shape: T) => v.union([shape, v.number(), v.boolean()]);
const texts = v.array(text(v.string()));
const registry = v.strictObject({ ttl: v.optional(v.pipe(duration, v.description("How long the registry keeps an instance that stops renewing"))) });
const loadBalancer = v.strictObject({ idleTimeout: v.optional(v.pipe(duration, v.description("How long the load balancer keeps an idle connection"))) });
const service = v.strictObject({
  source: v.optional(v.pipe(text(v.pipe(v.string(), v.regex(/^(?!\/|[A-Za-z]:)(?!!?(.*[\\/])?\.\.([\\/]|$))/))), v.description("Folder of the service, below this file"))),
  workloads: v.optional(v.pipe(texts, v.description("Workloads that run it: Deployment/orders"))),
  images: v.optional(v.pipe(texts, v.description("Container images that hold it"))),
  names: v.optional(v.pipe(texts, v.description("Further names: registry, label, OTEL_SERVICE_NAME"))),
  registry: v.optional(registry),
  loadBalancer: v.optional(loadBalancer),
});

/** Shape of a pitlint.yaml, as a JSON reader of the file sees it. */
export function configSchema(known: readonly Pack[]) {
  const pins = known.map((pack) => [pack.name, v.optional(v.pipe(v.union([v.string(), v.number()]), v.description(`Pinned version of ${pack.title}: 1.2 is the newest 1.2.x`)))] as const);
  return v.strictObject({
    profile: v.optional(v.pipe(v.picklist(["recommended", "strict"]), v.description("Which grades run"))),
    packs: v.optional(v.strictObject(Object.fromEntries(pins))),
    ignore: v.optional(v.pipe(v.array(text(v.pipe(v.string(), v.regex(/^(?![A-Za-z]:[\\/])(?!!?(.*[\\/])?\.\.([\\/]|$))/)))), v.description("Gitignore patterns, relative to this file"))),
    services: v.optional(v.pipe(v.record(v.string(), service), v.description("Services by name, where pitlint cannot link them itself"))),
    registry: v.optional(registry),
    loadBalancer: v.optional(loadBalancer),
    wrappers: v.optional(v.pipe(texts, v.description("Functions that set a timeout themselves: @acme/http#request"))),
    loggers: v.optional(v.pipe(v.record(v.string(), v.picklist(["pino", "winston", "bunyan", "console"])), v.description("Loggers and the library they behave like"))),
  });
}

/** The JSON schema as it stands in docs. */
export function schemaText(known: readonly Pack[]): string {
  return `${JSON.stringify({ title: "pitlint.yaml", ...toJsonSchema(configSchema(known), { errorMode: "throw" }) }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync("docs/pitlint.schema.json", schemaText(packs));
