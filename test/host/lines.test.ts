// Offsets and positions agree with what editors do.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { lineStarts, offsetAt, position } from "../../host/lines.ts";

const at = (text: string, offset: number) => position(lineStarts(text), offset);

describe("positions", () => {
  it("end lines at \\n, \\r\\n and \\r, and nowhere else", () => {
    assert.deepEqual(lineStarts("a\nb\r\nc\rd\u2028e\u0085f\vg"), [0, 2, 5, 7]);
    assert.deepEqual(lineStarts(""), [0]);
    assert.deepEqual(lineStarts("\r\n\r\n"), [0, 2, 4]);
  });

  it("count UTF-16 units from 1", () => {
    assert.deepEqual(at("", 0), { line: 1, column: 1 });
    assert.deepEqual(at("\u{1F600}x\ny", 2), { line: 1, column: 3 });
    assert.deepEqual(at("\u{1F600}x\ny", 4), { line: 2, column: 1 });
    assert.deepEqual(at("a\n", 2), { line: 2, column: 1 });
  });

  it("stay inside the text", () => {
    const text = "ab\r\nc";
    const starts = lineStarts(text);
    assert.equal(offsetAt(text, starts, { line: 1, column: 99 }), 2);
    assert.equal(offsetAt(text, starts, { line: 9, column: 1 }), 5);
    assert.equal(offsetAt(text, starts, { line: 0, column: 5 }), 0);
    assert.equal(offsetAt(text, starts, { line: 2, column: 0 }), 4);
  });

  it("are those of the language server's text documents, and lead back", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\r\n", "\u2028", "é", "\u{1F600}", "\t"), maxLength: 40 });
    fc.assert(
      fc.property(text, (text) => {
        const document = TextDocument.create("file:///x", "x", 1, text);
        const starts = lineStarts(text);
        assert.equal(starts.length, document.lineCount);
        for (let offset = 0; offset <= text.length; offset++) {
          // Between \r and \n there is no position.
          if (text[offset - 1] === "\r" && text[offset] === "\n") continue;
          const here = position(starts, offset);
          const there = document.positionAt(offset);
          assert.deepEqual(here, { line: there.line + 1, column: there.character + 1 });
          assert.equal(offsetAt(text, starts, here), offset);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
