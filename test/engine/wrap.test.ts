// Moving statements one level deeper keeps every character of theirs, and the layout of the file.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ts, type Statement } from "../../engine/typescript/compiler.ts";
import { parseTs } from "../../engine/typescript/parse.ts";
import { deeper, indentUnit, lineEnd, linesOf, tryFinally } from "../../engine/typescript/wrap.ts";

function body(text: string) {
  const file = parseTs("a.ts", text);
  const fn = file.tree.statements[0]!;
  assert.ok(ts.isFunctionDeclaration(fn) && fn.body);
  return { file, statements: fn.body.statements as readonly Statement[] };
}

describe("deeper", () => {
  it("indents lines, and not the lines of a template", () => {
    const { file, statements } = body("function f() {\n  a();\n\n  // why\n  b(`\n  x\n`);\n}\n");
    const range = { file: "", start: statements[0]!.getStart() - 3, end: statements[1]!.end };
    assert.equal(deeper(file, range, "  "), "\n    a();\n\n    // why\n    b(`\n  x\n`);");
  });

  it("leaves statements out, with their comments on the line", () => {
    const { file, statements } = body("function f() {\n\ta();\n\tb(); // gone\n\tc();\n}\n");
    const range = { file: "", start: lineEnd(file, statements[0]!)!, end: statements[2]!.end };
    assert.equal(deeper(file, range, "\t", [linesOf(file, statements[1]!)!]), "\n\t\tc();");
  });

  it("keeps Windows line ends", () => {
    const { file, statements } = body("function f() {\r\n  a();\r\n  b();\r\n}\r\n");
    const range = { file: "", start: lineEnd(file, statements[0]!)!, end: statements[1]!.end };
    assert.equal(tryFinally(file, deeper(file, range, "  "), "  ", "  ", "c();"), "\r\n  try {\r\n    b();\r\n  } finally {\r\n    c();\r\n  }");
    assert.deepEqual(linesOf(file, statements[1]!), { start: file.text.indexOf("\r\n  b"), end: statements[1]!.end, text: "" });
  });
});

describe("lines", () => {
  it("are not those of a statement that shares its line", () => {
    const { file, statements } = body("function f() {\n  a(); b();\n}\n");
    assert.equal(lineEnd(file, statements[0]!), undefined);
    assert.equal(linesOf(file, statements[1]!), undefined);
  });

  it("tell one level of indentation", () => {
    for (const unit of ["  ", "    ", "\t"]) {
      const { file, statements } = body(`function f() {\n${unit}a();\n}\n`);
      assert.equal(indentUnit(file, statements[0]!), unit);
    }
  });
});
