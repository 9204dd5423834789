// What the command line and the language server say of one folder, side by side, each from a process of its own, and where they differ.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Diagnostic, Range } from "vscode-languageserver-protocol/node";
import { pullClient, startClient } from "./client.ts";

/** A finding as a user sees it. Lines and columns are 1-based. */
export interface Row {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
  readonly fingerprint: string;
  /** The other places, each with its note. */
  readonly related: readonly string[];
}

export interface Parity {
  readonly cli: readonly Row[];
  /** What the server shows at the place of the finding. */
  readonly server: readonly Row[];
  /** What it shows at the other end of a contradiction. */
  readonly mirrors: number;
  /** Problems that both show, such as a suppression without a reason. */
  readonly problems: number;
  /** Each difference in one line; empty where both say the same. */
  readonly differences: readonly string[];
}

interface Place { readonly line: number; readonly column: number }
interface Cli {
  readonly diagnostics: readonly {
    readonly file: string; readonly range: { readonly start: Place; readonly end: Place }; readonly severity: string; readonly rule: string; readonly message: string; readonly fingerprint: string;
    readonly related: readonly { readonly file: string; readonly range: { readonly start: Place }; readonly message: string; readonly mirror?: boolean }[];
  }[];
  readonly problems: readonly { readonly kind: string; readonly file: string; readonly range?: { readonly start: Place }; readonly message: string }[];
}
interface Report { readonly items: readonly { readonly uri: string; readonly items: readonly (Diagnostic & { readonly data?: { readonly fingerprint: string } })[] }[] }

const severities = ["", "error", "warning", "info", "hint"];
/** Problems that an editor shows in the file; syntax errors it shows itself, and of what cannot be read there is no file. */
const shown = /^(config|suppression|timeout|crash|too-big|too-deep|undecodable|rule-failed)$/;

/** Lints a folder, the root of its repository, through both front doors. */
export async function parityOf(root: string): Promise<Parity> {
  const { stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "../../dist/cli.js"), "--format", "json", "--no-cache"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  if (stdout === "") throw new Error(stderr);
  const said = JSON.parse(stdout) as Cli;
  const client = await startClient(root, pullClient);
  const { items } = await client.connection.sendRequest<Report>("workspace/diagnostic", { previousResultIds: [] });
  const pathOf = (uri: string) => decodeURIComponent(uri.slice(client.uri("").length));
  await client.stop();

  const cli = said.diagnostics.map((one): Row => ({
    file: one.file, from: cliPlace(one.range.start), to: cliPlace(one.range.end), severity: one.severity, rule: one.rule, message: one.message, fingerprint: one.fingerprint,
    related: one.related.map((other) => `${other.file}:${cliPlace(other.range.start)} ${other.message}`),
  }));
  const all = items.flatMap(({ uri, items: list }) => list.map((one) => ({ one, file: pathOf(uri) })));
  const rows = all.flatMap(({ one, file }): Row[] => (one.data === undefined ? [] : [{
    file, from: place(one.range.start), to: place(one.range.end), severity: severities[one.severity ?? 0]!, rule: String(one.code), message: String(one.message), fingerprint: one.data.fingerprint,
    related: (one.relatedInformation ?? []).map((other) => `${pathOf(other.location.uri)}:${place(other.location.range.start)} ${other.message}`),
  }]));
  const primary = new Map(cli.map((one) => [one.fingerprint, one]));
  const isPrimary = (one: Row) => primary.get(one.fingerprint)?.file === one.file;
  const server = rows.filter(isPrimary);
  const mirrors = rows.filter((one) => !isPrimary(one));
  const due = said.diagnostics.flatMap((one) => [...new Map(one.related.filter((other) => other.mirror && other.file !== one.file).map((other) => [`${other.file}:${cliPlace(other.range.start)}`, other])).values()].map((other) => `mirror of ${one.fingerprint} at ${other.file}:${cliPlace(other.range.start)}`));
  const problems = {
    cli: said.problems.filter((one) => shown.test(one.kind)).map((one) => `${one.kind} ${one.file}:${one.range ? cliPlace(one.range.start) : "1:1"} ${one.message}`),
    server: all.filter(({ one }) => one.data === undefined).map(({ one, file }) => `${String(one.code)} ${file}:${place(one.range.start)} ${String(one.message)}`),
  };
  return {
    cli, server, mirrors: mirrors.length, problems: problems.cli.length,
    differences: [
      ...differing(cli.map((one) => JSON.stringify(one)), server.map((one) => JSON.stringify(one))),
      ...differing(due, mirrors.map((one) => `mirror of ${one.fingerprint} at ${one.file}:${one.from}`)),
      ...differing(problems.cli, problems.server),
    ],
  };
}

function differing(cli: readonly string[], server: readonly string[]): string[] {
  const without = (list: readonly string[], others: readonly string[]) => {
    const left = [...others];
    return list.filter((one) => {
      const at = left.indexOf(one);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [...without(cli, server).map((one) => `only on the command line: ${one}`), ...without(server, cli).map((one) => `only in the editor: ${one}`)];
}

const cliPlace = ({ line, column }: Place) => `${line}:${column}`;
const place = ({ line, character }: Range["start"]) => `${line + 1}:${character + 1}`;
