// The documentation page of a rule, from the rule itself: nothing on it is written twice.

import type { Example, Grade, Pack, Rule } from "./types.ts";

/** Markdown page of a rule: what one sees, why it matters, examples with their marks, every change of its grade with the reason, and how to silence it. */
export function page(rule: Rule, packs: readonly Pack[], symptoms: readonly string[] = []): string {
  const history = packs.flatMap((pack) => pack.releases.flatMap((release) => release.grades.filter(([graded]) => graded.id === rule.id).map(([, grade, strict]) => ({ pack, release, grade, strict }))));
  const lines = [`# ${rule.title}`, "", `\`${rule.id}\``, "", ...(symptoms.length ? ["## What you see", "", ...symptoms.map((one) => `- ${one}`), ""] : []), "## Why it matters", "", rule.why.trim(), "", "## Examples", ""];
  for (const example of rule.examples) lines.push(...rendered(example));
  lines.push("## Grades", "", "Each row holds from that version of the pack on, until a later row replaces it.", "", "| pack | version | grade | why |", "| --- | --- | --- | --- |");
  for (const { pack, release, grade, strict } of history) lines.push(`| ${pack.name} | ${release.version} (${release.date}) | ${spelled(grade)}${strict ? " (profile `strict` only)" : ""} | ${release.why.replaceAll("|", "\\|")} |`);
  lines.push("", "## Silence it", "", "```ts", `// pitlint-ignore-next-line ${rule.id} -- the reason why it is fine here`, "```", "", "or for some paths in `pitlint.yaml`:", "", "```yaml", "grades:", "  - paths: [legacy/]", `    rules: { ${rule.id}: off }`, "```", "");
  return lines.join("\n");
}

function rendered(example: Example): string[] {
  if ("good" in example) return ["Fine:", "", ...block(example.good)];
  return ["Found:", "", ...block(example.bad), ...(example.fixed === undefined ? [] : ["After the first fix:", "", ...block(example.fixed)])];
}

/** One code block a file, titled with its path where there are several. */
function block(text: string): string[] {
  const files: { path?: string; lines: string[] }[] = [{ lines: [] }];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const begins = /^\/\/- (.+)$/.exec(line);
    if (begins) files.push({ path: begins[1]!, lines: [] });
    else files[files.length - 1]!.lines.push(line);
  }
  return files.filter((file) => file.lines.length > 0 || file.path).flatMap(({ path, lines }) => [...(path ? [`\`${path}\``, ""] : []), `\`\`\`${/\.ya?ml$/.test(path ?? "") ? "yaml" : "ts"}`, ...lines, "```", ""]);
}

function spelled(grade: Grade): string {
  return typeof grade === "string" ? grade : Object.entries(grade).map(([variant, severity]) => (variant === "default" ? severity : `\`${variant}\`: ${severity}`)).join(", ");
}
