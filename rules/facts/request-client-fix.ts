// Question: which edits make a client once, at module level, instead of in a function? Only where its value needs nothing of the function.

import { localOf } from "./request-reach.ts";
import { ts, type Expression, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { lineBreak } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { declaration, references, visible } from "../../engine/typescript/scope.ts";
import { linesOf } from "../../engine/typescript/wrap.ts";
import type { Edit } from "../../engine/types.ts";

/** The edits; undefined where the client is prepared in the function, or its declaration does not stand by itself. */
export function hoisted(file: TsFile, made: Node): readonly Edit[] | undefined {
  const declared = made.parent;
  if (!ts.isVariableDeclaration(declared) || declared.initializer !== made || !ts.isIdentifier(declared.name)) return undefined;
  const list = declared.parent;
  const statement = list.parent;
  if (!ts.isVariableStatement(statement) || !ts.isVariableDeclarationList(list) || list.declarations.length !== 1 || !list.getText().startsWith("const ")) return undefined;
  const name = declared.name.text;
  const top = topOf(statement);
  // Another such client of this name would be moved to the same place.
  const twins = nodes<Node & { readonly name: Node }>(file, ts.SyntaxKind.VariableDeclaration).filter((one) => one.name.getText() === name);
  if (!top || twins.length > 1 || visible(file, top, name) || !isFree(file, declared, top) || isPrepared(file, declared, name)) return undefined;
  const lines = linesOf(file, statement);
  if (!lines) return undefined;
  const at = lead(file, top);
  const text = statement.getText();
  return [
    { at: { file: "", start: at, end: at }, text: text + lineBreak(file) },
    { at: { file: "", start: lines.start, end: lines.end }, text: "" },
  ];
}

function topOf(statement: Node): Node | undefined {
  let up = statement;
  while (up.parent && !ts.isSourceFile(up.parent)) up = up.parent;
  return up.parent ? up : undefined;
}

/** Every name in it is an import, a function, a global, or stands above. */
function isFree(file: TsFile, declared: Node, top: Node): boolean {
  if (/\b(this|await|yield|arguments)\b/.test(declared.getText())) return false;
  return nodes<Identifier>(file, ts.SyntaxKind.Identifier).every((one) => {
    if (one.pos < declared.pos || one.end > declared.end || one === (declared as unknown as { name: Node }).name) return true;
    if (localOf(file, one)) return one.parent !== undefined && ts.isPropertyAssignment(one.parent) && one.parent.name === (one as Node);
    const known = declaration(file, one);
    return !known || known.pos < top.pos || ts.isFunctionDeclaration(known) || ts.isImportSpecifier(known) || ts.isImportClause(known) || ts.isNamespaceImport(known);
  });
}

/** Work that a shared client must not have done to it twice: it connects, gets listeners, or is handed to something. */
function isPrepared(file: TsFile, declared: Node, name: string): boolean {
  return references(file, declared, name).some((one: Expression) => {
    const { parent } = one;
    if (!ts.isPropertyAccessExpression(parent)) return !ts.isReturnStatement(parent);
    return /^(connect|initialize|authenticate|on|once|addListener|start|sync|use|\$use|\$on|close|end|quit)$/.test(parent.name.text);
  });
}

/** Start of the comments that belong to a statement, or of the statement. */
function lead(file: TsFile, top: Node): number {
  const start = top.getStart();
  const before = file.text.slice(top.pos, start);
  const blank = /^[\s\S]*\r?\n[ \t]*\r?\n/.exec(before);
  if (blank) return top.pos + blank[0].length;
  const line = top.pos === 0 ? -1 : before.indexOf("\n");
  return line < 0 ? start : top.pos + line + 1;
}
