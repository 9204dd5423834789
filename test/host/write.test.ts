// A fix never tears a file, never touches what it was not meant for, and says what it did not do.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { applyEdits } from "../../host/write.ts";
import { isProblem, readText } from "../../host/read.ts";
import type { FileEdit } from "../../engine/types.ts";
import { folderWith } from "./folder.ts";

const edit = (file: string, ...edits: readonly (readonly [start: number, end: number, text: string])[]): FileEdit => ({ file, edits: edits.map(([start, end, text]) => ({ at: { file, start, end }, text })) });

/** What was read of the files now; later changes on disk do not change it. */
function readNow(root: string, ...files: string[]): (file: string) => string | undefined {
  const texts = new Map(files.map((file) => [file, readText(root, file)] as const));
  return (file) => {
    const read = texts.get(file);
    return read && !isProblem(read) ? read.text : undefined;
  };
}

const apply = (root: string, ...edits: FileEdit[]) => applyEdits(root, edits, readNow(root, ...edits.map(({ file }) => file)));
const bytes = (root: string, file: string) => readFileSync(join(root, file), "utf8");
const messages = ({ refused }: { refused: readonly { file: string; message: string }[] }) => refused.map(({ file, message }) => `${file} ${message}`);
const temps = (root: string) => readdirSync(root, { recursive: true }).filter((name) => String(name).endsWith(".tmp"));
const host = (name: string) => JSON.stringify(new URL(`../../host/${name}.ts`, import.meta.url).href);

describe("applying edits", () => {
  it("changes the text between offsets and nothing else", async (test) => {
    const root = folderWith(test, { "a.ts": "one\r\ntwo é\rthree\n\n", "sub/b.yaml": "\uFEFFa: 1\r\nb: 2" });
    assert.deepEqual(await apply(root, edit("sub/b.yaml", [0, 0, "# x\r\n"], [3, 4, "10"]), edit("a.ts", [0, 3, "1"], [5, 8, "2"], [18, 18, "end"])), { written: ["a.ts", "sub/b.yaml"], refused: [] });
    assert.equal(bytes(root, "a.ts"), "1\r\n2 é\rthree\n\nend");
    assert.equal(bytes(root, "sub/b.yaml"), "\uFEFF# x\r\na: 10\r\nb: 2");
    assert.deepEqual(temps(root), []);
  });

  it("does not write what stays the same", async (test) => {
    const root = folderWith(test, { "a.ts": "a" });
    const { ino } = statSync(join(root, "a.ts"));
    assert.deepEqual(await apply(root, edit("a.ts", [0, 1, "a"])), { written: [], refused: [] });
    assert.equal(statSync(join(root, "a.ts")).ino, ino);
  });

  it("keeps mode and owner", async (test) => {
    const root = folderWith(test, { "a.ts": "a" });
    chmodSync(join(root, "a.ts"), 0o4751);
    const owner = process.getuid!() === 0 ? 12345 : process.getuid!();
    chownSync(join(root, "a.ts"), owner, process.getgid!());
    chmodSync(join(root, "a.ts"), 0o4751);
    await apply(root, edit("a.ts", [0, 1, "b"]));
    const { mode, uid } = statSync(join(root, "a.ts"));
    assert.deepEqual([bytes(root, "a.ts"), mode & 0o7777, uid], ["b", 0o4751, owner]);
  });

  it("leaves the other name of a hard link as it was", async (test) => {
    const root = folderWith(test, { "a.ts": "a" });
    linkSync(join(root, "a.ts"), join(root, "other"));
    await apply(root, edit("a.ts", [0, 1, "b"]));
    assert.deepEqual([bytes(root, "a.ts"), bytes(root, "other")], ["b", "a"]);
  });

  it("writes through a link inside the root, and never out of it", async (test) => {
    const outside = folderWith(test, { "secret.ts": "a", "dir/x.ts": "a" });
    const root = folderWith(test, { "real.ts": "a" });
    symlinkSync("real.ts", join(root, "link.ts"));
    symlinkSync(join(outside, "secret.ts"), join(root, "out.ts"));
    symlinkSync(join(outside, "dir"), join(root, "dir"));
    assert.deepEqual(await apply(root, edit("link.ts", [0, 1, "b"])), { written: ["link.ts"], refused: [] });
    assert.deepEqual([bytes(root, "real.ts"), readlinkSync(join(root, "link.ts"))], ["b", "real.ts"]);
    for (const file of ["out.ts", "dir/x.ts", `../${outside.split("/").pop()}/secret.ts`]) assert.deepEqual(messages(await apply(root, edit(file, [0, 1, "b"]))), [`${file} leads out of the workspace; not changed`]);
    assert.deepEqual([bytes(outside, "secret.ts"), bytes(outside, "dir/x.ts")], ["a", "a"]);
    assert.deepEqual(messages(await apply(root, edit("real.ts", [0, 1, "c"]), edit("link.ts", [0, 1, "d"]))), ["link.ts is edited under two names at once; not changed", "real.ts is part of a fix that failed in link.ts; not changed"]);
  });
});

