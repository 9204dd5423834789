// `npm run new <group>/<defect>`: writes the rule, its cases and its line in a pack, ready to be filled in.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const [id, packName = "node"] = process.argv.slice(2);
if (!id || !/^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) fail(`expected npm run new <group>/<defect-as-a-noun-phrase> [pack], got "${id ?? ""}"`);
const rulePath = `rules/${id}.ts`;
const casePath = `test/cases/${id}.txt`;
const packPath = `rules/packs/${packName}.ts`;
if (existsSync(rulePath)) fail(`${rulePath} exists`);
if (!existsSync(packPath)) fail(`${packPath} does not exist; packs are the files in rules/packs`);

const name = id!.slice(id!.indexOf("/") + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const title = id!.slice(id!.indexOf("/") + 1).replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());

write(rulePath, `// One sentence: what goes wrong in production when this is found.

import { ts, type CallExpression } from "../../engine/typescript/compiler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import type { Rule } from "../../engine/types.ts";

export const ${name}: Rule = {
  id: "${id}",
  title: "${title}",
  why: \`What happens in production, with the source (documentation or issue URL).\`,
  check: {
    ts: {
      mentions: [["theCall("]],
      *find(file) {
        for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression))
          if (canonical(file, call.expression) === "the-package#theCall") yield { at: span(call), message: say\`What is wrong, with both values\` };
      },
    },
  },
  examples: [
    {
      bad: files\`
import { theCall } from "the-package";
theCall();
^^^^^^^^^ What is wrong, with both values
\`,
    },
    { good: files\`
import { theCall } from "another-package";
theCall();
\` },
  ],
};
`);
write(casePath, `=== good: a call that only looks like it
function theCall() {}
theCall();
`);
const pack = readFileSync(packPath, "utf8");
const lastImport = pack.lastIndexOf("\nimport type");
const grades = pack.lastIndexOf("grades: [");
writeFileSync(packPath, `${pack.slice(0, lastImport)}\nimport { ${name} } from "../${id}.ts";${pack.slice(lastImport, grades)}grades: [[${name}, { default: "info" }], ${pack.slice(grades + "grades: [".length)}`);
console.log(`${rulePath}\n${casePath}\n${packPath}\nNext: write the bad example, then find; name a symptom in rules/symptoms.json; npm run docs; npm test`);

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function fail(message: string): never {
  console.error(`new-rule: ${message}`);
  process.exit(2);
}
