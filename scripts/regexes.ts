// Checks every regular expression of the sources for inputs on which it takes more than linear time: npx tsx scripts/regexes.ts [ms for each]. Some four minutes.

import { expressions, verdictOf, type Verdict } from "../test/reliability/expressions.ts";

const timeout = Number(process.argv[2] ?? 2000);
const places = expressions();
const found = new Map<Verdict, string[]>();
for (const [literal, where] of places) {
  const verdict = verdictOf(literal, timeout);
  found.set(verdict, [...(found.get(verdict) ?? []), `${where.join(" ")}  ${literal}`]);
}
for (const verdict of ["exponential", "polynomial", "not decided"] as const) for (const one of found.get(verdict) ?? []) console.log(`${verdict}  ${one}`);
console.log(`\n${places.size} expressions: ${[...found].map(([verdict, list]) => `${list.length} ${verdict}`).join(", ")}`);
process.exitCode = found.has("exponential") || found.has("polynomial") ? 1 : 0;
