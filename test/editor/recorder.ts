// Stands between an editor and the language server: hands every byte on, judges every message, and leaves a report. Usage: recorder REPORT -- SERVER ARGS; or the report's folder in PITLINT_LSP_REPORTS.

import { spawn } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createChecker, type Message, type Side } from "../server/protocol/checker.ts";
import { deframer } from "../server/protocol/framing.ts";

const folder = process.env["PITLINT_LSP_REPORTS"];
if (!folder) throw new Error("PITLINT_LSP_REPORTS names the folder for reports");
const [command, ...args] = process.argv.slice(process.argv.indexOf("--") + 1);
mkdirSync(folder, { recursive: true });
const file = join(folder, `${Date.now()}-${process.pid}.json`);

const child = spawn(command!, args, { stdio: ["pipe", "pipe", "inherit"] });
const checker = createChecker();
const methods: Record<string, number> = {};
let exit: { code: number | null; signal: string | null } | undefined;

// Written by rename: Emacs kills the server right after `exit`, and half a report is worse than an older one.
const report = () => {
  writeFileSync(`${file}.tmp`, JSON.stringify({ pid: child.pid, exit, counts: checker.counts, findings: checker.findings, methods }));
  renameSync(`${file}.tmp`, file);
};
const judge = (who: Side) => deframer((body) => {
  const message = JSON.parse(body) as Message;
  if (message.method) methods[`${who} ${message.method}`] = (methods[`${who} ${message.method}`] ?? 0) + 1;
  checker.take(who, message);
}, (bytes) => checker.stray(who, bytes));
const [client, server] = [judge("client"), judge("server")];

// Handed on first, judged after: the editor shall not notice.
process.stdin.on("data", (chunk: Buffer) => (child.stdin.write(chunk), client(chunk), report()));
process.stdin.on("end", () => child.stdin.end());
child.stdin.on("error", () => {});
process.stdout.on("error", () => {});
child.stdout.on("data", (chunk: Buffer) => (process.stdout.write(chunk), server(chunk), report()));
child.on("close", (code, signal) => {
  exit = { code, signal };
  checker.ended(code);
  report();
  process.exit(code ?? 1);
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
