// L8: the server's own table of positions beside a plainly written reference, in every encoding, over random texts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { positions } from "../../server/convert.ts";
import { firstSeed, size } from "../reliability/size.ts";
import { seeded } from "./protocol/edits.ts";
import { faultOf, offsetAt, positionAt, type Encoding } from "./protocol/text.ts";

const pieces = ["a", "bc", "\t", "é", "漢", "🚀", "👩‍👩‍👧", "e\u0301", "\u2028", "\u202e", "\ufeff", "\n", "\r\n", "\r", "\n\r"];

const wanted = size(12_000, 350_000);

describe("L8: positions", () => {
  for (const encoding of ["utf-8", "utf-16", "utf-32"] satisfies Encoding[])
    it(`${wanted} are those of the reference, and lead back, in ${encoding}`, (test) => {
      const random = seeded(firstSeed + 7);
      let count = 0;
      while (count < wanted) {
        const text = Array.from({ length: random.below(60) }, () => random.pick(pieces)).join("");
        const table = positions(text, encoding);
        for (let offset = 0; offset <= text.length; offset++) {
          if (/[\udc00-\udfff]/.test(text[offset] ?? "")) continue;
          count++;
          const at = table.at(offset);
          assert.deepEqual(at, positionAt(text, offset, encoding), JSON.stringify({ text, offset }));
          assert.equal(faultOf(text, { start: at, end: at }, encoding), undefined, JSON.stringify({ text, offset }));
          assert.equal(table.offset(at), offsetAt(text, at, encoding), JSON.stringify({ text, offset }));
        }
      }
      test.diagnostic(`${count} positions`);
    });

  it("never name the place between the two characters of a line break", () => {
    for (const encoding of ["utf-8", "utf-16", "utf-32"] satisfies Encoding[]) assert.deepEqual(positions("ab\r\nc", encoding).range({ start: 2, end: 3 }), { start: { line: 0, character: 2 }, end: { line: 0, character: 2 } });
  });
});
