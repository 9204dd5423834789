// Question: which paths do Nest's controllers of a file answer, and what stands before them?

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Decorator, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { value } from "../../engine/typescript/value.ts";
import type { Fact, Span, Value } from "../../engine/types.ts";
import type { Route } from "./route.ts";

/** Routes of controllers, without the global prefix; and modules of other packages, which may bring controllers of their own. */
export function* nestRoutes(file: TsFile): Iterable<Fact<Route>> {
  for (const decorator of nodes<Decorator>(file, ts.SyntaxKind.Decorator)) {
    const call = ts.isCallExpression(decorator.expression) ? decorator.expression : undefined;
    const name = call && canonical(file, call.expression);
    if (!call || !name?.startsWith("@nestjs/common#")) continue;
    if (name === "@nestjs/common#Module") yield* fromModule(file, call);
    const verb = /#(Get|Head|All|Post|Put|Patch|Delete|Options)$/.exec(name)?.[1];
    if (!verb || !ts.isMethodDeclaration(decorator.parent)) continue;
    const owner = decorator.parent.parent;
    const controller = ts.canHaveDecorators(owner) ? ts.getDecorators(owner)?.map((one) => one.expression).find((one): one is CallExpression => ts.isCallExpression(one) && canonical(file, one.expression) === "@nestjs/common#Controller") : undefined;
    const parts = [prefixOf(file, controller?.arguments[0]), call.arguments[0] ? value(file, call.arguments[0]) : none];
    const said = parts.map((one) => ("known" in one && typeof one.known === "string" ? one.known : undefined));
    const path: Value<unknown> = said.every((one) => one !== undefined) ? { known: `/${said.flatMap((one) => one!.split("/")).filter(Boolean).join("/")}`, by: "text", from: [span(decorator)] } : { unknown: "a computed path" };
    // A method of a base class answers below the prefix of whatever controller extends it.
    yield { at: span(decorator), value: { method: verb === "Head" ? "GET" : verb.toUpperCase(), path, ...(controller ? { nest: true as const } : {}) } };
  }
}

const none: Value<unknown> = { known: "", by: "text", from: [] };

/** `@Controller("x")`, `@Controller({ path: "x" })`; one that is bound to a version or host is not listed. */
function prefixOf(file: TsFile, argument: Expression | undefined): Value<unknown> {
  if (!argument) return none;
  if (!ts.isObjectLiteralExpression(bare(argument))) return value(file, argument);
  const path = option(file, argument, "path");
  if (["version", "host"].some((one) => option(file, argument, one).is !== "absent")) return { unknown: "bound to a version or host" };
  return path.is === "present" ? path.value : path.is === "absent" ? none : { unknown: path.why };
}

/** Packages whose modules bring no controller. */
const harmless =
  /^(@nestjs\/(config|typeorm|mongoose|sequelize|jwt|passport|cqrs|schedule|bull|bullmq|axios|event-emitter|throttler|cache-manager|microservices|terminus|common|core|elasticsearch|mapped-types|testing|websockets)|nestjs-pino|nest-winston|nestjs-cls|@golevelup\/|@mikro-orm\/nestjs|nestjs-otel|nestjs-zod|@sentry\/nestjs|nest-knexjs|@nestjs-modules\/(ioredis|mailer)|@liaoliaots\/nestjs-redis|nestjs-i18n|@nestjs-cls\/)(#|\/)/;

function* fromModule(file: TsFile, call: CallExpression): Iterable<Fact<Route>> {
  const imports = option(file, call.arguments[0], "imports");
  if (imports.is === "absent") return;
  const list = imports.is === "present" ? bare(imports.node) : undefined;
  if (!list || !ts.isArrayLiteralExpression(list)) return yield opaque(call, "modules that are not listed");
  for (const one of list.elements) {
    const expr = bare(one);
    const module = ts.isCallExpression(expr) && ts.isPropertyAccessExpression(expr.expression) ? expr.expression.expression : expr;
    const name = canonical(file, module) ?? "";
    const from = name.slice(0, name.indexOf("#"));
    if (from !== "" && !/^(\.|[@~#]\/)/.test(from) && !harmless.test(name)) yield opaque(one, "a module that may bring controllers of its own");
  }
}

function opaque(at: Node, why: string): Fact<Route> {
  return { at: span(at), value: { method: "ALL", path: { unknown: why } } };
}

/** What stands before all paths of controllers: unknown where some are left out, where versions are on, and where the application is handed to a package. */
export function* nestPrefixes(file: TsFile): Iterable<{ at: Span; prefix: Value<unknown>; nest: "prefix" | "app" }> {
  if (!/@nestjs\//.test(file.text)) return;
  const open: Value<unknown> = { unknown: "a prefix that is not the same for all" };
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const name = canonical(file, call.expression) ?? "";
    if (name === "@nestjs/core#NestFactory.create") yield { at: span(call), prefix: none, nest: "app" };
    else if (/^@nestjs\/core#RouterModule\./.test(name)) yield { at: span(call), prefix: open, nest: "prefix" };
    const [first, second] = call.arguments;
    const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
    if (method === "setGlobalPrefix" && first) yield { at: span(first), prefix: second ? open : value(file, first), nest: "prefix" };
    else if (method === "enableVersioning") yield { at: span(call), prefix: open, nest: "prefix" };
    else if (/^[^.#@~][^#]*#|^@[^/#]/.test(name) && !/^(@nestjs\/|@sentry\/|class-validator#|express#|fastify#)/.test(name) && call.arguments.some((one) => isNestApp(file, one))) yield { at: span(call), prefix: open, nest: "prefix" };
  }
}

function isNestApp(file: TsFile, node: Expression): boolean {
  const { made } = ts.isIdentifier(node) ? receiverOf(file, node) : {};
  return made !== undefined && ts.isCallExpression(made) && canonical(file, made.expression) === "@nestjs/core#NestFactory.create";
}
