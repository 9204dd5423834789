// What a keystroke will run is run before, in folders with a source file open, and no longer than nobody types.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { openDocuments } from "../../server/documents.ts";
import { rehearsal } from "../../server/rehearsal.ts";

const setUp = (each: (round: number) => boolean | void = () => {}) => {
  const documents = openDocuments(() => "utf-16");
  const ran: string[] = [];
  const practice = rehearsal(documents);
  const begin = () => practice.begins("file:///w", (uri) => (uri.startsWith("file:///w/") ? uri.slice(10) : undefined), async (path, text) => (await turn(), ran.push(`${path} ${text}`), each(ran.length) ?? true));
  return { documents, ran, practice, begin };
};
const quiet = async (ran: readonly string[]) => {
  for (let last = -1; last !== ran.length; ) {
    last = ran.length;
    for (let turns = 0; turns < 5; turns++) await turn();
  }
};

describe("a rehearsal", () => {
  it("runs the document that is open when its folder is read, or is opened after", async () => {
    for (const late of [false, true]) {
      const { documents, ran, practice, begin } = setUp();
      if (late) begin();
      documents.open("file:///w/a.yaml", 1, "a: 1");
      documents.open("file:///other/b.ts", 1, "b");
      documents.open("file:///w/c.ts", 1, "c");
      if (late) practice.opened();
      else begin();
      await quiet(ran);
      assert.ok(ran.length > 1 && ran.every((one) => one === "c.ts c"), ran.join());
      const before = ran.length;
      practice.opened();
      await quiet(ran);
      assert.equal(ran.length, before, "once for each folder");
    }
  });

  it("ends when somebody types, when the text hangs, and with its folder", async () => {
    const typed = setUp((round) => void (round === 3 && typed.documents.change("file:///w/c.ts", 2, [{ text: "cc" }])));
    typed.documents.open("file:///w/c.ts", 1, "c");
    typed.begin();
    await quiet(typed.ran);
    assert.deepEqual(typed.ran, ["c.ts c", "c.ts c", "c.ts c"]);

    const hangs = setUp(() => false);
    hangs.documents.open("file:///w/c.ts", 1, "c");
    hangs.begin();
    await quiet(hangs.ran);
    assert.deepEqual(hangs.ran, ["c.ts c"]);

    const gone = setUp();
    gone.begin();
    gone.practice.ends("file:///w");
    gone.documents.open("file:///w/c.ts", 1, "c");
    gone.practice.opened();
    await quiet(gone.ran);
    assert.deepEqual(gone.ran, []);
  });
});
