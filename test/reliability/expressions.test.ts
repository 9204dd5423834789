// P9: no regular expression of the sources takes more than linear time on any text. With every change a part of them, by the seed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expressions, verdictOf } from "./expressions.ts";
import { firstSeed, size } from "./size.ts";

const all = [...expressions()];
const share = size(20, 1);
const part = firstSeed % share;

describe("P9: regular expressions", () => {
  it(`one of ${share} is linear, or is not known to be worse`, (test) => {
    const mine = all.filter((_, index) => index % share === part);
    const verdicts = mine.map(([literal, places]) => ({ verdict: verdictOf(literal, size(500, 2_000)), what: `${places.join(" ")}  ${literal}` }));
    const count = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).length;
    test.diagnostic(`part ${part}: ${mine.length} of ${all.length} expressions, ${count("linear")} linear, ${count("not decided")} not decided in time`);
    assert.ok(count("linear") > mine.length / 2, "the checker decides most of them");
    assert.deepEqual(verdicts.filter((one) => one.verdict === "exponential" || one.verdict === "polynomial"), []);
  });
});
