// Fact: an HTTP server that this process opens, with the time limits it is given, and where more can be set.

import { ts, type Node } from "../../engine/typescript/compiler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { visible } from "../../engine/typescript/scope.ts";
import type { FactKind, Ref, Span, Value } from "../../engine/types.ts";
import { importedApp, limits, serverMentions, servers, type Framework, type Limit, type ServerSite } from "./http-server-site.ts";

export interface HttpServer {
  readonly framework: Framework;
  /** What the text sets, in ms; a limit that is not set is absent, one set where we cannot read it is unknown. */
  readonly limits: Readonly<Record<Limit, Value<number>>>;
  /** Where this file writes each limit that it sets. */
  readonly places: Readonly<Partial<Record<Limit, Span>>>;
  /** The file lets it listen. */
  readonly listens: boolean;
  /** For metrics or probes, by its handler or port: nothing balances load to it. */
  readonly internal: boolean;
  readonly after?: After;
  /** The application that listens, where another module makes it. */
  readonly app?: Ref;
}

/** Where statements about the server can be added. */
export interface After {
  readonly at: Span;
  /** What the server is called there. */
  readonly name: string;
  /** Line break and indentation of a new statement, and what ends it. */
  readonly lead: string;
  readonly end: string;
  /** Where the server must be given that name first. */
  readonly declare?: Span;
}

export const httpServer: FactKind<HttpServer> = {
  id: "http-server",
  title: "HTTP server",
  ts: {
    mentions: serverMentions,
    *find(file) {
      const listening = /\.listen\s*\(/.test(file.text);
      for (const site of servers(file)) {
        const { creation, framework, settings } = site;
        const set = Object.fromEntries(limits.map((name) => [name, settings.get(name)?.value ?? { absent: true }])) as HttpServer["limits"];
        const places = Object.fromEntries([...settings].map(([name, { node }]) => [name, span(node)]));
        const after = insertionAfter(file, site);
        const app = framework === "imported" ? importedApp(file, creation) : undefined;
        const internal = /metric|prom|health|probe|liveness|readiness|admin|\b(9090|9091|9464)\b/i.test(described(creation));
        yield { at: span(creation), value: { framework, limits: set, places, listens: listening || framework === "hono", internal, ...(after ? { after } : {}), ...(app ? { app } : {}) } };
      }
    },
  },
};

function statementOf(node: Node): Node | undefined {
  let up: Node | undefined = node;
  while (up && !ts.isVariableStatement(up) && !ts.isExpressionStatement(up) && !ts.isFunctionLike(up)) up = up.parent;
  return up && !ts.isFunctionLike(up) ? up : undefined;
}

/** The statement that opens a server, without the text of handlers that stand in it. */
function described(creation: ServerSite["creation"]): string {
  const handlers = (creation.arguments ?? []).filter((one) => ts.isFunctionLike(one)).map((one) => one.getText());
  return handlers.reduce((text, handler) => text.replace(handler, ""), statementOf(creation)?.getText() ?? "");
}

function insertionAfter(file: TsFile, { creation, framework }: ServerSite): After | undefined {
  let top: Node = creation;
  // `createServer(app).listen(80)` is still the server; what other calls give is not.
  while (ts.isPropertyAccessExpression(top.parent) && ts.isCallExpression(top.parent.parent) && /^(listen|on|once|addListener)$/.test(top.parent.name.text)) top = top.parent.parent;
  const awaited = ts.isAwaitExpression(top.parent);
  if (awaited) top = top.parent;
  if (framework === "nest" && !awaited) return undefined;
  const statement = statementOf(creation);
  if (!statement || !(ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent) || ts.isCaseOrDefaultClause(statement.parent))) return undefined;
  const at = { file: "", start: statement.end, end: statement.end };
  const rest = { at, lead: lineBreak(file) + indentOf(file, statement.getStart()), end: file.text.slice(0, statement.end).endsWith(";") ? ";" : "" };
  if (ts.isExpressionStatement(statement)) {
    if (top.parent !== statement || framework === "fastify" || visible(file, creation, "server")) return undefined;
    return { ...rest, name: "server", declare: { file: "", start: statement.getStart(), end: statement.getStart() } };
  }
  const declared = top.parent;
  if (!ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name) || !ts.isVariableDeclarationList(declared.parent) || declared.parent.declarations.length !== 1) return undefined;
  return { ...rest, name: framework === "fastify" ? `${declared.name.text}.server` : declared.name.text };
}
