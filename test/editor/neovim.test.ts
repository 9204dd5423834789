// Neovim with the set-up of docs/editors.md. Needs the Debian package neovim.

import assert from "node:assert/strict";
import { rmSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { assertOrderly, documented, patience, program, run, scene, withRocket } from "./setting.ts";

describe("Neovim (needs: apt-get install neovim)", () => {
  it("shows both sides, hovers, fixes and writes", { timeout: 2 * patience }, async () => {
    const { folder, shop } = scene("neovim");
    const rocket = withRocket(shop);
    const { records, path } = await run.pitlint(folder);
    const args = ["--headless", "--clean", "-n", "-i", "NONE", "--cmd", "set noswapfile", "-c", `luafile ${documented("Neovim 0.7 to 0.10", folder)}`, "-c", `luafile ${join(import.meta.dirname, "neovim.lua")}`];
    const { code, output } = await run.program(program("neovim", "nvim"), args, folder, { PATH: path, PITLINT_SHOP: shop, PITLINT_LSP_REPORTS: records });
    assert.equal(code, 0, output);
    assert.equal(readFileSync(join(shop, "gateway/src/server.ts"), "utf8"), rocket.replace("45_000", "25_000"));
    assertOrderly(records);
    rmSync(folder, { recursive: true, force: true });
  });
});
