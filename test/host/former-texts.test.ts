// What changed since the last result decides whether other files may be needed.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { rulesOf } from "../../engine/analyse.ts";
import { planOf } from "../../engine/plan.ts";
import { openDisk } from "../../host/disk.ts";
import { formerTexts } from "../../host/former-texts.ts";
import { packs } from "../../rules/packs/index.ts";

const root = mkdtempSync(join(tmpdir(), "pitlint-former-"));
after(() => rmSync(root, { recursive: true, force: true }));
const before = 'import { a } from "./a";\nexport const b = () => a();\n';
writeFileSync(join(root, "b.ts"), before);
const plan = planOf(rulesOf(packs));

describe("texts that the last result is about", () => {
  const asks = (...texts: readonly string[]) => {
    const disk = openDisk(root);
    Array.from(disk.enumerating());
    const former = formerTexts(disk, plan);
    for (const text of texts) {
      former.keep("b.ts");
      disk.overlay("b.ts", text);
    }
    return former;
  };
  it("ask for nothing new when code is typed", () => assert.equal(asks(before.replace("a()", "a(1)")).asksAnew(), false));
  it("ask anew when another module is imported, whether the file is read or not", () => assert.equal(asks(`import { Pool } from "pg";\n${before}`).asksAnew(), true));
  it("ask anew when a word comes that a check looks for", () => assert.equal(asks(`${before}setInterval(b, 1000);\n`).asksAnew(), true));
  it("are those of the result, not those in between", () => assert.equal(asks(`import { Pool } from "pg";\n${before}`, before).asksAnew(), false));
  it("are forgotten with the next result", () => {
    const former = asks(`import { Pool } from "pg";\n${before}`);
    former.clear();
    assert.equal(former.asksAnew(), false);
  });
});
