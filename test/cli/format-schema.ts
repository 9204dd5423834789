// What other people's formats ask for. SARIF: the schema that Microsoft's own matchers for tests use (MIT). The others: as their documentation says it, closed against anything it does not name.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Validator, type Schema } from "@cfworker/json-schema";
import { SaxesParser } from "saxes";

const sarif = new Validator(JSON.parse(readFileSync(createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8")) as Schema, "4", false);

const text = { type: "string", minLength: 1 };
const whole = { type: "integer", minimum: 1 };
const closed = (properties: Record<string, object>, required = Object.keys(properties)) => ({ type: "object", additionalProperties: false, properties, required });

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const gitlab = new Validator({
  type: "array",
  items: closed({
    type: { const: "issue" }, description: text, check_name: text, fingerprint: text, severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
    location: closed({ path: { type: "string", pattern: "^(?!\\./|/)." }, lines: closed({ begin: whole, end: whole }, ["begin"]) }),
  }),
} as Schema, "7", false);

const position = closed({ line: whole, column: whole });
const range = closed({ start: position, end: position });
const severity = { enum: ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"] };
/** https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto */
const rdjson = new Validator(closed({
  source: closed({ name: text, url: text }),
  diagnostics: {
    type: "array",
    items: closed({
      message: text, location: closed({ path: text, range }, ["path"]), severity, code: closed({ value: text, url: text }, ["value"]),
      suggestions: { type: "array", minItems: 1, items: closed({ range, text: { type: "string" } }) },
    }, ["message", "location", "severity", "code"]),
  },
}) as Schema, "7", false);

const validators = { sarif, gitlab, rdjson };

/** Throws when a report is not what its format asks for. */
export function assertFormat(format: keyof typeof validators, written: string): void {
  const value: unknown = JSON.parse(written);
  const { errors } = validators[format].validate(value);
  assert.deepEqual(errors.map((one) => `${one.instanceLocation}: ${one.error}`), []);
}

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Reads XML strictly: throws on anything that is not well-formed. */
export function parseXml(written: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => assert.fail(error));
  parser.on("opentag", ({ name, attributes }) => {
    const one: Element = { name, attributes, children: [], text: "" };
    open.at(-1)!.children.push(one);
    open.push(one);
  });
  parser.on("text", (piece) => void (open.at(-1)!.text += piece));
  parser.on("closetag", () => void open.pop());
  parser.write(written).close();
  assert.equal(root.children.length, 1);
  return root.children[0]!;
}

/** What may stand in what, and which attributes each element must have; `?` marks what may be missing. */
type Shape = Readonly<Record<string, { readonly attributes: string; readonly holds: string }>>;

/** https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd, and `file`, which GitLab reads. */
const junit: Shape = {
  testsuites: { attributes: "name tests failures errors time", holds: "testsuite" },
  testsuite: { attributes: "name tests failures errors skipped time", holds: "testcase" },
  testcase: { attributes: "name classname file? time", holds: "failure error skipped system-out" },
  failure: { attributes: "type message", holds: "" },
  error: { attributes: "type message", holds: "" },
  skipped: { attributes: "message", holds: "" },
  "system-out": { attributes: "", holds: "" },
};

/** https://checkstyle.org/apidocs/com/puppycrawl/tools/checkstyle/XMLLogger.html */
const checkstyle: Shape = {
  checkstyle: { attributes: "version", holds: "file" },
  file: { attributes: "name", holds: "error" },
  error: { attributes: "line column severity message source", holds: "" },
};

const shapes = { junit, checkstyle };

/** Throws when a report is not well-formed or is not built as its format asks. */
export function assertXml(format: keyof typeof shapes, written: string): Element {
  const root = parseXml(written);
  assert.equal(root.name, Object.keys(shapes[format])[0]);
  const open = [root];
  for (let one = open.pop(); one; one = open.pop()) {
    const { attributes, holds } = shapes[format][one.name]!;
    const known = attributes.split(" ").filter(Boolean);
    for (const name of known) if (!name.endsWith("?")) assert.ok(name in one.attributes, `${one.name} without ${name}`);
    for (const name of Object.keys(one.attributes)) assert.ok(known.includes(name) || known.includes(`${name}?`), `${one.name} with ${name}`);
    for (const child of one.children) assert.ok(holds.split(" ").includes(child.name), `${child.name} in ${one.name}`);
    open.push(...one.children);
  }
  return root;
}
