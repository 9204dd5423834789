// Fact: the place where a process begins to serve or to consume: from there on it has work that a stop can cut off.

import { isAmqp } from "./amqp.ts";
import { closing, type Closing } from "./shutdown-fix.ts";
import { kafkaHandlers } from "./kafka-handler.ts";
import { importedApp } from "./http-server-site.ts";
import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { originOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

/** Who serves: the kind decides what is lost and how it is closed. */
export type EntryKind = "nest" | "http" | "fastify" | "grpc" | "kafka" | "bullmq" | "queue";

export interface ServiceEntry {
  readonly kind: EntryKind;
  /** What it works on: "requests". */
  readonly work: string;
  /** The application, where another module makes it. */
  readonly app?: Ref;
  /** Where a shutdown can be written. */
  readonly closing?: Closing;
}

/** The call that begins the work, and the name in it that a finding points at. */
export interface EntrySite {
  readonly call: CallExpression | NewExpression;
  readonly at: Node;
  readonly kind: EntryKind;
  readonly app?: Ref;
}

const work: Readonly<Record<EntryKind, string>> = { nest: "requests", http: "requests", fastify: "requests", grpc: "calls", kafka: "messages", bullmq: "jobs", queue: "messages" };

export const serviceEntry: FactKind<ServiceEntry> = {
  id: "service-entry",
  title: "Start of a service",
  ts: {
    mentions: [[".listen(", ".bindAsync(", "@hono/node-server", "eachMessage", "eachBatch", ".consume(", "bullmq", "sqs-consumer", "@hapi/hapi"]],
    *find(file) {
      // What others import or run by hand is stopped by them. Build tools and development servers are no deployments.
      if (file.context.tool || file.context.library || /(^|\/)[^/]*(\.config|gulpfile|dev-?server)\.[cm]?[jt]s$|(^|\/)gulpfile/i.test(file.path)) return;
      for (const site of entrySites(file)) {
        const found = closing(file, site);
        yield { at: span(site.at), value: { kind: site.kind, work: work[site.kind], ...(site.app ? { app: site.app } : {}), ...(found ? { closing: found } : {}) } };
      }
    },
  },
};

/** Entries of a file in document order. */
export function entrySites(file: TsFile): readonly EntrySite[] {
  return once(file, entrySites, () => {
    const found: EntrySite[] = [];
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const kind = kindOf(file, call);
      if (!kind || isLocal(file, call)) continue;
      const callee = bare(call.expression);
      const app = importedApp(file, call);
      found.push({ call, kind, at: ts.isPropertyAccessExpression(callee) ? callee.name : callee, ...(app ? { app } : {}) });
    }
    for (const call of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression))
      if (canonical(file, call.expression) === "bullmq#Worker" && (call.arguments?.length ?? 0) >= 2) found.push({ call, kind: "bullmq", at: call.expression });
    return found.sort((a, b) => a.call.pos - b.call.pos);
  });
}

const servers = /^(https?|http2)#create(Secure)?Server$|^(express|koa|polka|restify|@tinyhttp\/app|uWebSockets\.js|hyper-express)#|^nice-grpc#createServer$/;
const serverTypes = /^(https?|http2)#(Http2(Secure)?)?Server$|^(express|express-serve-static-core)#(Express|Application)$|^koa#/;
const nestTypes = /^@nestjs\/(common#INest(Application|Microservice)|platform-\w+#Nest\w+Application)$/;

function kindOf(file: TsFile, call: CallExpression): EntryKind | undefined {
  const callee = bare(call.expression);
  if (canonical(file, callee) === "@hono/node-server#serve") return "http";
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const owner = callee.expression;
  switch (callee.name.text) {
    case "listen": return importedApp(file, call) ? "http" : listening(originOf(file, owner), declaredType(file, owner));
    case "bindAsync": return /^(@grpc\/grpc-js|grpc)#Server$/.test(originOf(file, owner) ?? declaredType(file, owner) ?? "") ? "grpc" : undefined;
    case "start": return /^@hapi\/hapi#(server|Server)$/.test(originOf(file, owner) ?? "") ? "http" : /^sqs-consumer#Consumer/.test(originOf(file, owner) ?? "") ? "queue" : undefined;
    case "run": return kafkaHandlers(file).some(({ at, of }) => "row" in of && at.pos > call.pos && at.end < call.end) ? "kafka" : undefined;
    case "consume": return call.arguments.length >= 2 && isAmqp(file, owner) ? "queue" : undefined;
    default: return undefined;
  }
}

function listening(origin: string | undefined, type: string | undefined): EntryKind | undefined {
  if (/^@nestjs\/core#NestFactory\.create(Microservice)?$/.test(origin ?? "") || nestTypes.test(type ?? "")) return "nest";
  if (/^fastify#(fastify)?$/.test(origin ?? "") || type === "fastify#FastifyInstance") return "fastify";
  if (/^nice-grpc#/.test(origin ?? "")) return "grpc";
  return servers.test(origin ?? "") || serverTypes.test(type ?? "") ? "http" : undefined;
}

/** Servers that no deployment knows: on any free port, for metrics or probes, or only on a developer's machine. */
function isLocal(file: TsFile, call: CallExpression): boolean {
  const [first] = call.arguments;
  const port = first && (ts.isObjectLiteralExpression(bare(first)) ? option(file, first, "port") : undefined);
  if (first && (bare(first).getText() === "0" || (port?.is === "present" && port.node.getText() === "0"))) return true;
  const said = [receiverText(call), ...call.arguments.filter((one) => !ts.isFunctionLike(one)).map((one) => one.getText())].join(" ");
  if (/metric|prom(etheus|Port|Server)|health|probe|liveness|readiness|\bmock|\b(9090|9091|9464)\b/i.test(said)) return true;
  for (let up: Node | undefined = call.parent, below: Node = call; up; below = up, up = up.parent)
    if (ts.isIfStatement(up) && below !== up.expression && /NODE_ENV|\bdev(elopment)?\b|isDev|isLocal|VERCEL|LAMBDA|SERVERLESS|IS_OFFLINE/i.test(up.expression.getText())) return true;
  return false;
}

function receiverText(call: CallExpression): string {
  const callee: Expression = bare(call.expression);
  const owner = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  return owner && !ts.isCallExpression(owner) ? owner.getText() : "";
}
