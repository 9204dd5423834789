// Every regular expression of the sources, and how long one may take on the worst text for it.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import recheck from "recheck";
import { ts, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, parseTs } from "../../engine/typescript/parse.ts";

export type Verdict = "linear" | "polynomial" | "exponential" | "not decided";

const tracked = (...paths: string[]) => execFileSync("git", ["ls-files", ...paths], { encoding: "utf8" }).split("\n").filter(Boolean);

/** Places by expression, as it is written: in code, and in tables of defaults, which hold patterns of callees. */
export function expressions(): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  const add = (literal: string, place: string) => void places.set(literal, [...(places.get(literal) ?? []), place]);
  for (const path of tracked("engine", "rules", "host", "cli", "server", "client").filter((one) => one.endsWith(".ts"))) {
    const file = parseTs(path, readFileSync(path, "utf8"));
    for (const one of nodes<Node & { readonly text: string }>(file, ts.SyntaxKind.RegularExpressionLiteral)) add(one.text, `${path}:${file.text.slice(0, one.getStart()).split("\n").length}`);
  }
  for (const path of tracked("rules/defaults/*.json"))
    JSON.parse(readFileSync(path, "utf8"), (key, value) => {
      if (key === "callee" && typeof value === "string") add(`/${value}/`, path);
      return value;
    });
  return places;
}

/** What the checker finds out within so many milliseconds. */
export function verdictOf(literal: string, timeout: number): Verdict {
  const end = literal.lastIndexOf("/");
  const { status, ...said } = recheck.checkSync(literal.slice(1, end), literal.slice(end + 1), { timeout });
  return status === "vulnerable" && "complexity" in said ? (said.complexity!.type as Verdict) : status === "safe" ? "linear" : "not decided";
}
