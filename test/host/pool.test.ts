// Whatever one task does to its worker, every other task gets its result.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it, type TestContext } from "node:test";
import { createPool, isKilled, type PoolOptions } from "../../host/pool.ts";
import type { Task } from "./workers/misbehaving.ts";

const entry = new URL("./workers/misbehaving.ts", import.meta.url);

function poolFor(test: TestContext, options: Partial<PoolOptions> = {}) {
  const pool = createPool<Task, unknown>({ entry, size: 2, data: { greeting: "hello" }, watchdogMs: 10_000, heapMb: 128, ...options });
  test.after(() => pool.close());
  return pool;
}

const echoes = (count: number): Task[] => Array.from({ length: count }, (_, value) => ({ act: "echo", value }));
const answers = (tasks: readonly Task[]) => tasks.map(({ value }) => ({ value, greeting: "hello" }));

/** Runs echoes with bad tasks among them; gives what became of the bad ones and asserts the rest. */
async function among(test: TestContext, bad: readonly Task["act"][], options: Partial<PoolOptions> = {}) {
  const pool = poolFor(test, options);
  const tasks: Task[] = echoes(90);
  bad.forEach((act, index) => tasks.splice(5 + index * 17, 0, { act, value: index }));
  const results = await Promise.all(tasks.map((task) => pool.run(task)));
  const good = tasks.filter(({ act }) => act === "echo");
  assert.deepEqual(results.filter((_, index) => tasks[index]!.act === "echo"), answers(good));
  return results.filter((_, index) => tasks[index]!.act !== "echo");
}

describe("P4, P6: a pool", () => {
  it("answers every task, in whatever order they are awaited", async (test) => {
    const pool = poolFor(test);
    const tasks = echoes(500);
    assert.deepEqual(await Promise.all(tasks.map((task) => pool.run(task))), answers(tasks));
    assert.deepEqual(await pool.run(tasks[3]!), answers(tasks)[3]);
  });

  it("gives workers a stack for deep files", async (test) => {
    assert.equal(await poolFor(test).run({ act: "overflow", value: 100_000 }), 100_000);
  });

  it("kills a task that hangs, and that one only", async (test) => {
    const reason = "took longer than 300 ms";
    const killed = await among(test, ["hang", "hang-in-regexp", "wait"], { watchdogMs: 300 });
    assert.deepEqual(killed, [{ killed: "timeout", reason }, { killed: "timeout", reason }, { killed: "timeout", reason }]);
  });

  it("kills a task that eats all memory, and that one only", async (test) => {
    const [first, second] = await among(test, ["eat", "eat"]);
    for (const one of [first, second]) assert.ok(isKilled(one) && one.killed === "memory", JSON.stringify(one));
  });

  it("reports what a task throws", async (test) => {
    assert.deepEqual(await among(test, ["throw", "throw"]), [{ killed: "crash", reason: "thrown by 0" }, { killed: "crash", reason: "thrown by 1" }]);
  });

  it("survives a stack that overflows", async (test) => {
    const pool = poolFor(test);
    const result = await pool.run({ act: "overflow", value: 1e9 });
    assert.deepEqual(result, { killed: "crash", reason: "Maximum call stack size exceeded" });
  });

  it("survives workers that end by themselves", async (test) => {
    assert.deepEqual(await among(test, ["exit", "late"]), [{ killed: "crash", reason: "its worker ended with code 7" }, { killed: "crash", reason: "too late" }]);
  });

  it("says which result cannot be sent", async (test) => {
    const [one] = await among(test, ["unsendable"]);
    assert.ok(isKilled(one) && one.killed === "crash" && one.reason.startsWith("the result cannot be sent: "), JSON.stringify(one));
  });

  it("rejects when its script does not start, without trying for ever", async (test) => {
    for (const script of ["file:///no/such/worker.js", "data:text/javascript,throw new Error('broken script')"]) {
      const pool = poolFor(test, { entry: new URL(script) });
      const results = await Promise.allSettled(echoes(5).map((task) => pool.run(task)));
      assert.ok(results.every((one) => one.status === "rejected" && /does not start: .*(Cannot find module|broken script)/s.test(String(one.reason))), JSON.stringify(results.map((one) => String((one as any).reason))));
    }
  });

  it("rejects a task that is no plain data, and goes on", async (test) => {
    const pool = poolFor(test, { size: 1 });
    await assert.rejects(pool.run({ act: "echo", value: (() => 1) as never }), /could not be cloned/);
    assert.deepEqual(await pool.run({ act: "echo", value: 1 }), { value: 1, greeting: "hello" });
  });

  it("rejects what is under way when it is closed, and all after", async (test) => {
    const pool = poolFor(test, { size: 1 });
    const running = [pool.run({ act: "hang", value: 0 }), ...echoes(20).map((task) => pool.run(task))];
    const settled = Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await pool.close();
    assert.ok((await settled).every((one) => one.status === "rejected"));
    await assert.rejects(pool.run({ act: "echo", value: 1 }), /closed/);
  });

  it("lets the process end when it is idle, and keeps it alive while it works", () => {
    const script = `import { createPool } from ${JSON.stringify(new URL("../../host/pool.ts", import.meta.url).href)};
      const pool = createPool({ entry: new URL(${JSON.stringify(entry.href)}), size: 1, data: { greeting: "hi" }, watchdogMs: 10_000 });
      pool.run({ act: "echo", value: 1 }).then((result) => console.log(JSON.stringify(result)));`;
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { encoding: "utf8", timeout: 60_000 });
    assert.deepEqual([stdout, status], ['{"value":1,"greeting":"hi"}\n', 0]);
  });

  it("lets the process end when a worker was prepared and nothing came", () => {
    const script = `import { createPool } from ${JSON.stringify(new URL("../../host/pool.ts", import.meta.url).href)};
      createPool({ entry: new URL(${JSON.stringify(entry.href)}), size: 1, data: { greeting: "hi" }, watchdogMs: 10_000 }).prepare();
      console.log("prepared");`;
    const { stdout, status, signal } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { encoding: "utf8", timeout: 60_000 });
    assert.deepEqual([stdout, status, signal], ["prepared\n", 0, null]);
  });
});
