// Whole projects and the exact text that a user reads. After an intended change: UPDATE_EXPECT=1 npm test, and read the diff.

import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { folderWith } from "../host/folder.ts";
import { pitlint } from "./run.ts";

const projects = join(import.meta.dirname, "../projects");
/** What is run in each project: the command and the file that holds what it prints. */
const runs = [["lint", "expected.out"], ["services", "expected.services.out"]] as const;

describe("projects", () => {
  for (const project of readdirSync(projects))
    for (const [command, expected] of runs)
      it(`${project}: ${command}`, async (test) => {
        const root = join(folderWith(test), project);
        cpSync(join(projects, project), root, { recursive: true, filter: (path) => !basename(path).startsWith("expected.") });
        const { code, stdout, stderr } = await pitlint(root, [command]);
        const said = `${stdout}${stderr && `--- standard error\n${stderr}`}--- exit code ${code}\n`;
        const file = join(projects, project, expected);
        if (process.env.UPDATE_EXPECT) writeFileSync(file, said);
        assert.equal(said, readFileSync(file, "utf8"));
      });
});
