// Question: which paths does one route answer? From the table of its service, or as the route itself says. States no fact itself.

import { servedPaths, type ServedPath } from "./served-path.ts";
import type { Facts, Linked, Value } from "../../engine/types.ts";

/** The full paths of a route that starts where this fact does, or the one that it gives itself where what stands before it is not known. */
export function pathsOf(one: Linked<{ readonly path: Value<unknown> }>, facts: Facts): readonly Pick<ServedPath, "path" | "open">[] {
  const table = one.service === undefined ? undefined : servedPaths(facts, one.service);
  const mine = (table ?? []).filter(({ fact }) => fact.at.file === one.at.file && fact.at.start === one.at.start);
  if (mine.length > 0) return mine;
  const { path } = one.value;
  return "known" in path && typeof path.known === "string" && path.known !== "" && path.known !== "/" ? [{ path: path.known, open: true }] : [];
}
