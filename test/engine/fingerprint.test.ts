// A fingerprint names a finding across runs: by rule and evidence, not by place.

import assert from "node:assert/strict";
import { it } from "node:test";
import { fingerprint } from "../../engine/fingerprint.ts";
import { say } from "../../engine/message.ts";

const message = (ttl: string) => say`Server timeout outlives the TTL of ${ttl}`;
const base = fingerprint("a/b", undefined, message("30 s"), "server.requestTimeout = 45_000;");

it("is 16 hex characters, the same in every version", () => assert.equal(base, "4032fac2de3c2c91"));

it("survives indentation, line ends and a changed value at the other end", () => {
  assert.equal(fingerprint("a/b", undefined, message("30 s"), "\t server.requestTimeout  =\r\n 45_000;\n"), base);
  assert.equal(fingerprint("a/b", undefined, message("20 s"), "server.requestTimeout = 45_000;"), base);
});

it("differs by rule, variant, sentence and evidence", () => {
  const text = "server.requestTimeout = 45_000;";
  const all = [base, fingerprint("a/c", undefined, message("30 s"), text), fingerprint("a/b", "x", message("30 s"), text), fingerprint("a/b", undefined, say`Other`, text), fingerprint("a/b", undefined, message("30 s"), "server.requestTimeout = 46_000;")];
  assert.equal(new Set(all).size, all.length);
  // Parts are kept apart: a character cannot move from one to the next unseen.
  assert.notEqual(fingerprint("a", "b", say`c`, ""), fingerprint("a", "bc", say``, ""));
});
