// Question: does the format of a winston logger keep an error in the metadata, and an error as the whole message?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";

export interface WinstonFormat {
  readonly metadata: boolean;
  readonly whole: boolean;
}

const unknown: WinstonFormat = { metadata: true, whole: true };

/** Formats that write fields as JSON does: an error among them has none. Read and run with winston 3.19. */
const plain = new Set(["combine", "json", "timestamp", "simple", "colorize", "uncolorize", "errors", "splat", "metadata", "label", "ms", "align", "cli", "padLevels", "logstash"]);
/** Of these, the ones that take the text of an error that is the message. */
const textual = new Set(["errors", "simple", "cli"]);

/** Anything that is not one of winston's own formats and transports may well keep it. */
export function formatOf(file: TsFile, call: CallExpression): WinstonFormat {
  const [options] = call.arguments;
  if (["format", "transports"].some((name) => option(file, options, name).is === "unknown")) return unknown;
  const names = new Set<string>();
  const open: Node[] = options ? [options] : [];
  for (let node = open.pop(), steps = 0; node; node = open.pop(), steps++) {
    if (steps > 400) return unknown;
    if (ts.isNewExpression(node)) {
      if (!isOwnTransport(file, node)) return unknown;
      open.push(...(node.arguments ?? []));
      continue;
    }
    if (ts.isCallExpression(node)) {
      const format = /^(?:winston#format|logform#(?:format)?)\.?(\w+)$/.exec(canonical(file, node.expression) ?? "")?.[1];
      if (format === undefined || !plain.has(format)) return unknown;
      names.add(format);
      open.push(...node.arguments);
      continue;
    }
    if (ts.isFunctionLike(node) || ts.isSpreadAssignment(node) || ts.isSpreadElement(node) || ts.isConditionalExpression(node)) return unknown;
    if (ts.isIdentifier(node) && isValue(node)) {
      const declared = declaration(file, node);
      const only = declared && onlyValue(file, declared);
      if (only) open.push(bare(only));
      else if (/format|transport/i.test(node.text)) return unknown;
      continue;
    }
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return { metadata: false, whole: [...names].some((one) => textual.has(one)) };
}

function isOwnTransport(file: TsFile, made: NewExpression): boolean {
  return /^(winston#transports\.(Console|File|Http|Stream)|winston-daily-rotate-file#)$/.test(canonical(file, made.expression) ?? "");
}

/** An identifier that stands for a value, not for a key or a member. */
function isValue(name: Node): boolean {
  const { parent } = name;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === name;
  return !(ts.isPropertyAccessExpression(parent) && parent.name === name);
}
