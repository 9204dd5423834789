// Question: where can a handler of SIGTERM be written, and how does it close this server or consumer? Says where and what; changes nothing.

import type { EntryKind, EntrySite } from "./service-entry.ts";
import { ts, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { quoteOf } from "../../engine/typescript/import-slot.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, visible } from "../../engine/typescript/scope.ts";
import { originOf } from "../../engine/typescript/handler.ts";
import type { Edit, Span } from "../../engine/types.ts";

export interface Closing {
  /** Right behind the statement that begins the work, or right before it. */
  readonly at: Span;
  /** Line break and indentation of a statement there. */
  readonly lead: string;
  /** One level of indentation. */
  readonly step: string;
  readonly quote: string;
  readonly end: string;
  /** The expression that ends the work and then the process; for Nest the whole statement. */
  readonly call: string;
  /** The name that the server must be given first. */
  readonly declare?: { readonly at: Span; readonly text: string };
}

/** Where and how; undefined where the server has no name and can get none. */
export function closing(file: TsFile, { call, kind }: EntrySite): Closing | undefined {
  let top: Node = call;
  while (ts.isAwaitExpression(top.parent) || ts.isVoidExpression(top.parent)) top = top.parent;
  const statement = top.parent;
  const declared = ts.isVariableDeclaration(statement) && ts.isIdentifier(statement.name) && ts.isVariableDeclarationList(statement.parent) && statement.parent.declarations.length === 1 ? statement : undefined;
  const whole = declared ? declared.parent.parent! : statement;
  if (!(ts.isExpressionStatement(whole) || ts.isVariableStatement(whole)) || !(ts.isBlock(whole.parent) || ts.isSourceFile(whole.parent) || ts.isCaseOrDefaultClause(whole.parent))) return undefined;
  const start = whole.getStart();
  const lead = lineBreak(file) + indentOf(file, start);
  const place = { lead, step: /^\t/m.test(file.text) ? "\t" : /^ {4}\S/m.test(file.text) && !/^ {2}\S/m.test(file.text) ? "    " : "  ", quote: quoteOf(file), end: file.text.slice(0, whole.end).endsWith(";") ? ";" : "" };
  const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
  const owner = callee && ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
  if (kind === "nest") return owner && named(owner) ? { ...place, at: { file: "", start, end: start }, call: `${owner.getText()}.enableShutdownHooks()` } : undefined;
  const after = { file: "", start: whole.end, end: whole.end };
  const held = owner && named(owner) && holdsServer(file, kind, owner) ? owner.getText() : declared && !owner?.getText().includes("\n") && returnsServer(file, kind, owner) ? (declared.name as { text: string }).text : undefined;
  if (held !== undefined) return { ...place, at: after, call: end(kind, held) };
  const name = kind === "bullmq" ? "worker" : "server";
  if (top.parent !== whole || top !== call || !returnsServer(file, kind, owner) || visible(file, call, name)) return undefined;
  return { ...place, at: after, call: end(kind, name), declare: { at: { file: "", start, end: start }, text: `const ${name} = ` } };
}

const named = (owner: Expression) => /^(this\.)?[\w$]+$/.test(owner.getText()) && owner.getText() !== "this";

/** The receiver itself can be closed. */
function holdsServer(file: TsFile, kind: EntryKind, owner: Expression): boolean {
  if (kind !== "http") return kind === "fastify" || kind === "grpc" ? !/^nice-grpc/.test(originOf(file, owner) ?? "") : kind === "kafka";
  return /^(https?|http2)#create(Secure)?Server$/.test(originOf(file, owner) ?? "");
}

/** What the call returns can be closed: the server of express, koa, hono and `createServer().listen()`, a worker of BullMQ. */
function returnsServer(file: TsFile, kind: EntryKind, owner: Expression | undefined): boolean {
  return kind === "bullmq" || (kind === "http" && (owner === undefined || !/^(@hapi|polka|restify|@tinyhttp|uWebSockets|hyper-express)/.test(originOf(file, owner) ?? "")));
}

function end(kind: EntryKind, name: string): string {
  if (kind === "http") return `${name}.close(() => process.exit(0))`;
  if (kind === "grpc") return `${name}.tryShutdown(() => process.exit(0))`;
  return `void ${name}.${kind === "kafka" ? "disconnect" : "close"}().finally(() => process.exit(0))`;
}

/** The edits that write the handler. `limit` is how long work in flight may take (ms). */
export function shutdownEdits(found: Closing, limit: number): readonly Edit[] {
  const { at, lead, step, quote, end: stop, call, declare } = found;
  if (call.endsWith("enableShutdownHooks()")) return [{ at, text: call + stop + lead }];
  const body = [`${call}${stop}`, `setTimeout(() => process.exit(1), ${limit / 1000}_000).unref()${stop}`];
  const text = `${lead}process.once(${quote}SIGTERM${quote}, () => {${body.map((line) => lead + step + line).join("")}${lead}})${stop}`;
  return [...(declare ? [declare] : []), { at, text }];
}
