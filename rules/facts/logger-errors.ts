// Fact: what a logger does with errors, by how it is made: which keys it serializes, and whether something rewrites its arguments.

import { formatOf } from "./winston-format.ts";
import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { FactKind } from "../../engine/types.ts";

export interface LoggerErrors {
  readonly library: "pino" | "winston" | "bunyan";
  /** Keys under which an error keeps its message and stack; "any" also where that cannot be told. */
  readonly keeps: readonly string[] | "any";
  /** An error as the whole message keeps its text. */
  readonly whole: boolean;
  /** Arguments may be put in another order before they are written, or it cannot be told. */
  readonly rewrites: boolean;
}

export const loggerErrors: FactKind<LoggerErrors> = {
  id: "logger-errors",
  title: "Errors of a logger",
  named: true,
  ts: {
    mentions: [],
    *find(file) {
      if (!/pino|winston|bunyan/.test(file.text)) return;
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const library = makers[canonical(file, call.expression) ?? ""];
        if (library) yield { at: span(call), value: { library, ...treatment[library](file, call) } };
      }
    },
  },
};

const makers: Readonly<Record<string, LoggerErrors["library"]>> = { "pino#": "pino", "pino#pino": "pino", "winston#createLogger": "winston", "bunyan#createLogger": "bunyan" };

type Treatment = Omit<LoggerErrors, "library">;

const treatment: Readonly<Record<LoggerErrors["library"], (file: TsFile, call: CallExpression) => Treatment>> = {
  pino(file, call) {
    const options = optionsOf(file, call);
    const hook = option(file, options, "hooks");
    const rewrites = hook.is === "unknown" || (hook.is === "present" && option(file, hook.node, "logMethod").is !== "absent");
    const log = option(file, options, "formatters");
    if (log.is === "unknown" || (log.is === "present" && option(file, log.node, "log").is !== "absent")) return { keeps: "any", whole: true, rewrites };
    const errorKey = option(file, options, "errorKey");
    const serialized = serializers(file, options, errorKey.is === "present" ? errorKey.node : undefined);
    return { keeps: errorKey.is === "unknown" ? "any" : serialized === "any" ? "any" : ["err", ...serialized], whole: true, rewrites };
  },
  bunyan(file, call) {
    const options = call.arguments[0];
    const streams = option(file, options, "streams");
    const raw = streams.is === "unknown" || (streams.is === "present" && !isPlainList(streams.node));
    const serialized = raw ? "any" : serializers(file, options);
    return { keeps: serialized, whole: true, rewrites: false };
  },
  winston(file, call) {
    const format = formatOf(file, call);
    return { keeps: format.metadata ? "any" : [], whole: format.whole, rewrites: false };
  },
};

/** `pino(options)`, and `pino(destination)` without any. */
function optionsOf(file: TsFile, call: CallExpression): Expression | undefined {
  const first = call.arguments[0];
  const end = first && made(file, first);
  return end && ts.isCallExpression(end) && /^pino#(transport|destination|multistream)$/.test(canonical(file, end.expression) ?? "") ? undefined : first;
}

/** Keys that have a serializer of their own. */
function serializers(file: TsFile, options: Expression | undefined, errorKey?: Expression): readonly string[] | "any" {
  const key = errorKey && bare(errorKey);
  if (key && !ts.isStringLiteralLike(key)) return "any";
  const own = key && ts.isStringLiteralLike(key) ? [key.text] : [];
  const found = option(file, options, "serializers");
  if (found.is === "absent") return own;
  const literal = found.is === "present" ? made(file, found.node) : undefined;
  if (literal && /(^|\.)stdSerializers$/.test(literal.getText())) return [...own, "err"];
  if (!literal || !ts.isObjectLiteralExpression(literal)) return "any";
  const keys = literal.properties.map((one) => (ts.isSpreadAssignment(one) ? (/(^|\.)stdSerializers$/.test(one.expression.getText()) ? "err" : undefined) : one.name && keyText(one.name)));
  return keys.every((one) => one !== undefined) ? [...own, ...(keys as string[])] : "any";
}

/** Streams that are written as text: raw ones get the record itself. */
function isPlainList(list: Expression): boolean {
  return ts.isArrayLiteralExpression(bare(list)) && !/\braw\b|createStream|\.\.\./.test(list.getText());
}
