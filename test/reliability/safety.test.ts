// S: nothing of the opened folder runs, nothing outside it is read, nobody is asked over a network, and no text breaks out of a report.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { text as read } from "node:stream/consumers";
import { formatNames } from "../../cli/report/formats.ts";
import { readConfigs } from "../../engine/read-config.ts";
import { packs } from "../../rules/packs/index.ts";
import { folderWith } from "../host/folder.ts";
import { pitlint, warned } from "../cli/run.ts";
import { pullClient, startClient } from "../server/client.ts";
import { fixtures, lintAll } from "./fixtures.ts";
import { hostile } from "./hostile.ts";
import { mutated, random } from "./random.ts";
import { firstSeed, size, whole } from "./size.ts";

const project = resolve(import.meta.dirname, "../..");
const entry = join(project, "dist/cli.js");

/** All hostile folders in one place on disk; `canary` is the file that their traps write. */
function hostileFolders(test: TestContext) {
  const all = folderWith(test, Object.fromEntries(Object.entries(hostile).flatMap(([, files], index) => Object.entries(files).map(([path, text]) => [`${index}/${path}`, text]))));
  const canary = "/tmp/pitlint-canary";
  rmSync(canary, { force: true });
  return { all, canary, folders: Object.keys(hostile).map((name, index) => ({ name, path: join(all, String(index)) })) };
}

/** What a traced process did that the promise forbids. `allowed` are folders it may read. */
function forbidden(trace: string, allowed: readonly string[]): string[] {
  const system = /^\/(proc|dev|sys\/(fs\/cgroup|devices\/system)|usr\/lib|usr\/local\/lib|usr\/share\/(locale|zoneinfo|icu)|lib|lib64|etc\/(ld\.so|localtime|ssl\/openssl\.cnf|resolv\.conf|os-release|nsswitch\.conf|passwd))|^\/usr\/local\/ssl/;
  const wrong: string[] = [];
  let started = 0;
  for (const line of trace.split("\n")) {
    const [, call, rest = ""] = /(?:^|\s)(execve|connect|openat|open|socket)\((.*)$/.exec(line) ?? [];
    if (call === "execve" && started++ > 0) wrong.push(line);
    if (call === "connect" || (call === "socket" && !/AF_UNIX/.test(rest))) wrong.push(line);
    if (call !== "openat" && call !== "open") continue;
    const [, path] = /"((?:[^"\\]|\\.)*)"/.exec(rest) ?? [];
    if (path === undefined || !path.startsWith("/")) continue;
    // `/etc/passwd` is on the list of what system libraries read; a trap that names it is told by the folder that asks.
    if (!system.test(path) && !allowed.some((folder) => path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path.replace(/\/$/, "")}/`) && /O_DIRECTORY|ENOENT|ENOTDIR/.test(rest))) wrong.push(line);
  }
  return wrong;
}

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

describe("S1 and S9: on hostile folders", () => {
  const install = [project, realpathSync(join(project, "node_modules")), dirname(dirname(realpathSync(process.execPath)))];

  if (hasStrace) {
    it("S1: needs strace: the command line starts nothing, asks nobody, and reads nothing outside", async (test) => {
      const { all, canary, folders } = hostileFolders(test);
      const home = folderWith(test);
      const chosen = folders.filter((_, index) => index % size(6, 1) === 1 % size(6, 1));
      for (const { name, path } of chosen) {
        const trace = join(home, "trace");
        const { status } = spawnSync("strace", ["-f", "-qq", "-e", "trace=execve,connect,openat,open,socket", "-o", trace, process.execPath, entry, "--format", "json", "--fix"], { cwd: path, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: home, XDG_CACHE_HOME: join(home, "cache") } });
        assert.ok([0, 1, 2, 3].includes(status!), `${name}: ${status}`);
        assert.deepEqual(forbidden(readFileSync(trace, "utf8"), [path, home, ...install]), [], name);
        assert.ok(!existsSync(canary), name);
      }
      test.diagnostic(`${chosen.length} of ${folders.length} folders under ${all.slice(0, 5)}`);
    });

    it("S1: needs strace: the language server, over every folder at once", async (test) => {
      const { all, canary } = hostileFolders(test);
      const home = folderWith(test);
      const trace = join(home, "trace");
      const child = spawn("strace", ["-f", "-qq", "-e", "trace=execve,connect,openat,open,socket", "-o", trace, process.execPath, entry, "lsp", "--stdio"], { env: { PATH: process.env["PATH"], HOME: home, XDG_CACHE_HOME: join(home, "cache") }, stdio: ["pipe", "pipe", "pipe"] });
      const messages = [
        { id: 1, method: "initialize", params: { processId: null, rootUri: `file://${all}`, capabilities: { textDocument: { diagnostic: {} } }, workspaceFolders: [{ uri: `file://${all}`, name: "a" }] } },
        { method: "initialized", params: {} },
        { method: "textDocument/didOpen", params: { textDocument: { uri: `file://${all}/0/a.ts`, languageId: "typescript", version: 1, text: warned } } },
        { id: 2, method: "textDocument/diagnostic", params: { textDocument: { uri: `file://${all}/0/a.ts` } } },
      ];
      const send = (message: object) => {
        const body = JSON.stringify({ jsonrpc: "2.0", ...message });
        child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      };
      for (const one of messages) send(one);
      let out = "";
      await new Promise<void>((done) => child.stdout.on("data", (chunk) => /"id":2/.test((out += String(chunk))) && done()));
      send({ id: 3, method: "shutdown" });
      send({ method: "exit" });
      await Promise.all([new Promise((done) => child.once("exit", done)), read(child.stderr)]);
      assert.match(out, /"id":2,"result":\{.*"items":\[\{/);
      assert.deepEqual(forbidden(readFileSync(trace, "utf8"), [all, home, ...install]), []);
      assert.ok(!existsSync(canary));
    });
  }

  it("S2: under Node's permission model the bundle needs no process, no add-on, and writes no file", async (test) => {
    const { canary, folders } = hostileFolders(test);
    const home = folderWith(test);
    for (const { name, path } of folders.filter((_, index) => index % size(10, 1) === 0)) {
      // What is read is S1; here every write outside home, every process and every add-on is refused.
      const flags = ["--experimental-permission", "--allow-worker", "--allow-fs-read=*", `--allow-fs-write=${home}/*`];
      const { status, stderr, stdout } = spawnSync(process.execPath, [...flags, "--no-warnings", entry, "--format", "json", "--no-cache"], { cwd: path, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: home } });
      assert.doesNotMatch(stderr, /ERR_ACCESS_DENIED|ChildProcess|Addon/, `${name}: ${stderr}`);
      // 2: a file that tells pitlint what to do is refused, and nothing is reported.
      assert.ok(status === 2 || ([0, 1, 3].includes(status!) && stdout.startsWith("{")), `${name}: ${status} ${stderr.slice(0, 500)}`);
    }
    assert.ok(!existsSync(canary));
  });
});

