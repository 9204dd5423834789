// Fact: a logger that is made, with its library, its level and whether it samples. Question: which logger does a call use?

import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { folder, join } from "../../engine/resolve.ts";
import type { FactKind, Ref, Value } from "../../engine/types.ts";

export type LogLibrary = "pino" | "winston" | "bunyan" | "nest" | "console" | "log4js" | "loglevel";

export interface Logger {
  readonly library: LogLibrary;
  /** Least level that is written; absent when the library's default holds. */
  readonly level: Value<unknown>;
  /** A hook or a format drops lines. */
  readonly sampled: boolean;
}

export const logger: FactKind<Logger> = {
  id: "logger",
  title: "Logger",
  named: true,
  ts: {
    mentions: [],
    *find(file) {
      if (!/pino|winston|bunyan|@nestjs\/common|log4js|loglevel/.test(file.text)) return;
      const sampled = /Math\.random|[sS]ampl(e|ing)/.test(file.text);
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
          const library = makers[canonical(file, call.expression) ?? ""];
          if (!library) continue;
          const level = option(file, call.arguments?.[0], "level");
          yield { at: span(call), value: { library, level: level.is === "present" ? level.value : level.is === "absent" ? { absent: true } : { unknown: level.why }, sampled } };
        }
    },
  },
};

const makers: Readonly<Record<string, LogLibrary>> = {
  "pino#": "pino", "pino#pino": "pino", "winston#createLogger": "winston", "bunyan#createLogger": "bunyan", "bunyan#": "bunyan", "@nestjs/common#Logger": "nest",
  "@nestjs/common#ConsoleLogger": "nest", "log4js#getLogger": "log4js", "loglevel#getLogger": "loglevel",
};

const types: readonly (readonly [RegExp, LogLibrary])[] = [
  [/^pino#(Logger|BaseLogger|pino\.Logger)$/, "pino"], [/^nestjs-pino#/, "pino"], [/^fastify#FastifyBaseLogger$/, "pino"], [/^winston#Logger$/, "winston"], [/^bunyan#/, "bunyan"],
  [/^@nestjs\/common#(Logger|LoggerService|ConsoleLogger)$/, "nest"], [/^log4js#Logger$/, "log4js"],
];

/** Words of files that write log lines. */
export const logMethods = [".info(", ".log(", ".debug(", ".info?.(", ".log?.(", ".debug?.("];

export interface LoggerUse {
  /** Known from this file alone. */
  readonly library?: LogLibrary;
  /** The logger's making, here or in another module. */
  readonly ref?: Ref;
}

/** The logger that an expression stands for; undefined when it cannot be one that is known. */
export function loggerOf(file: TsFile, receiver: Expression): LoggerUse | undefined {
  const name = canonical(file, receiver);
  if (name === "#console" || name === "console#") return { library: "console" };
  if (name === "winston#" || name === "loglevel#") return { library: name === "winston#" ? "winston" : "loglevel" };
  const stated = statedAs(file, name);
  if (stated) return { library: stated };
  const expr = bare(receiver);
  // The request of fastify and of pino-http carries a logger.
  if (ts.isPropertyAccessExpression(expr) && expr.name.text === "log" && /["'](fastify|pino-http|@fastify\/[\w-]+|nestjs-pino)["']|\bfastify\.(get|post|put|patch|delete|route|addHook|register|decorate|log)\b/.test(file.text)) return { library: "pino" };
  const end = receiverOf(file, receiver);
  const type = end.type ?? declaredType(file, receiver);
  const typed = type === undefined ? undefined : types.find(([pattern]) => pattern.test(type))?.[1];
  if (end.made) return ofMaker(file, end.made) ?? (end.ref ? { ref: end.ref } : undefined);
  if (typed) return { library: typed };
  return end.ref && /^[.@~#]|\//.test(end.ref.module ?? "") ? { ref: end.ref } : undefined;
}

/** `pino(...)`, and the logger at the start of `logger.child(...)`. */
function ofMaker(file: TsFile, made: Expression): LoggerUse | undefined {
  let expr: Expression | undefined = made;
  let ref: Ref | undefined;
  for (let step = 0; expr && step < 8; step++) {
    if (!ts.isCallExpression(expr) && !ts.isNewExpression(expr)) return undefined;
    const library = makers[canonical(file, expr.expression) ?? ""];
    if (library) return { library, ref: { name: "logger", start: expr.getStart() } };
    if (!ts.isPropertyAccessExpression(expr.expression) || !/^(child|with|extend|getChildLogger)$/.test(expr.expression.name.text)) return ref && { ref };
    const parent: Expression = expr.expression.expression;
    const end = receiverOf(file, parent);
    if (!end.made) return loggerOf(file, parent);
    // The function of another module that returned it.
    ref = end.ref;
    expr = end.made;
  }
  return undefined;
}

/** Loggers that the team states: `@acme/log#logger`, or a path below pitlint.yaml: `./src/log#logger`. */
function statedAs(file: TsFile, name: string | undefined): LogLibrary | undefined {
  if (name === undefined) return undefined;
  for (const [stated, library] of Object.entries(file.context.loggers)) {
    const [module, export_] = stated.split("#") as [string, string?];
    const [used, usedName] = name.split("#") as [string, string?];
    if ((export_ ?? "") !== (usedName ?? "")) continue;
    const isSame = used === module || (used.startsWith(".") && module.startsWith(".") && bareModule(join(folder(file.context.below), used)) === bareModule(join(module)));
    if (isSame) return libraries.has(library) ? (library as LogLibrary) : "pino";
  }
  return undefined;
}

const libraries = new Set<string>(["pino", "winston", "bunyan", "nest", "console", "log4js", "loglevel"]);
const bareModule = (path: string) => path.replace(/\.[cm]?[jt]s$/, "").replace(/\/index$/, "");
