// The story of a user in a real VS Code: install, open, see both sides of a contradiction, read why, fix it from either file, save, reload, survive a crash.
// Needs Chromium (Debian: chromium) and the npm registry once; PITLINT_SCREENSHOTS names a folder for pictures, PITLINT_REPEAT how often the story is told.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { chromium, type Page } from "playwright-core";
import { install, startCodeServer } from "./code-server.ts";
import { assertOrderly, patience, program, project, recorder, reports, scene, until } from "./setting.ts";
import { workbench, type Workbench } from "./workbench.ts";

const contradiction = "outlives the registry TTL of 30 s";
const fix = "Lower the server timeout to 25 s";
const serverFile = "gateway/src/server.ts";
const consulFile = "consul/gateway.yaml";

describe("VS Code (needs Chromium: apt-get install chromium)", () => {
  for (let round = 1; round <= Number(process.env["PITLINT_REPEAT"] ?? 1); round++)
    it(`tells the whole story${round > 1 ? `, again (${round})` : ""}`, { timeout: 20 * 60_000 }, async (test) => {
      const { folder, shop } = scene("vscode");
      const vsix = join(folder, "pitlint.vsix");
      execFileSync(process.execPath, ["scripts/package.mjs", vsix], { cwd: project, stdio: "ignore" });
      const records = join(folder, "records");
      const editor = await startCodeServer(install(), folder, vsix, { PITLINT_LSP_RECORDER: await recorder(folder), PITLINT_LSP_REPORTS: records });
      const browser = await chromium.launch({
        executablePath: process.env["CHROMIUM"] ?? program("chromium", "chromium", "chromium-headless-shell"),
        // Nothing but this machine resolves, so that no request can leave it.
        args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
      });
      try {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
        const outside = new Set<string>();
        await context.route((url) => url.hostname !== "127.0.0.1" && /^(https?|wss?):$/.test(url.protocol), (route) => (outside.add(route.request().url()), route.abort()));
        const page = await context.newPage();
        page.setDefaultTimeout(patience);
        try {
          await story({ page, shop, records, url: editor.url(shop, join(shop, serverFile)), note: (text) => test.diagnostic(text) });
        } catch (error) {
          const picture = `${folder}-failed.png`;
          await page.screenshot({ path: picture });
          throw new Error(`${(error as Error).stack}\nthe window as it was: ${picture}`, { cause: error });
        }
        assert.deepEqual([...outside], [], "nothing was asked of another machine");
      } finally {
        await browser.close();
        await editor.stop();
      }
      assertOrderly(records);
      rmSync(folder, { recursive: true, force: true });
    });
});

interface Stage {
  readonly page: Page;
  readonly shop: string;
  readonly records: string;
  readonly url: string;
  note(text: string): void;
}

