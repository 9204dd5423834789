// Typing faster than anybody analyses, in two folders at once: passes are given up for newer text, and nothing that was typed is lost.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, describe, it } from "node:test";
import { pullClient, pushClient, startClient } from "./client.ts";

const rule = "registry/server-timeout-exceeds-ttl";
const root = mkdtempSync(join(tmpdir(), "pitlint-storm-"));
const folders = ["a", "b"].map((name) => ({ uri: pathToFileURL(join(root, name)).href, name }));
for (const { name } of folders)
  for (const [path, text] of Object.entries({
    "package.json": `{ "name": "${name}", "private": true }\n`,
    "src/server.ts": `import { createServer } from "node:http";\n\nconst server = createServer((request, response) => void response.end());\nserver.requestTimeout = 45_000;\nserver.listen(8080);\n`,
    "consul.yaml": `service:\n  name: ${name}\n  check:\n    ttl: 90s\n`,
    ...Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`src/call-${index}.ts`, `export const call${index} = (id: string) => fetch(\`http://orders/\${id}/${index}\`);\n`])),
  })) {
    mkdirSync(join(root, name, "src"), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
after(() => rmSync(root, { recursive: true, force: true }));

describe("L4: a storm of keystrokes", () => {
  for (const [how, capabilities] of [["pushed", pushClient], ["pulled", pullClient]] as const)
    it(`ends with what the last texts say, ${how}`, async () => {
      const client = await startClient(root, capabilities, { workspaceFolders: folders });
      try {
        for (const name of ["a", "b"]) for (const path of ["src/server.ts", "consul.yaml"]) client.open(`${name}/${path}`, path.endsWith(".ts") ? "typescript" : "yaml");
        for (let round = 0; round < 3; round++) {
          // The registry of one folder changes once, amid the storm in the other.
          for (let stroke = 0; stroke < 40; stroke++) {
            client.replace("a/src/server.ts", "server.listen", "\nserver.listen");
            if (stroke === 20) client.replace("b/consul.yaml", "90s", "30s");
            if (stroke === 25) client.replace("a/consul.yaml", "90s", "30s");
            if (stroke % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
          }
          for (const name of ["a", "b"]) await client.until(`${name}/src/server.ts`, (found) => found.some((one) => one.code === rule));
          for (const name of ["a", "b"]) client.replace(`${name}/consul.yaml`, "30s", "90s");
          for (let stroke = 0; stroke < 20; stroke++) client.replace("b/src/server.ts", "server.listen", "\nserver.listen");
          for (const name of ["a", "b"]) {
            const found = await client.until(`${name}/src/server.ts`, (list) => !list.some((one) => one.code === rule));
            assert.deepEqual(found.filter((one) => one.range.start.line >= client.text(`${name}/src/server.ts`).split("\n").length), []);
          }
        }
      } finally {
        assert.equal(await client.stop(), 0);
      }
    });
});
