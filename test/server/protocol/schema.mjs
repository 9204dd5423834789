// Writes lsp-messages.json, the types of every message as one JSON Schema, from the declarations in vscode-languageserver-protocol: its metaModel.json is not in the package.
// Run when the protocol grows, in a folder of its own: npm install vscode-languageserver-protocol@3.18.5 ts-json-schema-generator@2.4.0 typescript@5.9.3; node .../schema.mjs

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const require = createRequire(resolve("package.json"));
const ts = require("typescript");
const runtime = require("vscode-languageserver-protocol");
const { createGenerator } = await import(require.resolve("ts-json-schema-generator"));
const home = dirname(dirname(dirname(require.resolve("vscode-languageserver-protocol"))));
const declarations = join(home, "lib/common");

const shapes = { ProtocolRequestType: ["request", "params", "result"], ProtocolRequestType0: ["request", "result"], ProtocolNotificationType: ["notification", "params"], ProtocolNotificationType0: ["notification"] };
const found = [
  // The base protocol; its types stand in vscode-jsonrpc.
  { method: "$/cancelRequest", kind: "notification", direction: "both", params: "{ id: number | string }" },
  { method: "$/progress", kind: "notification", direction: "both", params: "{ token: ProgressToken; value: LSPAny }" },
  { method: "$/setTrace", kind: "notification", direction: "clientToServer", params: "{ value: 'off' | 'messages' | 'verbose' }" },
  { method: "$/logTrace", kind: "notification", direction: "serverToClient", params: "{ message: string; verbose?: string }" },
];
for (const file of readdirSync(declarations).filter((name) => /^(protocol.*|messages)\.d\.ts$/.test(name))) {
  const visit = (node) => {
    if (ts.isModuleDeclaration(node) && node.body && ts.isModuleBlock(node.body)) read(node.name.text, node.body.statements);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(declarations, file), "utf8"), ts.ScriptTarget.Latest, true));
}

/** `namespace HoverRequest { const method: 'textDocument/hover'; const type: ProtocolRequestType<HoverParams, Hover | null, ...> }` is one message. */
function read(name, statements) {
  const types = Object.fromEntries(statements.filter(ts.isVariableStatement).flatMap((one) => one.declarationList.declarations.map((declaration) => [declaration.name.getText(), declaration.type])));
  const shape = types.method && types.type && ts.isTypeReferenceNode(types.type) ? shapes[types.type.typeName.getText()] : undefined;
  if (!shape) return;
  const [kind, ...parts] = shape;
  const texts = (types.type.typeArguments ?? []).map((one) => one.getText());
  found.push({ method: types.method.getText().replace(/['`"]/g, ""), kind, direction: runtime[name]?.messageDirection, capabilities: runtime[name]?.capabilities, ...Object.fromEntries(parts.map((part, index) => [part, texts[index]])) });
}

const names = new Set();
const lines = [];
for (const one of found)
  for (const part of ["params", "result"]) {
    if (one[part] === undefined || /^(void|never)$/.test(one[part])) continue;
    for (const [name] of one[part].replace(/'[^']*'/g, "").matchAll(/\b[A-Z][A-Za-z_]*\b/g)) names.add(name);
    lines.push(`  ${JSON.stringify(`${part}:${one.method}`)}: ${one[part]};`);
  }
writeFileSync("messages.ts", `import type { ${[...names].join(", ")} } from 'vscode-languageserver-protocol';\nexport interface Messages {\n${lines.join("\n")}\n}\n`);
writeFileSync("messages.tsconfig.json", JSON.stringify({ compilerOptions: { module: "Node16", moduleResolution: "Node16", target: "ES2022", strict: true, skipLibCheck: true, types: [] }, files: ["messages.ts"] }));
const { definitions, properties } = createGenerator({ path: "messages.ts", tsconfig: "messages.tsconfig.json", type: "Messages", expose: "all", topRef: false, additionalProperties: true, jsDoc: "none", encodeRefs: true }).createSchema("Messages");
delete definitions.Messages;
// The declarations call them numbers.
definitions.integer = { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
definitions.uinteger = { type: "integer", minimum: 0, maximum: 2 ** 31 - 1 };
const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const messages = Object.fromEntries(found.map(({ method, kind, direction, capabilities }) => [method, { kind, direction, capabilities }]));
writeFileSync(join(import.meta.dirname, "lsp-messages.json"), `${JSON.stringify({ protocol: version, messages, schema: { definitions, properties } })}\n`);
console.log(`protocol ${version}: ${found.length} messages, ${Object.keys(definitions).length} types`);
