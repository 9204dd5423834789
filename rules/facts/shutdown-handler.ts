// Fact: something of this process hears the signal that stops it, or may do so. Doubt counts as hearing.

import table from "../defaults/shutdown-libraries.json" with { type: "json" };
import { canonical, importOf, requiredModule } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type ImportDeclaration, type Node, type StringLiteralLike } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import type { FactKind } from "../../engine/types.ts";

/** "interrupt": hears what a terminal sends (SIGINT) and not what deployments send. */
export interface ShutdownHandler {
  readonly hears: "stop" | "interrupt";
}

export interface ShutdownLibrary {
  readonly package: string;
  /** The call that says how long a shutdown may take (ms): `""` is the default export. Without an option the argument itself says it; without a default there is no limit. */
  readonly drain?: { readonly call: string; readonly argument: number; readonly option?: string; readonly default?: number; readonly before?: { readonly option: string; readonly default: number } };
  /** What runs so is no process of its own. */
  readonly serverless?: boolean;
  readonly source: string;
}

export const shutdownLibraries: readonly ShutdownLibrary[] = table;
const libraries = new Set(shutdownLibraries.map((one) => one.package));

export const shutdownHandler: FactKind<ShutdownHandler> = {
  id: "shutdown-handler",
  title: "Handler of a stop signal",
  ts: {
    lazy: true,
    mentions: [["SIGTERM", "SIGINT", "SIGUSR2", "process.on", "rocess.addListener", "hutdown", "hutDown", "raceful", "erminat", "onSignal", "on-signal", "exitHook", "exit-hook", ...libraries]],
    *find(file) {
      for (const one of nodes<StringLiteralLike>(file, ts.SyntaxKind.StringLiteral)) yield* fromSignal(one);
      for (const one of nodes<StringLiteralLike>(file, ts.SyntaxKind.NoSubstitutionTemplateLiteral)) yield* fromSignal(one);
      for (const one of nodes<ImportDeclaration>(file, ts.SyntaxKind.ImportDeclaration)) {
        const { moduleSpecifier, importClause } = one;
        if (ts.isStringLiteral(moduleSpecifier) && !importClause?.isTypeOnly && handles(moduleSpecifier.text)) yield stop(one);
      }
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) if (hears(file, call)) yield stop(call);
    },
  },
};

const stop = (node: Node) => ({ at: span(node), value: { hears: "stop" } as const });

/** A signal's name that is no order to another process, no type and no part of a comparison. */
function* fromSignal(one: StringLiteralLike) {
  const names = one.text.split(/\s+/);
  if (!names.some((name) => /^SIG(TERM|INT|USR2)$/.test(name))) return;
  const { parent } = one;
  if (ts.isLiteralTypeNode(parent) || ts.isBinaryExpression(parent) || ts.isCaseClause(parent)) return;
  if (ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression) && /^(kill|emit)$/.test(parent.expression.name.text)) return;
  if (ts.isPropertyAssignment(parent) && /^killSignal$/.test(parent.name.getText())) return;
  yield { at: span(one), value: { hears: names.includes("SIGTERM") ? "stop" : "interrupt" } as const };
}

/** A package that listens itself, by the table or by its name; one of this workspace shows its own code. */
function handles(module: string): boolean {
  const name = /^(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module;
  return libraries.has(module) || libraries.has(name) || (!module.startsWith(".") && /graceful|shut-?down|terminat|exit-?hook/i.test(module));
}

const listening = /^(#process|process#)\.?(on|once|addListener|prependListener|prependOnceListener)$/;

function hears(file: TsFile, call: CallExpression): boolean {
  const required = requiredModule(file, call);
  if (required !== undefined) return handles(required);
  const callee = bare(call.expression);
  const last = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : "";
  if (last === "enableShutdownHooks") return true;
  if (/^(on|once|addListener|prepend(Once)?Listener)$/.test(last) && listening.test(canonical(file, callee) ?? "")) {
    const [event, listener] = call.arguments;
    // Signals often come from a list; a parent process may send a message instead.
    return event !== undefined && (!ts.isStringLiteralLike(event) || (event.text === "message" && /shutdown|stop|exit/i.test(functionOf(file, listener)?.getText() ?? "")));
  }
  return /graceful|shut_?down|terminat|onSignal|exitHook/i.test(last) && isForeign(file, call);
}

/** A function from another module: what it does is not seen from its call. */
function isForeign(file: TsFile, call: CallExpression): boolean {
  const callee = bare(call.expression);
  if (!ts.isIdentifier(callee)) return false;
  const declared = declaration(file, callee);
  return declared !== undefined && importOf(declared) !== undefined;
}