describe("texts", () => {
  it("S4: cannot change prototypes", () => {
    const before = JSON.stringify([Object.prototype, Array.prototype, Function.prototype].map((one) => Object.getOwnPropertyNames(one).sort()));
    const pick = random(firstSeed);
    const keys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];
    const path = () => Array.from({ length: 1 + pick(4) }, () => keys[pick(keys.length)]!);
    for (let index = 0; index < size(40, 1_000); index++) {
      const json = (one: string[]): string => (one.length ? `{ "${one[0]}": ${json(one.slice(1))} }` : '{ "polluted": "yes" }');
      const payload = json(path());
      const files = new Map([
        ["package.json", payload.replace("{", '{ "name": "__proto__", "dependencies": { "__proto__": "1" }, ')], ["tsconfig.json", payload], ["package-lock.json", payload],
        ["deploy/a.yaml", `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: __proto__, labels: ${payload} }\nspec: { template: { spec: { containers: [{ name: constructor, image: a, env: [{ name: __proto__, value: x }] }] } } }\n`],
        ["chart/Chart.yaml", "name: c\nversion: 1.0.0\n"], ["chart/values.yaml", payload], ["chart/templates/a.yaml", `kind: Deployment\nx: {{ .Values.${path().join(".")} }}\n`],
        ["pitlint.yaml", `services: ${payload}\nwrappers: ${payload}\n`], ["a.ts", `import axios from "axios";\nexport const o = ${payload};\nexport const ${["__proto__", "constructor", "toString"][pick(3)]} = () => axios.get("x", o.${path().join(".")});\n`],
      ]);
      lintAll(files);
      readConfigs([["pitlint.yaml", payload]], packs);
    }
    assert.equal(({} as { polluted?: string }).polluted, undefined);
    assert.equal(JSON.stringify([Object.prototype, Array.prototype, Function.prototype].map((one) => Object.getOwnPropertyNames(one).sort())), before);
  });

  it("S6: secrets appear in no report that shows no code", async (test) => {
    const secrets = Array.from({ length: 100 }, (_, index) => `s3cr3t${index}x${(index * 7919).toString(36)}`);
    const names = ["password", "token", "apiKey", "secret", "authorization", "PGPASSWORD", "clientSecret", "privateKey", "connectionString", "cookie"];
    const files = {
      "package.json": '{ "name": "orders", "dependencies": { "pg": "8", "axios": "1" } }',
      "a.ts": `import axios from "axios";\nimport { Pool } from "pg";\n${secrets.slice(0, 50).map((one, index) => `export const f${index} = () => axios.get("https://user:${one}@prices.internal/?${names[index % 10]}=${one}", { headers: { ${names[index % 10]}: "${one}" } });\nconst p${index} = new Pool({ ${names[index % 10]}: "${one}" });\n`).join("")}`,
      "a.yaml": `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec: { template: { spec: { containers: [{ name: o, image: o, env: [${secrets.slice(50).map((one, index) => `{ name: ${names[index % 10]!.toUpperCase()}_${index}, value: ${one} }`).join(", ")}] }] } } }\n`,
    };
    const root = folderWith(test, files);
    for (const format of formatNames.filter((one) => whole ? one !== "text" : /^(json|sarif|github)$/.test(one))) {
      const { stdout, stderr } = await pitlint(root, ["--format", format, "--profile", "strict"]);
      const shown = secrets.filter((one) => (stdout + stderr).includes(one));
      // html and markdown show the line of code that a finding stands in, as an editor would.
      test.diagnostic(`${format}: ${shown.length} of 100`);
      if (!/^(html|markdown)$/.test(format)) assert.deepEqual(shown, [], format);
    }
  });

  it("S4: cannot bring the configuration reader down", () => {
    const pick = random(firstSeed);
    const base = "# yes\nprofile: strict\npacks: { node: 0.1 }\nregistry: { ttl: 30s }\nservices:\n  orders: { source: orders, workload: Deployment/orders }\nignore: ['gen/**']\n";
    for (let index = 0; index < size(200, 5_000); index++) readConfigs([["pitlint.yaml", mutated(pick, base, base)], ["sub/pitlint.yaml", mutated(pick, base, base)]], packs);
  });
});

