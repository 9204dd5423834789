// The notation of examples and cases, in which every rule's proof is written.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { files, parseCases, parseExample } from "../../engine/example.ts";

describe("parseExample", () => {
  it("takes text without a path as example.ts", () => {
    assert.deepEqual(parseExample("a();\nb();\n"), { files: [{ path: "example.ts", text: "a();\nb();\n" }], marks: [] });
  });

  it("splits files and strips marks, whose offsets are those of the stripped text", () => {
    const { files: found, marks } = parseExample(files`
//- orders/server.ts
const server = createServer(app);
server.requestTimeout = 45_000;
                        ^^^^^^ Server timeout of 45 s outlives the registry TTL of 30 s
listen();
//- consul/orders.yaml
service:
  ttl: 30s
       ^^^ info: too short
`);
    assert.deepEqual(found, [
      { path: "orders/server.ts", text: "const server = createServer(app);\nserver.requestTimeout = 45_000;\nlisten();\n" },
      { path: "consul/orders.yaml", text: "service:\n  ttl: 30s\n" },
    ]);
    assert.deepEqual(marks.map(({ path, line, start, end, message }) => [path, line, found.find((one) => one.path === path)!.text.slice(start, end), message]), [
      ["orders/server.ts", 1, "45_000", "Server timeout of 45 s outlives the registry TTL of 30 s"],
      ["consul/orders.yaml", 1, "30s", "info: too short"],
    ]);
  });

  it("takes several marks of one line, also behind a comment leader", () => {
    const { files: [file], marks } = parseExample("f(a, bc);\n  ^ first\n     ^^ second\n#    ^^ third\n//   ^^ fourth\ng();\n");
    assert.equal(file!.text, "f(a, bc);\ng();\n");
    assert.deepEqual(marks.map(({ line, start, end, message }) => [line, file!.text.slice(start, end), message]), [[0, "a", "first"], [0, "bc", "second"], [0, "bc", "third"], [0, "bc", "fourth"]]);
  });

  it("leaves carets that are code", () => {
    for (const code of ["a ^ b;", "  ^a", "^", "^^^", "x = 1 ^ 2; // ^ no"]) assert.deepEqual(parseExample(`${code}\n`), { files: [{ path: "example.ts", text: `${code}\n` }], marks: [] }, code);
  });

  it("keeps blank lines and empty files", () => {
    assert.deepEqual(parseExample("//- a.ts\n\nx\n\n//- b.ts\n//- c.ts\ny").files, [{ path: "a.ts", text: "\nx\n\n" }, { path: "b.ts", text: "" }, { path: "c.ts", text: "y\n" }]);
  });

  it("refuses a mark below no code", () => {
    assert.throws(() => parseExample("//- a.ts\n  ^^ lost\nx\n"), { message: 'a.ts: the mark "^^ lost" stands below no line of code' });
  });

  it("gives back every file as it was written", () => {
    const line = fc.stringMatching(/^[a-z(){};:=" ]{0,20}$/);
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,8}\/[a-z]{1,8}\.(ts|yaml)$/), fc.array(line, { minLength: 1, maxLength: 6 })), { selector: ([path]) => path, minLength: 1, maxLength: 4 }), (written) => {
      const text = written.map(([path, lines]) => `//- ${path}\n${lines.map((one) => `${one}\n`).join("")}`).join("");
      assert.deepEqual(parseExample(text).files, written.map(([path, lines]) => ({ path, text: lines.map((one) => `${one}\n`).join("") })));
    }));
  });
});

describe("files", () => {
  it("drops the first line break and keeps backslashes", () => {
    assert.equal(files`
const r = /\d+\n/;
`, "const r = /\\d+\\n/;\n");
  });
  it("writes templates of the example", () => {
    assert.equal(files`log(\`id \${id}\`, ${"x"}, "\t");`, 'log(`id ${id}`, x, "\\t");');
  });
});

describe("parseCases", () => {
  it("reads titles, kinds and fixed files", () => {
    assert.deepEqual(parseCases("# seen in the field\n\n=== good: it has a limit\na(1);\n\n=== bad: it has none\na();\n^ No limit\n--- fixed\na(1);\n\n"), [
      { title: "it has a limit", example: { good: "a(1);\n" } },
      { title: "it has none", example: { bad: "a();\n^ No limit\n", fixed: "a(1);\n" } },
    ]);
  });
  it("reads Windows line ends", () => {
    assert.deepEqual(parseCases("=== good: x\r\na();\r\n"), [{ title: "x", example: { good: "a();\n" } }]);
  });
  it("leaves === inside a line and --- of YAML documents", () => {
    assert.deepEqual(parseCases("=== good: x\nif (a === b) f();\n//- a.yaml\n---\nb: 1\n"), [{ title: "x", example: { good: "if (a === b) f();\n//- a.yaml\n---\nb: 1\n" } }]);
  });
  it("loses no case to a slip", () => {
    for (const [text, expected] of [
      ["=== god: x\na\n", 'expected "=== good: title" or "=== bad: title", got "=== god: x"'],
      ["== good: x\na\n", 'expected "=== good: title" or "=== bad: title", got "== good: x"'],
      ["=== good: x\na\n--- fixed\nb\n", 'x: expected one "--- fixed", in a bad case'],
      ["=== bad: x\na\n--- fixed\nb\n--- fixed\nc\n", 'x: expected one "--- fixed", in a bad case'],
    ] as const) assert.throws(() => parseCases(text), { message: expected });
    assert.deepEqual(parseCases(""), []);
  });
});
