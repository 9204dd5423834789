// Question: where does a file hand a handler to a route, and which path does the route give itself? Starts where the fact of the route does.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Decorator, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import type { Span, Value } from "../../engine/types.ts";

export interface RouteSite {
  readonly at: Span;
  /** `GET`, `POST`, ... or `ALL`. */
  readonly method: string;
  readonly path: Value<unknown>;
  /** A function, a name for one, or the branch that answers. */
  readonly handler: Node;
}

export function routeSites(file: TsFile): readonly RouteSite[] {
  return once(file, routeSites, () => [...fromCalls(file), ...fromDecorators(file), ...fromComparisons(file)]);
}

const verbs = /^(get|head|post|put|patch|delete|all|use)$/;
const methodOf = (verb: string) => (/^(all|use)$/.test(verb) ? "ALL" : verb === "head" ? "GET" : verb.toUpperCase());

function* fromCalls(file: TsFile): Iterable<RouteSite> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const [first] = call.arguments;
    const last = call.arguments[call.arguments.length - 1];
    if (/^@godaddy\/terminus#createTerminus$/.test(canonical(file, call.expression) ?? "")) yield* fromTerminus(call);
    if (!first || !last || !ts.isPropertyAccessExpression(call.expression)) continue;
    const verb = call.expression.name.text;
    if (verbs.test(verb) && first !== last && /^["'`]/.test(first.getText())) yield { at: span(first), method: methodOf(verb), path: value(file, first), handler: last };
    else if (verbs.test(verb) && ts.isCallExpression(call.expression.expression) && /\.route$/.test(call.expression.expression.expression.getText())) {
      const [path] = call.expression.expression.arguments;
      if (path) yield { at: span(path), method: methodOf(verb), path: value(file, path), handler: last };
    } else if (verb === "route" && ts.isObjectLiteralExpression(first)) {
      const member = (...names: string[]) => first.properties.find((one) => one.name && names.includes(keyText(one.name) ?? ""));
      const path = member("url", "path");
      const handler = member("handler");
      const method = member("method");
      const said = method && ts.isPropertyAssignment(method) && ts.isStringLiteralLike(method.initializer) ? method.initializer.text.toUpperCase() : "ALL";
      if (path && ts.isPropertyAssignment(path) && handler) yield { at: span(path.initializer), method: said, path: value(file, path.initializer), handler: ts.isPropertyAssignment(handler) ? handler.initializer : handler };
    }
  }
}

function* fromTerminus(call: CallExpression): Iterable<RouteSite> {
  for (const options of call.arguments)
    if (ts.isObjectLiteralExpression(options))
      for (const one of options.properties)
        if (ts.isPropertyAssignment(one) && keyText(one.name) === "healthChecks" && ts.isObjectLiteralExpression(one.initializer))
          for (const check of one.initializer.properties)
            if (check.name && ts.isStringLiteralLike(check.name)) yield { at: span(check.name), method: "GET", path: { known: check.name.text, by: "text", from: [span(check.name)] }, handler: ts.isPropertyAssignment(check) ? check.initializer : ts.isShorthandPropertyAssignment(check) ? check.name : check };
}

/** Methods of Nest's controllers. The route's own fact tells what stands before the path. */
function* fromDecorators(file: TsFile): Iterable<RouteSite> {
  for (const one of nodes<Decorator>(file, ts.SyntaxKind.Decorator)) {
    const call = ts.isCallExpression(one.expression) ? one.expression : undefined;
    const verb = /^@nestjs\/common#(Get|All|Head|Post|Put|Patch|Delete)$/.exec((call && canonical(file, call.expression)) ?? "")?.[1];
    if (!call || !verb || !ts.isMethodDeclaration(one.parent)) continue;
    const controller = ts.canHaveDecorators(one.parent.parent) ? ts.getDecorators(one.parent.parent)?.map((each) => each.expression).find((each) => ts.isCallExpression(each) && canonical(file, each.expression) === "@nestjs/common#Controller") : undefined;
    const parts = [controller && ts.isCallExpression(controller) ? controller.arguments[0] : undefined, call.arguments[0]].map((each) => (each && ts.isStringLiteralLike(each) ? each.text : each ? undefined : ""));
    const said = parts.every((each) => each !== undefined) ? `/${parts.flatMap((each) => each!.split("/")).filter(Boolean).join("/")}` : undefined;
    yield { at: span(one), method: methodOf(verb.toLowerCase()), path: said === undefined ? { unknown: "a computed path" } : { known: said, by: "text", from: [span(one)] }, handler: one.parent };
  }
}

/** `if (req.url === "/livez") { ... }` of a plain server: the branch answers. */
function* fromComparisons(file: TsFile): Iterable<RouteSite> {
  for (const literal of nodes<Node & { readonly text: string }>(file, ts.SyntaxKind.StringLiteral)) {
    const { parent } = literal;
    if (!literal.text.startsWith("/") || !ts.isBinaryExpression(parent) || !/^===?$/.test(parent.operatorToken.getText()) || !/\b(url|pathname|path)$/.test(parent.left.getText())) continue;
    let up: Node = parent;
    while (ts.isBinaryExpression(up.parent) || ts.isParenthesizedExpression(up.parent)) up = up.parent;
    if (ts.isIfStatement(up.parent)) yield { at: span(literal), method: "ALL", path: { known: literal.text, by: "text", from: [span(literal)] }, handler: up.parent.thenStatement };
  }
}
