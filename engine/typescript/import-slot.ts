// How a fix names something of a package: through an import that the file has, or through one that the fix adds. Only says where; writes nothing.

import { ts, type ImportDeclaration, type Node } from "./compiler.ts";
import { requiredModule } from "./binding.ts";
import { lineBreak } from "./option.ts";
import { nodes, once, type TsFile } from "./parse.ts";
import { bare, visible } from "./scope.ts";
import type { Span } from "../types.ts";

/** The text that names an export at a place, and the edit that makes it valid where the file does not import it yet. */
export interface ImportSlot {
  readonly name: string;
  readonly edit?: { readonly at: Span; readonly text: string };
}

/** Names `exported` of `module` at a node; undefined where the name is taken, or in a CommonJS file that does not require the module. */
export function importSlot(file: TsFile, at: Node, module: string, exported: string): ImportSlot | undefined {
  const imports = nodes<ImportDeclaration>(file, ts.SyntaxKind.ImportDeclaration).filter((one) => ts.isStringLiteralLike(one.moduleSpecifier));
  const own = imports.filter((one) => (one.moduleSpecifier as { text?: string }).text === module && one.importClause && !one.importClause.isTypeOnly);
  for (const { importClause } of own) {
    const bindings = importClause!.namedBindings;
    if (bindings && ts.isNamespaceImport(bindings)) return whole(file, at, bindings.name.text, bindings, exported);
    if (bindings && ts.isNamedImports(bindings))
      for (const one of bindings.elements) if (!one.isTypeOnly && (one.propertyName ?? one.name).text === exported) return visible(file, at, one.name.text) === one ? { name: one.name.text } : undefined;
    if (importClause!.name && !bindings) return whole(file, at, importClause!.name.text, importClause!, exported);
  }
  for (const one of nodes<any>(file, ts.SyntaxKind.VariableDeclaration)) {
    const value = one.initializer && bare(one.initializer);
    if (value && ts.isCallExpression(value) && ts.isIdentifier(one.name) && requiredModule(file, value) === module) return whole(file, at, one.name.text, one, exported);
  }
  if (visible(file, at, exported)) return undefined;
  for (const { importClause } of own) {
    const bindings = importClause!.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings) || bindings.elements.length === 0) continue;
    const end = bindings.elements[bindings.elements.length - 1]!.end;
    return { name: exported, edit: { at: { file: "", start: end, end }, text: `, ${exported}` } };
  }
  if (imports.length === 0) return undefined;
  const start = imports[0]!.getStart();
  const quote = quoteOf(file);
  const semicolon = imports[0]!.getText().endsWith(";") ? ";" : "";
  return { name: exported, edit: { at: { file: "", start, end: start }, text: `import { ${exported} } from ${quote}${module}${quote}${semicolon}${lineBreak(file)}` } };
}

function whole(file: TsFile, at: Node, name: string, declared: Node, exported: string): ImportSlot | undefined {
  return visible(file, at, name) === declared ? { name: `${name}.${exported}` } : undefined;
}

/** The quote character that most strings of the file have. */
export function quoteOf(file: TsFile): string {
  return once(file, quoteOf, () => {
    const strings = nodes(file, ts.SyntaxKind.StringLiteral);
    const single = strings.filter((one) => file.text[one.getStart()] === "'").length;
    return single * 2 > strings.length ? "'" : '"';
  });
}
