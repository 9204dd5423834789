// P9: checks every regular expression of the sources for inputs on which it takes more than linear time: npx tsx scripts/regexes.ts [ms for each]. Some four minutes.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import recheck from "recheck";
import { ts, type Node } from "../engine/typescript/compiler.ts";
import { nodes, parseTs } from "../engine/typescript/parse.ts";

const timeout = Number(process.argv[2] ?? 2000);
const tracked = (...paths: string[]) => execFileSync("git", ["ls-files", ...paths], { encoding: "utf8" }).split("\n").filter(Boolean);

/** Places by expression, as it is written. */
const places = new Map<string, string[]>();
const add = (literal: string, place: string) => void places.set(literal, [...(places.get(literal) ?? []), place]);
for (const path of tracked("engine", "rules", "host", "cli", "server", "client").filter((one) => one.endsWith(".ts"))) {
  const file = parseTs(path, readFileSync(path, "utf8"));
  for (const one of nodes<Node & { readonly text: string }>(file, ts.SyntaxKind.RegularExpressionLiteral)) add(one.text, `${path}:${file.text.slice(0, one.getStart()).split("\n").length}`);
}
// Tables of defaults hold patterns of callees.
for (const path of tracked("rules/defaults/*.json"))
  JSON.parse(readFileSync(path, "utf8"), (key, value) => {
    if (key === "callee" && typeof value === "string") add(`/${value}/`, path);
    return value;
  });

const found = new Map<string, string[]>();
for (const [literal, where] of places) {
  const end = literal.lastIndexOf("/");
  const { status, ...said } = recheck.checkSync(literal.slice(1, end), literal.slice(end + 1), { timeout });
  const verdict = status === "vulnerable" && "complexity" in said ? said.complexity!.type : status === "safe" ? "linear" : "not decided";
  found.set(verdict, [...(found.get(verdict) ?? []), `${where.join(" ")}  ${literal}`]);
}
for (const verdict of ["exponential", "polynomial", "not decided"]) for (const one of found.get(verdict) ?? []) console.log(`${verdict}  ${one}`);
console.log(`\n${places.size} expressions: ${[...found].map(([verdict, list]) => `${list.length} ${verdict}`).join(", ")}`);
process.exitCode = found.has("exponential") ? 1 : 0;
