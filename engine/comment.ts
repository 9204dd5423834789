// Where comments stand in a text, without a parser: strings, templates, regular expressions and YAML scalars are told apart from them.
// Reads text only; a text that does not parse has comments too.

import { tsComments } from "./comment-ts.ts";
import { yamlComments } from "./comment-yaml.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Comments in order, line break not included. One pass, no recursion. */
export function comments(text: string, language: "ts" | "yaml"): readonly Range[] {
  return language === "ts" ? tsComments(text) : yamlComments(text);
}
