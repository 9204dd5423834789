// The HTML report in a browser, from the disk. Needs Chromium: the Debian package chromium or chromium-headless-shell, or its path in CHROMIUM. Fails without.

import assert from "node:assert/strict";
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { pitlint, report, type Output } from "../cli/run.ts";

/** The first Chromium there is. */
function executable(): string {
  const named = process.env["CHROMIUM"];
  const places = ["chromium", "chromium-headless-shell", "chromium-browser", "google-chrome"].flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)));
  for (const path of named ? [named] : places)
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next place may have it.
    }
  throw new Error("this test needs Chromium: apt-get install chromium (or chromium-headless-shell), or name it in CHROMIUM");
}

const folder = mkdtempSync(join(tmpdir(), "pitlint-html-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("the HTML report in a browser (needs Chromium: apt-get install chromium)", () => {
  let browser: Browser;
  let json: Output;
  const page = join(folder, "shop.html");
  const evil = join(folder, "evil.html");

  before(async () => {
    browser = await chromium.launch({ executablePath: executable(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    const shop = join(import.meta.dirname, "../../examples/shop");
    assert.equal((await pitlint(shop, ["--format", `html=${page}`])).code, 1);
    ({ json } = await report(shop));
    const hostile = join(folder, "a <img src=x onerror=owned=1> ' \" ]]>");
    mkdirSync(hostile);
    writeFileSync(join(hostile, "a.ts"), 'import axios from "axios";\nexport const quote = () => axios.get("https://a.internal/</pre><script>owned=1</script>"); // <!-- <script>\nexport const = ;\n');
    assert.equal((await pitlint(hostile, ["--format", `html=${evil}`])).code, 3);
  });
  after(() => browser?.close());

  /** Opens a page from the disk; `faults` grows with errors, and with requests for anything but the page. */
  async function open(file: string, options: BrowserContextOptions = {}, hash = ""): Promise<{ view: Page; faults: string[] }> {
    const view = await (await browser.newContext(options)).newPage();
    const faults: string[] = [];
    view.on("pageerror", (error) => faults.push(String(error)));
    view.on("console", (message) => void (message.type() === "error" && faults.push(message.text())));
    view.on("request", (request) => void (!request.url().startsWith(pathToFileURL(file).href) && faults.push(request.url())));
    await view.goto(pathToFileURL(file).href + hash);
    return { view, faults };
  }
  const visible = (view: Page) => view.locator("article.finding:visible").count();
  const linesOf = (text: string) => new Set(text.split("\n"));

  it("shows every finding, with both sides of each contradiction, and asks for nothing else", async () => {
    const { view, faults } = await open(page);
    assert.equal(await visible(view), json.diagnostics.length);
    assert.equal(await view.getByRole("status").textContent(), `${json.diagnostics.length} findings`);
    for (const [index, one] of json.diagnostics.entries()) {
      const article = view.locator("article.finding").nth(index);
      const text = await article.innerText();
      assert.ok(text.includes(one.message) && text.includes(`${one.file}:${one.range.start.line}:${one.range.start.column}`), one.message);
      for (const other of one.related) assert.ok(text.includes(`${other.file}:${other.range.start.line}:${other.range.start.column}`));
      assert.equal(await article.locator("mark").count(), 1 + one.related.length);
      for (const fix of one.fixes) assert.ok(text.includes(fix.title));
    }
    const contradiction = view.locator("article", { hasText: "Server timeout of 45 s outlives" });
    assert.deepEqual(await contradiction.locator(".sides mark").allTextContents(), ["45_000", "30s"]);
    const boxes = await Promise.all([0, 1].map((index) => contradiction.locator(".sides figure").nth(index).boundingBox()));
    assert.equal(boxes[0]!.y, boxes[1]!.y);
    assert.ok(boxes[1]!.x > boxes[0]!.x);
    assert.deepEqual(faults, []);
  });

  it("filters by severity, rule, service and text, and says how many are left", async () => {
    const { view, faults } = await open(page);
    const all = json.diagnostics.length;
    const of = (test: (one: Output["diagnostics"][number]) => boolean) => json.diagnostics.filter(test).length;
    await view.getByRole("checkbox", { name: /warning/ }).uncheck();
    assert.equal(await visible(view), of((one) => one.severity !== "warning"));
    await view.getByRole("button", { name: "Show all" }).click();
    await view.getByText(`${all} findings`, { exact: true }).waitFor();
    await view.getByLabel("Rule").selectOption("timeout/http-call-without-timeout");
    assert.equal(await visible(view), of((one) => one.rule === "timeout/http-call-without-timeout"));
    await view.getByLabel("Rule").selectOption("");
    const services = (await view.getByLabel("Service").locator("option").allTextContents()).slice(1);
    assert.deepEqual(services, ["gateway", "orders", "worker"].filter((name) => services.includes(name)));
    assert.ok(services.length > 1);
    await view.getByLabel("Service").selectOption("orders");
    assert.ok((await visible(view)) > 0 && (await visible(view)) < all);
    for (const name of await view.locator("article.finding:visible").evaluateAll((nodes) => nodes.map((node: any) => node.dataset.service as string))) assert.equal(name, "orders");
    await view.getByLabel("Service").selectOption("");
    await view.getByLabel("Text").fill("TTL 45 consul/gateway");
    assert.equal(await visible(view), 1);
    assert.equal(await view.getByRole("status").textContent(), `1 of ${all} findings`);
    await view.getByLabel("Text").fill("nothing says this");
    assert.equal(await view.getByRole("status").textContent(), `0 of ${all} findings`);
    assert.deepEqual(faults, []);
  });

  it("keeps the filters in the address", async () => {
    const { view } = await open(page);
    await view.getByLabel("Rule").selectOption("timeout/http-call-without-timeout");
    await view.getByRole("checkbox", { name: /info/ }).uncheck();
    const again = await open(page, {}, new URL(view.url()).hash);
    assert.equal(await again.view.getByLabel("Rule").inputValue(), "timeout/http-call-without-timeout");
    assert.equal(await again.view.getByRole("checkbox", { name: /info/ }).isChecked(), false);
    assert.equal(await visible(again.view), await visible(view));
    const odd = await open(page, {}, "#rule=gone/rule&hide=fatal");
    assert.deepEqual([await visible(odd.view), odd.faults], [json.diagnostics.length, []]);
  });

  it("shows everything without script", async () => {
    const { view } = await open(page, { javaScriptEnabled: false });
    assert.equal(await visible(view), json.diagnostics.length);
    assert.equal(await view.locator("#filters").isVisible(), false);
  });

  it("can be used with a keyboard alone", async () => {
    const { view } = await open(page);
    await view.keyboard.press("Tab");
    assert.equal(await view.evaluate("document.activeElement.textContent"), "Skip to the findings");
    await view.keyboard.press("Tab");
    await view.keyboard.press("Space");
    assert.ok((await visible(view)) < json.diagnostics.length);
  });

  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1280, 360])
      it(`is readable in ${colorScheme}, ${width} px wide`, async () => {
        const { view } = await open(page, { colorScheme, viewport: { width, height: 800 } });
        // Contrast of at least 4.5 to 1: https://www.w3.org/TR/WCAG22/#contrast-minimum
        const poor = await view.evaluate(contrast);
        assert.deepEqual(poor, []);
        assert.equal(await view.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
        const dark = (await view.evaluate("getComputedStyle(document.body).backgroundColor")) !== "rgb(255, 255, 255)";
        assert.equal(dark, colorScheme === "dark");
      });

  it("names every control, and has headings in order", async () => {
    const { view } = await open(page);
    for (const control of await view.locator("input, select, button, a, summary").all()) assert.notEqual(await control.evaluate((node: any) => (node.labels?.[0]?.textContent ?? node.textContent).trim()), "");
    const levels = await view.locator("h1, h2, h3").evaluateAll((nodes) => nodes.map((node: any) => Number(node.tagName[1])));
    assert.equal(levels[0], 1);
    for (const [index, level] of levels.entries()) assert.ok(index === 0 || level <= levels[index - 1]! + 1);
    assert.ok(await view.title());
  });

  it("runs nothing that a file holds, and shows what was not analysed", async () => {
    const { view, faults } = await open(evil);
    assert.match(await view.title(), /^pitlint: 1 warning, incomplete$/);
    assert.equal(await view.locator("img, iframe, object").count(), 0);
    assert.equal(await view.locator("script").count(), 1);
    assert.match(await view.locator("article pre").first().innerText(), /<\/pre><script>owned=1<\/script>/);
    assert.equal(await view.evaluate("typeof owned"), "undefined");
    assert.match(await view.getByRole("note").innerText(), /The analysis is incomplete: 1 file not fully analysed/);
    assert.match(await view.locator(".problems").innerText(), /incomplete a\.ts:3:14 syntax error/);
    assert.deepEqual(faults, []);
    // Should the escaping ever have a hole, the page's policy still lets nothing run.
    await view.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title = 1\">'); const one = document.createElement('script'); one.textContent = 'document.title = 2'; document.body.append(one);");
    assert.match(await view.title(), /^pitlint/);
    assert.deepEqual(faults.map((one) => /Content Security Policy/.exec(one)?.[0] ?? one).filter((one) => !one.endsWith("/x")), Array(3).fill("Content Security Policy"));
  });

  it("says what the baseline accepts, and has no filters where there is nothing to filter", async () => {
    const shop = join(folder, "accepted");
    cpSync(join(import.meta.dirname, "../../examples/shop"), shop, { recursive: true });
    assert.equal((await pitlint(shop, ["baseline"])).code, 0);
    assert.equal((await pitlint(shop, ["--format", `html=${join(folder, "accepted.html")}`])).code, 0);
    const { view, faults } = await open(join(folder, "accepted.html"));
    assert.equal(await view.title(), "pitlint: no findings");
    assert.equal(await view.locator("dt", { hasText: "Not shown" }).locator("xpath=following-sibling::dd").innerText(), `${json.diagnostics.length} in the baseline`);
    assert.equal(await view.locator("form").count(), 0);
    assert.deepEqual(faults, []);
  });

  it("is one file that names no other", () => {
    const text = readFileSync(page, "utf8");
    assert.doesNotMatch(text, /\b(?:src|srcset|poster|action)=|@import|url\(/);
    assert.deepEqual([...linesOf(text.replaceAll(/href="(?:#findings|https:\/\/github\.com\/pitlint\/pitlint\/[^"]*)"/g, ""))].filter((line) => line.includes("href=")), []);
  });
});

/** In the page: texts whose colour stands out too little from what is behind them. */
const contrast = `(() => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { rgb: [r, g, b], a }; };
  const light = (rgb) => { const [r, g, b] = rgb.map((one) => { const c = one / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (node) => { for (let at = node; at; at = at.parentElement) { const { rgb, a } = parse(getComputedStyle(at).backgroundColor); if (a > 0) return rgb; } return [255, 255, 255]; };
  const poor = new Set();
  for (const node of document.querySelectorAll("body *")) {
    if (![...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()) || !node.checkVisibility() || node.closest("script, style, option")) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color).rgb), light(behind(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.add(node.tagName + "." + node.className);
  }
  return [...poor];
})()`;