describe("X5: a refusal", () => {
  const refused: readonly (readonly [why: string, message: string, prepare: (path: string) => void])[] = [
    ["a file that changed", "changed since it was read", (path) => writeFileSync(path, "x")],
    ["a file of the same size that changed", "changed since it was read", (path) => writeFileSync(path, "bad text")],
    ["a read-only file", "is read-only", (path) => chmodSync(path, 0o444)],
    ["a file that became UTF-16", "is UTF-16 or binary: save it as UTF-8", (path) => writeFileSync(path, Buffer.from("bad", "utf16le"))],
  ];
  for (const [why, message, change] of refused)
    it(`for ${why} leaves every file of the fix as it is`, async (test) => {
      const root = folderWith(test, { "good.ts": "good text", "bad.ts": "bad file" });
      const read = readNow(root, "good.ts", "bad.ts");
      change(join(root, "bad.ts"));
      const before = bytes(root, "bad.ts");
      const result = await applyEdits(root, [edit("good.ts", [0, 4, "new"]), edit("bad.ts", [0, 3, "new"])], read);
      assert.deepEqual([result.written, messages(result)], [[], [`bad.ts ${message}; not changed`, "good.ts is part of a fix that failed in bad.ts; not changed"]]);
      assert.ok(result.refused.every((one) => one.kind === "unwritable" && one.incomplete));
      assert.deepEqual([bytes(root, "good.ts"), bytes(root, "bad.ts"), temps(root)], ["good text", before, []]);
    });

  it("meets bytes that are not UTF-8, files that are gone or were never read, edits that overlap", async (test) => {
    const root = folderWith(test, { "latin.ts": Buffer.from([0x61, 0xe9]), "a.ts": "abc" });
    assert.deepEqual(messages(await apply(root, edit("latin.ts", [0, 1, "b"]))), ["latin.ts holds bytes that are not UTF-8; not changed"]);
    assert.deepEqual(messages(await applyEdits(root, [edit("gone.ts", [0, 1, "b"])], () => "a")), ["gone.ts is gone; not changed"]);
    assert.deepEqual(messages(await applyEdits(root, [edit("a.ts", [0, 1, "b"])], () => undefined)), ["a.ts was not read before; not changed"]);
    assert.deepEqual(messages(await apply(root, edit("a.ts", [0, 2, "x"], [1, 3, "y"]))), ["a.ts cannot be written: edit 1-3 overlaps another or lies outside; not changed"]);
    assert.deepEqual(messages(await apply(root, edit("a.ts", [0, 4, "x"]))), ["a.ts cannot be written: edit 0-4 overlaps another or lies outside; not changed"]);
    assert.deepEqual([readFileSync(join(root, "latin.ts")), bytes(root, "a.ts")], [Buffer.from([0x61, 0xe9]), "abc"]);
  });
});

/** Runs a script in a process of its own, as nobody where the test is root and the script wants it. */
function script(root: string, body: string, { wrap = "", nobody = false } = {}) {
  const text = `import { applyEdits } from ${host("write")}; import { readText } from ${host("read")};
    process.chdir(${JSON.stringify(root)});
    const edit = (file, end, text) => ({ file, edits: [{ at: { file, start: 0, end }, text }] });
    const run = (...edits) => applyEdits(".", edits, (file) => readText(".", file).text);
    const show = (result) => console.log(JSON.stringify(result));
    ${body}`;
  const { stdout, stderr } = spawnSync("sh", ["-c", `${wrap} exec "$0" "$@"`, process.execPath, "--import", "tsx", "--input-type=module", "-e", text], { encoding: "utf8", ...(nobody && process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {}) });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as { written: string[]; refused: { file: string; message: string }[] };
}

