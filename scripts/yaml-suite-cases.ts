// The cases of yaml/yaml-test-suite, whose sources are YAML with marks for what cannot be seen (its ReadMe.md, "Special characters").

import { plainAll } from "../test/engine/yaml-plain.ts";
import { parseYaml } from "../engine/yaml/parse.ts";

export interface SuiteCase {
  readonly id: string;
  readonly yaml: string;
  /** Whether a parser must refuse it. */
  readonly fail: boolean;
}

export function isSuite(path: string): boolean {
  return /\/yaml-test-suite\/src\/\w+\.yaml$/.test(path);
}

/** A later case of a file says only what is different. Files that the suite itself skips are left out. */
export function suiteCases(path: string, text: string): readonly SuiteCase[] {
  const id = path.replace(/^.*\/|\.yaml$/g, "");
  const [root] = plainAll(parseYaml("suite.yaml", text).documents) as { readonly seq: readonly { readonly map: readonly (readonly [string, unknown])[] }[] }[];
  let before: Readonly<Record<string, unknown>> = {};
  return (root?.seq ?? []).flatMap(({ map }, index) => {
    const own = Object.fromEntries(map);
    before = { ...before, fail: false, ...own };
    return typeof before["yaml"] === "string" && before["skip"] !== true ? [{ id: `${id}-${index}`, yaml: unmarked(before["yaml"]), fail: before["fail"] === true }] : [];
  });
}

function unmarked(text: string): string {
  return text.replace(/␣/g, " ").replace(/—*»/g, "\t").replace(/←/g, "\r").replace(/⇔/g, "\uFEFF").replace(/↵/g, "").replace(/∎\n$/, "");
}
