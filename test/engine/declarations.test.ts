// Large texts that declare only are not parsed; one that runs anything is.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { declaresOnly } from "../../engine/typescript/declarations.ts";
import { ts, loadCompiler } from "../../engine/typescript/compiler.ts";

const filler = "/** One of many. */\nexport interface Row {\n  readonly id: string;\n  readonly find: (by: { id: string }) => Promise<Row | undefined>;\n}\n".repeat(300);

const declarations = [
  'import type { A } from "./a";', 'import "./b"', 'export * from "./c";', "export { a, b } from './d'", "export type { A }", "export as namespace shop;",
  "export type A = B\n  | C\n  & D;", "type Key = {\n  [K in keyof A]?: A[K];\n}[keyof A];", "export declare type Key = { a: 1 }[\"a\"];", "declare const a: number, b: string;", "export declare class A<T>\n  extends B<T>\n  implements C {\n  private constructor();\n  @d() a: `${string}`;\n}",
  "declare module 'm' {\n  export function f(): void;\n}", "declare global { interface Window { a: 1 } }", "export declare function f(a: () => { b: 1 }): asserts a is B;", "type F = new (a: string) => void", "interface A { (a: string): void; new (): A; [key: string]: unknown }", "declare enum E { A = 1 << 2 }", "type T = `a${'b' | 'c'}`;",
];
const code = [
  "fetch(url);", "export const a = 1;", "export default {};", "const a = 1", "function f() { fetch(url); }", "export function f() {}", "class A {}", "export abstract class A {}", "enum E { A }", "namespace N { fetch(url); }", "new Server();", "await run();", "if (a) b();", "for (;;) {}", "@decorated() declare", "{ fetch(url) }", "(() => {})()", "[a].forEach(b)", "`a`", "/a/.test(b)", "-a", "type\n= 5", "export = run();", "export import a = b.c;", "declare\n(a)",
];

describe("a text that declares only", () => {
  for (const one of declarations) it(`holds ${JSON.stringify(one)}`, () => {
    assert.equal(declaresOnly(`${filler}${one}\n${filler}`), true);
    assert.equal(declaresOnly(`${one}\n${filler}`.replaceAll("\n", "\r\n")), true);
  });
  for (const one of code) it(`does not hold ${JSON.stringify(one)}`, () => {
    for (const before of [...declarations, "type A = string", "interface A {}", "declare const a: A"])
      for (const between of ["\n", ";", "\n/* c */ ", before.endsWith("}") && !/\}(?:\[|;)|^(?:export )?(?:declare )?(?:type|const)|^import|^export /.test(before) ? " " : "\n\n"]) {
        if (between === ";" && before.endsWith(";")) continue;
        const text = `${filler}${before}${between}${one}\n${filler}`;
        if (statementsOf(text)) assert.equal(declaresOnly(text), false, `${before}${between}${one}`);
      }
  });
  it("P3: is told in proportion to its size, whatever never ends", () => {
    for (const part of ["/*", '"\\"', "'\\'", "`\\`", "a/"]) assert.equal(declaresOnly(`interface A {\n${part.repeat(300_000)}`), false, part);
  });

  it("is large: a small one is parsed in no time", () => assert.equal(declaresOnly(declarations.join("\n")), false));
});

/** True when the parser sees a statement that runs: beside some declarations a text of code reads as more of them. */
function statementsOf(text: string): boolean {
  loadCompiler();
  const { SyntaxKind } = ts;
  const silent = new Set([SyntaxKind.InterfaceDeclaration, SyntaxKind.TypeAliasDeclaration, SyntaxKind.ImportDeclaration, SyntaxKind.ExportDeclaration, SyntaxKind.NamespaceExportDeclaration, SyntaxKind.EmptyStatement]);
  return ts.createSourceFile("a.ts", text, ts.ScriptTarget.Latest).statements.some((one) => !silent.has(one.kind) && !(ts.canHaveModifiers(one) && ts.getModifiers(one)?.some(({ kind }) => kind === SyntaxKind.DeclareKeyword)));
}
