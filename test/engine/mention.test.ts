// The scan for mentions finds exactly the words that a search for each of them would find.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mentioned, scanner } from "../../engine/mention.ts";

const naive = (words: readonly string[], text: string) => new Set(words.filter((word) => text.includes(word)));
const sorted = (words: ReadonlySet<string>) => [...words].sort();

describe("scanner", () => {
  it("finds words inside, beside and over one another", () => {
    const words = ["he", "she", "his", "hers", "e", "ushers", "'got'", "@a/b"];
    for (const text of ["", "ushers", "shis", "xhe", "'got", "import got from 'got'", "from \"@a/b\"", "h e r s", "hehe"])
      assert.deepEqual(sorted(scanner([[words]]).words(text)), sorted(naive(words, text)), text);
  });

  it("finds nothing without words", () => {
    assert.equal(scanner([]).words("anything").size, 0);
  });

  it("keeps nothing of the text before", () => {
    const one = scanner([[["timeout"]]]);
    assert.equal(one.words("time").size, 0);
    assert.equal(one.words("out").size, 0);
  });

  it("takes no character for an ASCII one, whatever its low byte", () => {
    const one = scanner([[["ttl"]]]);
    assert.equal(one.words("\u0174\u0174\u016c").size, 0);
    assert.equal(one.words("\u00f4\u00f4\u00ec").size, 0);
    assert.deepEqual(sorted(one.words("\u{1F600}ttl\u0174")), ["ttl"]);
  });

  it("gives the same for UTF-8 read as Latin-1", () => {
    const words = ["fetch", "ttl"];
    const text = "// größer → ttl 😀\nfetch()";
    assert.deepEqual(sorted(scanner([[words]]).words(Buffer.from(text).toString("latin1"))), sorted(scanner([[words]]).words(text)));
  });

  it("refuses a word that it could not find", () => {
    for (const word of ["", "größe"]) assert.throws(() => scanner([[[word]]]), /one or more ASCII characters/);
  });

  it("agrees with a search for each word", () => {
    const few = fc.constantFrom("a", "b", "c", "\u00e1", "\u0161");
    const ascii = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 5 });
    fc.assert(fc.property(fc.uniqueArray(ascii, { maxLength: 8 }), fc.string({ unit: few, maxLength: 60 }), (words, text) => {
      assert.deepEqual(sorted(scanner(words.map((word) => [[word]])).words(text)), sorted(naive(words, text)));
    }), { numRuns: 2000 });
  });

  it("agrees with a search for each word, in any text", () => {
    const ascii = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 });
    const text = fc.array(fc.oneof(fc.string({ unit: "binary" }), ascii)).map((parts) => parts.join(""));
    fc.assert(fc.property(fc.uniqueArray(ascii, { maxLength: 20 }), text, (words, around) => {
      const within = around + words.slice(0, 3).join("");
      assert.deepEqual(sorted(scanner([[words]]).words(within)), sorted(naive(words, within)));
    }));
  });
});

describe("mentioned", () => {
  it("needs a hit in each group, and at least one group", () => {
    const found = new Set(["a", "c"]);
    assert.equal(mentioned([["a", "b"], ["c"]], found), true);
    assert.equal(mentioned([["a"], ["b"]], found), false);
    assert.equal(mentioned([], found), false);
    assert.equal(mentioned([[]], found), false);
  });
});