async function story({ page, shop, records, url, note }: Stage): Promise<void> {
  const window = workbench(page);
  const text = (path: string) => readFileSync(join(shop, path), "utf8");
  const pictures = process.env["PITLINT_SCREENSHOTS"];
  const picture = async (name: string) => {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  /** The part of the window that a step of the walkthrough shows: what fits beside its text. */
  const step = async (name: string, part = { x: 353, y: 35, width: 800, height: 440 }) => {
    if (!pictures) return;
    await page.mouse.move(1200, 700);
    mkdirSync(join(pictures, "walkthrough"), { recursive: true });
    await page.screenshot({ path: join(pictures, "walkthrough", `${name}.png`), clip: part });
  };

  const begin = performance.now();
  await page.goto(url);
  await window.ready();
  await window.squiggles().first().waitFor();
  note(`first diagnostic ${((performance.now() - begin) / 1000).toFixed(1)} s after the page was asked for`);

  // The finding stands in TypeScript, with a hover that names both values and the other place.
  const [line, column] = placeOf(text(serverFile), "45_000");
  await window.goTo(line, column);
  await window.hover(/Server timeout of 45 s outlives the registry TTL of 30 s/, /consul\/gateway\.yaml/);
  await picture("squiggle-typescript");
  await step("look");
  await window.closeWidgets();

  const problem = (one: string) => one.includes(contradiction) && /pitlint\(?\s*registry\/server-timeout-exceeds-ttl/.test(one);
  // It is one row of each of the two files.
  await until("both problems", async () => (await window.problems("outlives")).filter(problem).length === 2);
  await picture("problems");

  // It stands in YAML too, and is mended from there: the edit lies in the other file, so it is shown before it is made.
  await window.open(consulFile);
  await window.squiggles().first().waitFor();
  await window.goTo(...placeOf(text(consulFile), "30s"));
  await window.hover(/45 s/, /gateway\/src\/server\.ts/);
  await picture("squiggle-yaml");
  await window.closeWidgets();
  assert.ok((await window.quickFixes(fix)).includes(fix));
  await picture("quick-fix");
  await window.choose(fix);
  const preview = page.locator(".bulk-edit-panel");
  await preview.locator(".monaco-list-row").first().waitFor();
  // Edits that need a nod are not ticked.
  await preview.locator(".edit-checkbox").first().click();
  await picture("quick-fix-preview");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await until("the fix on disk", async () => {
    if (text(serverFile).includes("requestTimeout = 25_000")) return true;
    await window.command("File: Save All Files").catch(() => {});
    return false;
  }, { every: 1000 });
  assert.equal(text(consulFile), readFileSync(join(project, "examples/shop", consulFile), "utf8"), "the file it was asked from is as it was");
  await until("the YAML squiggle to go", async () => (await window.squiggles().count()) === 0);

  // A fix in the open file itself, saved by key.
  await window.open(serverFile);
  await until("the timeout's finding to go", async () => !(await window.problems("outlives")).some(problem));
  const keepAlive = "Raise the keep-alive time to 70 s";
  await window.goTo(...placeOf(text(serverFile), "createServer(createApp"));
  await window.quickFixes(keepAlive);
  await window.choose(keepAlive);
  await page.locator(".tab.active.dirty").waitFor();
  await window.save();
  await until("the second fix on disk", () => /keepAliveTimeout = 70_000/.test(text(serverFile)));
  await until("no squiggle in server.ts", async () => (await window.squiggles().count()) === 0);
  await picture("fixed");

  await typing(page, window, placeOf(text(serverFile), "25_000"), note);

  // What the server says of the workspace is shown as pages.
  const shown = async (...says: readonly RegExp[]) => void await until(`a page that says ${says.join(" and ")}`, async () => {
    const texts = await Promise.all(page.frames().map((frame) => frame.locator("body").innerText({ timeout: 1_000 }).catch(() => "")));
    return texts.some((one) => says.every((each) => each.test(one)));
  }, { every: 500 });
  await window.command("pitlint: Show How Services Are Linked");
  await shown(/gateway/, /Deployment\/gateway/);
  await step("link");
  await window.command("View: Close Editor");
  await window.open("gateway/src/config.ts");
  await window.command("pitlint: Why Is This File Silent?");
  await shown(/Why is gateway\/src\/config\.ts silent/, /Profile recommended/);
  await step("silent");
  await window.command("View: Close Editor");

  // Keys of pitlint.yaml are completed, with what they mean.
  await window.open("pitlint.yaml");
  await window.goTo(text("pitlint.yaml").split("\n").length, 1);
  await page.keyboard.type("reg");
  await page.keyboard.press("Control+Space");
  const suggestion = page.locator(".suggest-widget .monaco-list-row").filter({ hasText: "registry" }).first();
  await suggestion.waitFor();
  await page.locator(".suggest-details").waitFor({ timeout: 2_000 }).catch(() => page.keyboard.press("Control+Space"));
  await step("state");
  await window.closeWidgets();
  await window.command("File: Revert File");
  await window.open(serverFile);

  // A change from outside the editor is seen.
  writeFileSync(join(shop, consulFile), text(consulFile).replace("ttl: 30s", "ttl: 20s"));
  await window.squiggles().first().waitFor();

  await window.command("pitlint: Show Output");
  await page.locator(".part.panel .action-item.checked").filter({ hasText: "Output" }).waitFor();
  assert.match(await window.status(), /pitlint/);
  assert.equal(await page.locator(".statusbar-item").filter({ hasText: "reading the workspace" }).count(), 0, "progress ends with the reading");

  // The window is loaded anew: the old server ends in order, a new one finds the same.
  const before = reports(records).length;
  await window.command("Developer: Reload Window", true);
  await page.waitForEvent("load");
  await window.ready();
  await window.open(serverFile);
  await window.squiggles().first().waitFor();
  await until("the first server's end", () => reports(records)[0]!.exit?.code === 0);
  assert.ok(reports(records).length > before);

  // A server that dies is started again, and the same is found.
  const victim = reports(records).at(-1)!;
  process.kill(victim.pid, "SIGKILL");
  await until("another server", () => reports(records).at(-1)!.pid !== victim.pid);
  await until("the editor to know its documents again", () => (reports(records).at(-1)!.methods["client textDocument/didOpen"] ?? 0) > 0);
  await window.squiggles().first().waitFor();
  await picture("after-crash");
  await window.command("pitlint: Restart Server");
  await until("a server after the command", () => reports(records).filter((one) => one.counts.client > 3).length >= 4);
  await window.squiggles().first().waitFor();
}

/** Types a contradiction in and out, and says how long it takes to be seen. */
async function typing(page: Page, window: Workbench, [line, column]: [number, number], note: (text: string) => void): Promise<void> {
  const waits: number[] = [];
  for (const digits of ["9", "8", "7", "6", "5"]) {
    await window.goTo(line, column);
    await page.keyboard.press("Delete");
    const begin = performance.now();
    await page.keyboard.type(digits);
    await window.squiggles().first().waitFor();
    waits.push(performance.now() - begin);
    await page.keyboard.press("Control+Z");
    await page.keyboard.press("Control+Z");
    await until("the squiggle to go", async () => (await window.squiggles().count()) === 0, { every: 20 });
  }
  note(`a key is answered by a squiggle after ${waits.map((one) => one.toFixed(0)).join(", ")} ms`);
  await window.save();
}

/** 1-based line and column of a text. */
function placeOf(text: string, wanted: string): [line: number, column: number] {
  const at = text.indexOf(wanted);
  assert.ok(at >= 0, `no ${wanted} in ${text}`);
  const lines = text.slice(0, at).split("\n");
  return [lines.length, lines.at(-1)!.length + 1];
}
