// Emacs and eglot with the set-up of docs/editors.md. Needs the Debian packages emacs-nox and elpa-eglot.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { assertOrderly, documented, patience, program, run, scene, withRocket } from "./setting.ts";

describe("Emacs (needs: apt-get install emacs-nox elpa-eglot)", () => {
  it("shows both sides, fixes and writes", { timeout: 2 * patience }, async () => {
    const { folder, shop } = scene("emacs");
    const rocket = withRocket(shop);
    const { records, path } = await run.pitlint(folder);
    const args = ["--batch", "-l", documented("Emacs", folder), "-l", join(import.meta.dirname, "emacs.el")];
    const { code, output } = await run.program(program("emacs-nox", "emacs"), args, folder, { PATH: path, PITLINT_SHOP: shop, PITLINT_LSP_REPORTS: records });
    assert.equal(code, 0, output);
    assert.equal(readFileSync(join(shop, "gateway/src/server.ts"), "utf8"), rocket.replace("45_000", "25_000"));
    assertOrderly(records);
    rmSync(folder, { recursive: true, force: true });
  });
});
