// What a function holds: every way out of it, and whether it is given back there.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { nodes, parseTs } from "../../engine/typescript/parse.ts";
import { leaksOf } from "../../engine/typescript/release.ts";

/** Leaks of `take()` in a function body, as `exit: text` and `where: text`; `give()` gives it back. */
function leaks(body: string): string[] {
  const file = parseTs("a.ts", `async function run(x: any) {\n${body}\n}`);
  const calls = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression);
  const named = (name: string) => calls.filter((one) => one.expression.getText() === name);
  const acquired = named("take")[0]!;
  const owner = enclosingFunction(acquired) as Node;
  return leaksOf({ owner, name: "c", acquired, releases: named("give") }).map((one) => `${one.is === "exit" ? "exit" : one.where}: ${one.at.getText()}`);
}

const cases: readonly (readonly [what: string, body: string, leaks: readonly string[]])[] = [
  ["finally", "const c = await take(); try { return await work(c); } finally { give(); }", []],
  ["a throw before the release", "const c = await take(); await work(c); give();", ["open: await work(c)"]],
  ["nothing that throws before it", "const c = await take(); c.on('error', log); give();", []],
  ["a return before the release", "const c = await take(); if (x) return; give();", ["exit: return;"]],
  ["a throw statement", "const c = await take(); if (x) throw new Error(); give();", ["exit: throw new Error();"]],
  ["a throw statement that a catch ends", "const c = await take(); try { if (x) throw new Error(); } catch {} give();", []],
  ["no release at all", "const c = await take();", ["exit: take()"]],
  ["released in try, not in catch", "const c = await take(); try { await work(c); give(); } catch (e) { log(e); }", ["open: await work(c)"]],
  ["released in catch only", "const c = await take(); try { await work(c); } catch (e) { give(); throw e; }", ["exit: take()"]],
  ["released in both", "const c = await take(); try { await work(c); give(); } catch (e) { give(); throw e; }", []],
  ["a catch that may throw first", "const c = await take(); try { await work(c); give(); } catch (e) { await undo(c); give(); }", ["open: await undo(c)"]],
  ["a catch that cannot throw", "const c = await take(); try { await work(c); } finally { await undo(c).catch(log); give(); }", []],
  ["behind an await in finally", "const c = await take(); try { await work(c); } finally { await end(c); give(); }", ["finally: await end(c)"]],
  ["nested finally", "const c = await take(); try { await work(c); } finally { try { await end(c); } finally { give(); } }", []],
  ["a gap before the try", "const c = await take(); await begin(c); try { await work(c); } finally { give(); }", ["before-try: await begin(c)"]],
  ["certain ways out come first", "const c = await take(); await begin(c); if (x) return; give();", ["exit: return;", "open: await begin(c)"]],
  ["taken inside the try", "let c; try { c = await take(); await work(c); } finally { if (c) give(); }", []],
  ["taking fails", "let c; try { c = await take(); } catch { return; } give();", []],
  ["a condition decides both", "let c; if (x) c = await take(); await work(c); if (x) give();", []],
  ["tested and empty", "const c = await take(); if (!c) return; await work(c).catch(log); give();", []],
  ["tested and full", "let c = await take(); if (c) { give(); } else { return; }", []],
  ["held behind a test", "const c = await take(); if (!c) log(x); if (x) return; give();", ["exit: return;"]],
  ["every branch", "const c = await take(); if (x) { give(); return 1; } else { give(); } return 2;", []],
  ["switch with a way out", "const c = await take(); switch (x) { case 1: return 1; default: give(); }", ["exit: return 1;"]],
  ["switch that falls through", "const c = await take(); switch (x) { case 1: case 2: give(); break; default: give(); }", []],
  ["continue loses it", "for (const i of x) { const c = await take(); if (i) continue; give(); }", ["exit: continue;"]],
  ["each turn", "for (const i of x) { const c = await take(); try { await work(c); } finally { give(); } }", []],
  ["a retry loop", "let c; while (true) { try { c = await take(); break; } catch { await sleep(1); } } give();", []],
  ["a labelled loop", "const c = await take(); out: for (const i of x) { for (const j of i) { if (j) break out; } } give();", []],
  ["an endless loop", "const c = await take(); while (true) { await work(c); }", ["open: await work(c)"]],
  ["a stream", "const c = await take(); for await (const row of c.rows()) log(row); give();", ["open: c.rows()"]],
  ["parsing throws too", "const c = await take(); JSON.parse(x); give();", ["open: JSON.parse(x)"]],
  ["work in a function for later", "const c = await take(); c.on('x', async () => { await work(c); }); give();", []],
  ["the end of the process", "const c = await take(); if (x) process.exit(1); give();", []],
  ["a chain that ends in finally", "const c = await take(); return work(c).finally(() => give());", []],
  ["a finally that returns", "const c = await take(); try { await work(c); } finally { give(); return 1; }", []],
];

describe("leaks", () => {
  for (const [what, body, expected] of cases) it(what, () => assert.deepEqual(leaks(body), expected));

  it("end at a depth that no one writes", () => {
    const deep = 400;
    assert.deepEqual(leaks(`const c = await take(); ${"{".repeat(deep)} await work(c); ${"}".repeat(deep)} give();`), []);
  });
});
