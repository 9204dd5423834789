// Checks a value against docs/output.schema.json, and that the schema names every property: what is not described there is not promised.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator, type Schema } from "@cfworker/json-schema";

export const schemaPath = join(import.meta.dirname, "../../docs/output.schema.json");

/** The schema with every object closed. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== "object") return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]));
  return inner["type"] === "object" && "properties" in inner ? { ...inner, additionalProperties: false } : inner;
}

const validator = new Validator(closed(JSON.parse(readFileSync(schemaPath, "utf8"))) as Schema, "7", false);

/** Throws when the value is not what the schema says. */
export function assertOutput(value: unknown): void {
  assert.deepEqual(validator.validate(value).errors.map((one) => `${one.instanceLocation}: ${one.error}`), []);
}

/** True when the schema accepts the value. */
export const isOutput = (value: unknown): boolean => validator.validate(value).valid;
