// Messages keep template and values apart and read as one sentence.

import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { render, say } from "../../engine/message.ts";

it("numbers values in order and keeps them as text", () => {
  assert.deepEqual(say`Server timeout of ${"45 s"} outlives ${3} TTLs`, { template: "Server timeout of {0} outlives {1} TTLs", values: ["45 s", "3"] });
  assert.deepEqual(say`TTL is set here`, { template: "TTL is set here", values: [] });
});

it("renders what was written, whatever the values hold", () => {
  fc.assert(fc.property(fc.string(), fc.oneof(fc.string(), fc.constantFrom("{0}", "{1}", "$1", "$&")), (a, b) => assert.equal(render(say`From ${a} to ${b}, not ${a}`), `From ${a} to ${b}, not ${a}`)));
});

it("keeps a hole without a value visible", () => {
  assert.equal(render({ template: "{0} and {7}", values: ["a"] }), "a and {7}");
});
