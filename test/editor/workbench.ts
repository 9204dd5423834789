// The VS Code window as a user sees it: files, squiggles, hovers, quick fixes, problems, commands.

import type { Locator, Page } from "playwright-core";
import { until } from "./setting.ts";

export interface Workbench {
  ready(): Promise<void>;
  /** Opens a file through the Explorer. */
  open(path: string): Promise<void>;
  squiggles(severity?: "error" | "warning" | "info"): Locator;
  /** Puts the cursor where a text first stands in the open file. */
  goTo(line: number, column: number): Promise<void>;
  /** The hover at the cursor, once it says all of this: its parts come one after the other. */
  hover(...says: readonly RegExp[]): Promise<string>;
  closeWidgets(): Promise<void>;
  /** Opens the menu of quick fixes at the cursor and gives its titles; `title` must be among them. */
  quickFixes(title: string): Promise<string[]>;
  /** Takes an entry of the open menu. */
  choose(title: string): Promise<void>;
  save(): Promise<void>;
  /** Rows of the Problems panel that hold a text. */
  problems(text: string): Promise<string[]>;
  command(title: string, stays?: boolean): Promise<void>;
  status(): Promise<string>;
}

export function workbench(page: Page): Workbench {
  const keys = page.keyboard;
  const self: Workbench = {
    async ready() {
      await page.locator(".monaco-workbench").waitFor();
      await page.locator(".statusbar").waitFor();
    },
    async open(path) {
      const parts = path.split("/");
      const row = (level: number, name: string) => page.locator(`.explorer-folders-view .monaco-list-row[aria-level="${level}"]`).filter({ has: page.locator(".label-name", { hasText: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) }) });
      if (!(await page.locator(".explorer-folders-view").isVisible())) await keys.press("Control+Shift+E");
      const last = parts.length;
      // Rows of files with one name differ by their folder: folders that are not on the way are closed.
      for (const open of (await page.locator('.explorer-folders-view .monaco-list-row[aria-level="1"][aria-expanded="true"]').all()).reverse()) if ((await open.innerText()).trim() !== parts[0]) await open.click();
      for (const [index, part] of parts.slice(0, -1).entries()) {
        const one = row(index + 1, part).first();
        await one.waitFor();
        if ((await one.getAttribute("aria-expanded")) !== "true") await one.click();
      }
      await row(last, parts[last - 1]!).first().dblclick();
      await page.locator(`.tab.active[data-resource-name="${parts[last - 1]}"]`).waitFor();
      await page.locator(".editor-group-container.active .monaco-editor.focused").first().waitFor();
    },
    squiggles: (severity = "warning") => page.locator(`.monaco-editor .squiggly-${severity}`),
    async goTo(line, column) {
      await until(`line ${line}`, async () => {
        await keys.press("Control+G");
        const input = page.locator('.quick-input-widget:visible input[type="text"], .quick-input-widget:visible input.input').first();
        try {
          await input.waitFor({ timeout: 5_000 });
          await input.fill(`:${line}:${column}`, { timeout: 5_000 });
          await input.press("Enter", { timeout: 5_000 });
        } catch {
          await keys.press("Escape");
        }
        return (await page.locator('[id="status.editor.selection"]').innerText()).startsWith(`Ln ${line}, Col ${column}`);
      });
    },
    async hover(...says) {
      const box = page.locator(".monaco-hover:visible");
      return await until(`a hover that says ${says.join(" and ")}`, async () => {
        if ((await box.count()) === 0) {
          await keys.press("Control+K");
          await keys.press("Control+I");
          await box.first().waitFor({ timeout: 4_000 }).catch(() => {});
        }
        const text = (await box.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
        return says.every((one) => one.test(text)) ? text : undefined;
      }, { every: 200 });
    },
    async closeWidgets() {
      await keys.press("Escape");
      await keys.press("Escape");
    },
    async quickFixes(title) {
      const rows = page.locator(".action-widget .monaco-list-row");
      await until(`the quick fix "${title}"`, async () => {
        if (await rows.filter({ hasText: title }).count()) return true;
        await keys.press("Control+Period");
        const found = await rows.filter({ hasText: title }).first().waitFor({ timeout: 4_000 }).then(() => true, () => false);
        if (!found) await keys.press("Escape");
        return found;
      });
      return (await rows.allInnerTexts()).map((one) => one.trim());
    },
    async choose(title) {
      const focused = page.locator(".action-widget .monaco-list-row.focused");
      for (let tries = 0; tries < 40; tries++) {
        if ((await focused.count()) && (await focused.first().innerText()).trim() === title) {
          await keys.press("Enter");
          await page.locator(".action-widget .monaco-list-row").first().waitFor({ state: "hidden" });
          return;
        }
        await keys.press("ArrowDown");
      }
      throw new Error(`"${title}" could not be reached with the keyboard`);
    },
    async save() {
      await keys.press("Control+S");
      await page.locator(".tab.active:not(.dirty)").waitFor();
    },
    async problems(text) {
      if (!(await page.locator(".markers-panel").isVisible())) await keys.press("Control+Shift+M");
      await page.locator(".markers-panel").waitFor();
      // The list draws only what fits: the filter brings what is looked for to its top.
      await page.locator(".viewpane-filter input").first().fill(text);
      await page.waitForTimeout(500);
      return (await page.locator(".markers-panel .monaco-list-row").allInnerTexts()).map((one) => one.replace(/\s+/g, " ").trim());
    },
    async command(title, stays = false) {
      await until(`the command "${title}"`, async () => {
        const box = page.locator(".quick-input-widget:visible");
        try {
          await keys.press("F1");
          const input = box.locator('input[type="text"], input.input').first();
          await input.waitFor({ timeout: 5_000 });
          await input.fill(`>${title}`, { timeout: 5_000 });
          // Clicked, not entered: focus may have gone elsewhere while the window settles.
          await box.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click({ timeout: 8_000 });
          if (!stays) await page.locator(".quick-input-widget").waitFor({ state: "hidden", timeout: 8_000 });
          return true;
        } catch {
          await keys.press("Escape");
          return false;
        }
      });
    },
    status: async () => (await page.locator('.statusbar-item[id*="pitlint"]').first().innerText()).trim(),
  };
  return self;
}