describe("the extension", () => {
  it("S3: contributes settings of an explicit scope, none of them a program or an address", () => {
    const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { contributes: { configuration: { properties: Record<string, { scope?: string; type: string }> } }; capabilities: { untrustedWorkspaces: { supported: boolean }; virtualWorkspaces: { supported: boolean } } };
    for (const [name, one] of Object.entries(manifest.contributes.configuration.properties)) assert.ok(one.scope, name);
    assert.deepEqual([manifest.capabilities.untrustedWorkspaces.supported, manifest.capabilities.virtualWorkspaces.supported], [true, false]);
  });

  it("S5: the server answers hovers as text that is not trusted, whatever the file says", async (test) => {
    const evil = "[x](command:workbench.action.terminal.new) <img src=x onerror=alert(1)> \u001b[31m \u202e";
    const root = folderWith(test, { "a.ts": `import axios from "axios";\n// ${evil}\nexport const q = () => axios.get("https://p/${evil.replaceAll('"', "")}");\n` });
    mkdirSync(join(root, ".git"));
    const client = await startClient(root, pullClient);
    client.open("a.ts", "typescript");
    const items = await client.until("a.ts", (all) => all.length > 0);
    const hover = await client.connection.sendRequest("textDocument/hover", { textDocument: { uri: client.uri("a.ts") }, position: items[0]!.range.start });
    assert.doesNotMatch(JSON.stringify(hover ?? null), /isTrusted|supportHtml|\]\(command:|<img|\\u001b|\u001b|\u202e/);
    await client.stop();
  });

  it("S7: rules come with the tool: an unknown pack or version is refused, and code is no rule pack", () => {
    for (const text of ["packs: { ../evil: 1 }\n", "packs: { node: 99.0 }\n", "packs: { node: ../../x }\n", "packs: [./evil.js]\n", "packs: ./evil.js\n"]) {
      const { problems } = readConfigs([["pitlint.yaml", text]], packs);
      assert.ok(problems.some((one) => one.kind === "config"), text);
    }
    assert.ok(fixtures.length > 0);
  });
});
