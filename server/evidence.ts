// Why were two files compared? The service that both speak about, and what links each file to it.

import { languageOf } from "../engine/plan.ts";
import type { Link } from "../engine/types.ts";
import type { View } from "./view.ts";

/** What links the files of a finding; none where one file says it all or nothing but a name does. */
export function evidence(view: View, files: readonly string[]): readonly Link[] {
  const distinct = [...new Set(files)];
  if (distinct.length < 2) return [];
  const all = distinct.map((file) => linksOf(view, file));
  const sources = distinct.flatMap((file, index) => (languageOf(file) === "ts" ? [sourceOf(view, file)] : all[index]!.map((one) => one.source)));
  return all.flat().filter((one, index, list) => sources.includes(one.source) && list.findIndex((other) => other.source === one.source && other.target === one.target) === index && shared(one.source));

  /** Every file that knows its services knows this one. */
  function shared(source: string): boolean {
    return distinct.every((file, index) => (languageOf(file) === "ts" ? sourceOf(view, file) === source : all[index]!.length === 0 || all[index]!.some((one) => one.source === source)));
  }
}

/** Links that a file takes part in as a manifest. */
export function linksOf(view: View, file: string): readonly Link[] {
  return view.result.summary.linked.filter((one) => one.target.endsWith(`(${file})`));
}

/** Folder of the package that a source file lies in, "" for the root. */
export function sourceOf(view: View, file: string): string {
  return view.result.index.ownerOf(file).replace(/^package:/, "");
}