describe("X5: a disk that refuses", () => {
  it("because it is full leaves every file as it is", (test) => {
    const root = folderWith(test, { "a.ts": "a", "b.ts": "b".repeat(5000), "c.ts": "c" });
    // A limit on the size of files fails writes as a full disk does.
    const result = script(root, 'show(await run(edit("a.ts", 1, "A"), edit("b.ts", 1, "B".repeat(60000)), edit("c.ts", 1, "C")));', { wrap: "ulimit -f 16;" });
    assert.deepEqual([result.written, messages(result)], [[], ["b.ts cannot be written: file too large (EFBIG); not changed", "a.ts is part of a fix that failed in b.ts; not changed", "c.ts is part of a fix that failed in b.ts; not changed"]]);
    assert.deepEqual([bytes(root, "a.ts"), bytes(root, "b.ts"), bytes(root, "c.ts"), temps(root)], ["a", "b".repeat(5000), "c", []]);
  });

  it("because the folder is read-only leaves every file as it is", (test) => {
    const root = folderWith(test, { "open/a.ts": "a", "shut/b.ts": "b" });
    for (const path of ["", "open"]) chmodSync(join(root, path), 0o777);
    for (const path of ["open/a.ts", "shut/b.ts"]) {
      if (process.getuid!() === 0) chownSync(join(root, path), 65534, 65534);
      chmodSync(join(root, path), 0o666);
    }
    chmodSync(join(root, "shut"), 0o555);
    try {
      const result = script(root, 'show(await run(edit("open/a.ts", 1, "A"), edit("shut/b.ts", 1, "B")));', { nobody: true });
      assert.deepEqual([result.written, messages(result)], [[], ["shut/b.ts cannot be written: permission denied (EACCES); not changed", "open/a.ts is part of a fix that failed in shut/b.ts; not changed"]]);
      assert.deepEqual([bytes(root, "open/a.ts"), temps(root)], ["a", []]);
    } finally {
      chmodSync(join(root, "shut"), 0o755);
    }
  });

  it("at the second swap gets the first file back as it was", async (test) => {
    const root = folderWith(test, { "a.ts": "a", "b.ts": "b", "c.ts": "c" });
    const read = readNow(root, "a.ts", "b.ts", "c.ts");
    // When the edits of c.ts are asked for, b.ts has passed all checks; now a folder takes its place.
    const last: FileEdit = { file: "c.ts", get edits() {
      renameSync(join(root, "b.ts"), join(root, "moved"));
      mkdirSync(join(root, "b.ts"));
      return edit("c.ts", [0, 1, "C"]).edits;
    } };
    const result = await applyEdits(root, [edit("a.ts", [0, 1, "A"]), edit("b.ts", [0, 1, "B"]), last], read);
    assert.deepEqual([result.written, result.refused.map(({ file }) => file)], [[], ["b.ts", "a.ts", "c.ts"]]);
    assert.equal(result.refused[0]!.message, "cannot be written: is a folder (EISDIR); not changed");
    assert.deepEqual([bytes(root, "a.ts"), bytes(root, "moved"), bytes(root, "c.ts"), temps(root)], ["a", "b", "c", []]);
  });
});

describe("X4: an interruption", () => {
  const count = 60;
  const size = 50_000;
  const files = Array.from({ length: count }, (_, index) => `f${index}.ts`);
  const all = (char: string) => Object.fromEntries(files.map((file) => [file, char.repeat(size)]));

  /** Starts `--fix` of many files and kills it after some time; gives how it ended. */
  async function killed(root: string, signal: NodeJS.Signals, after: number) {
    const body = `import { applyEdits } from ${host("write")};
      const edits = ${JSON.stringify(files)}.map((file) => ({ file, edits: [{ at: { file, start: 0, end: ${size} }, text: "b".repeat(${size}) }] }));
      console.log("start");
      for (let round = 0; round < 40; round++) {
        const from = round % 2 ? "b" : "a", to = round % 2 ? "a" : "b";
        await applyEdits(${JSON.stringify(root)}, edits.map(({ file, edits: [one] }) => ({ file, edits: [{ ...one, text: to.repeat(${size}) }] })), () => from.repeat(${size}));
      }`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", body], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    setTimeout(() => child.kill(signal), after);
    return new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_, by) => resolve(by)));
  }

  const contents = (root: string) => new Set(files.map((file) => bytes(root, file)).map((text) => (/^(a+|b+)$/.test(text) && text.length === size ? text[0] : "torn")));

  it("by SIGKILL tears no file", async (test) => {
    for (const after of [3, 11, 29, 53, 97]) {
      const root = folderWith(test, all("a"));
      await killed(root, "SIGKILL", after);
      assert.ok(!contents(root).has("torn"));
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    it(`by ${signal} waits for the fix under way, and then ends the process`, async (test) => {
      for (const after of [3, 23, 61]) {
        const root = folderWith(test, all("a"));
        assert.equal(await killed(root, signal, after), signal);
        assert.equal(contents(root).size, 1, "all files of a fix or none");
        assert.deepEqual(temps(root), []);
      }
    });
});

describe("X4: stale temporary files", () => {
  it("are removed where they are old, pitlint's own, and of a process that is gone", async (test) => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const [stale, fresh, living, foreign] = [`.pitlint-${gone}-0123456789ab.tmp`, `.pitlint-${gone}-0123456789ac.tmp`, `.pitlint-${process.pid}-0123456789ad.tmp`, `.pitlint-${gone}-notes.tmp`];
    const root = folderWith(test, { "a.ts": "a", [stale!]: "", [fresh!]: "", [living!]: "", [foreign!]: "" });
    symlinkSync("a.ts", join(root, `.pitlint-${gone}-0123456789ae.tmp`));
    const old = Date.now() / 1000 - 2 * 60 * 60;
    for (const name of [stale!, living!, foreign!]) utimesSync(join(root, name), old, old);
    await apply(root, edit("a.ts", [0, 1, "b"]));
    assert.deepEqual([existsSync(join(root, stale!)), existsSync(join(root, fresh!)), existsSync(join(root, living!)), existsSync(join(root, foreign!))], [false, true, true, true]);
    assert.ok(lstatSync(join(root, `.pitlint-${gone}-0123456789ae.tmp`)).isSymbolicLink());
  });
});
