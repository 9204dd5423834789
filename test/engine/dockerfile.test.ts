// Dockerfiles are read as Docker reads them: stages, continuations, both forms of a command, build arguments.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDockerfile } from "../../engine/dockerfile/parse.ts";
import { languageOf } from "../../engine/plan.ts";

const read = (text: string) => parseDockerfile("Dockerfile", text).stages;
const slice = (text: string, at: { start: number; end: number }) => text.slice(at.start, at.end);

describe("Dockerfile", () => {
  it("is known by its name", () => {
    assert.deepEqual(["Dockerfile", "a/Dockerfile.prod", "a/web.Dockerfile", "web.dockerfile"].map(languageOf), Array(4).fill("dockerfile"));
    assert.deepEqual(["Dockerfile.dockerignore", "Dockerfiles/readme.md", "MyDockerfile"].map(languageOf), [undefined, undefined, undefined]);
  });
  it("splits stages and replaces build arguments", () => {
    const stages = read('ARG NODE=22\nARG FLAVOR="slim"\nFROM --platform=linux/amd64 node:${NODE}-$FLAVOR AS build\nFROM build\nFROM $UNKNOWN\nFROM ${X:-debian}\n');
    assert.deepEqual(stages.map(({ name, base }) => [name, base]), [["build", "node:22-slim"], [undefined, "build"], [undefined, undefined], [undefined, "debian"]]);
  });
  it("tells the exec form from a line for a shell", () => {
    const [stage] = read('FROM node\nENTRYPOINT ["sh", "-c", "next start  -p ${PORT}"]\nCMD ["node", a.js]\ncmd node a.js\n');
    assert.deepEqual(stage!.instructions.map(({ keyword, exec, args }) => [keyword, exec ?? args]), [["ENTRYPOINT", ["sh", "-c", "next start  -p ${PORT}"]], ["CMD", '["node", a.js]'], ["CMD", "node a.js"]]);
  });
  it("keeps places through continuations, comments and Windows line ends", () => {
    const text = "FROM node\r\nRUN npm ci && \\\r\n  # why\r\n  npm prune\r\nCMD [\"node\", \\\r\n  \"a.js\"]\r\n";
    const [run, cmd] = read(text)[0]!.instructions;
    assert.equal(run!.args, "npm ci &&   npm prune");
    assert.deepEqual(cmd!.exec, ["node", "a.js"]);
    assert.equal(slice(text, cmd!.argsAt), '["node", \\\r\n  "a.js"]');
    assert.equal(slice(text, cmd!.at), 'CMD ["node", \\\r\n  "a.js"]');
  });
  it("takes a heredoc for one instruction", () => {
    assert.deepEqual(read("FROM node\nRUN <<EOF\nCMD npm start\nEOF\nCMD node a.js\n")[0]!.instructions.map((one) => one.keyword), ["RUN", "CMD"]);
  });
  it("survives anything", () => {
    for (const text of ["", "CMD", "FROM", "FROM\nCMD [", "\\", "# escape=`\nFROM a `\n AS b\nCMD x", "ARG A\nFROM $A", "\0\uFFFD"]) assert.ok(Array.isArray(read(text)));
  });
});
