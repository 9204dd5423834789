// Does a middleware or plugin answer paths of its own? Local routers state their routes elsewhere; packages count as answering unless known not to.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";

/** Packages whose middleware or plugin answers no path of its own, or only refuses. */
export const harmless =
  /^(express#(json|urlencoded|text|raw|Router)|koa#|body-parser|cors|helmet|compression|morgan|cookie-parser|cookie-session|express-session|csurf|csrf|multer|pino-http|express-pino-logger|express-winston|express-rate-limit|rate-limiter-flexible|hpp|response-time|connect-\w+|passport|express-validator|express-jwt|express-async-errors|@sentry\/|on-finished|method-override|@koa\/(cors|bodyparser|compress|router)|koa-(body|bodyparser|helmet|compress|logger|cors|router|session|ratelimit|json|pino-logger)|hono\/(cors|logger|compress|secure-headers|request-id|timing|csrf|timeout|body-limit)|@fastify\/(cors|helmet|cookie|compress|jwt|rate-limit|formbody|multipart|sensible|session|auth|accepts|etag|csrf-protection|secure-session|websocket)|fastify-plugin|@opentelemetry\/|express-http-context|nocache|csrf-sync|csrf-csrf|express-slow-down|express-openapi-validator|express-useragent|accept-language-parser|i18next-http-middleware|request-ip|express-fileupload|express-basic-auth|express-oauth2-jwt-bearer|jwks-rsa|serve-favicon|errorhandler|express-mongo-sanitize|xss-clean|timeout|express-requestid|uuid|cls-hooked|@fastify\/type-provider)/;

/** True for what serves no path that its own file does not state. */
export function isHarmless(file: TsFile, node: Expression): boolean {
  let expr = bare(node);
  // Koa takes a router as the middleware that it gives.
  if (ts.isCallExpression(expr) && expr.arguments.length === 0 && ts.isPropertyAccessExpression(expr.expression) && /^(routes|middleware|allowedMethods)$/.test(expr.expression.name.text)) expr = bare(expr.expression.expression);
  if (ts.isArrayLiteralExpression(expr)) return expr.elements.every((one) => isHarmless(file, one));
  const own = functionOf(file, expr);
  if (own) return !answersByPath(own);
  const callee = ts.isCallExpression(expr) || ts.isNewExpression(expr) ? expr.expression : expr;
  const name = canonical(file, callee);
  if (name !== undefined && harmless.test(name)) return true;
  const source = destructuredFrom(file, expr);
  if (source && harmless.test(canonical(file, source) ?? "")) return true;
  const { made, ref } = receiverOf(file, expr);
  if (ref?.module !== undefined) return isLocal(ref.module) || harmless.test(`${ref.module.replace(/^node:/, "")}#${ref.name}`);
  if (name !== undefined) return isLocal(name.slice(0, name.indexOf("#"))) && name.includes("#") && !name.startsWith("#");
  const maker = made && (ts.isCallExpression(made) || ts.isNewExpression(made)) ? canonical(file, made.expression) : undefined;
  return maker !== undefined ? harmless.test(maker) || /^(express|koa|fastify|hono|@koa\/router|koa-router|router)#/.test(maker) : ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword;
}

const isLocal = (module: string) => module.startsWith(".") || module.startsWith("@/") || module.startsWith("~/");

/** True when a call that is given an application hangs no routes on it, or is a function of this workspace whose routes are seen. */
export function takesNothing(file: TsFile, { expression }: CallExpression | NewExpression): boolean {
  const name = canonical(file, expression);
  if (name !== undefined && name.includes("#") && !name.startsWith("#")) return isLocal(name.slice(0, name.indexOf("#"))) || harmless.test(name) || servers.test(name);
  if (!ts.isPropertyAccessExpression(expression)) return true;
  return expression.expression.kind === ts.SyntaxKind.ThisKeyword || /^(createServer|listen|serve|use|register|route|log|info|debug|push|set|resolve|bind|call|apply|mount|add|on|once)$/.test(expression.name.text);
}

const servers = /^(https?|http2|spdy|tls|net|ws|socket\.io|serverless-http|@vendia\/serverless-express|@codegenie\/serverless-express|http-terminator|stoppable|lightship|@godaddy\/terminus|@hono\/node-server|http-graceful-shutdown|supertest)#/;

/** A function that looks at the request's path may answer it, and so may one that hands files out or passes requests on. */
function answersByPath(own: FunctionLikeDeclaration): boolean {
  const body: Node | undefined = own.body;
  if (body !== undefined && /\b(?:sendFile|createReadStream)\b|\.(?:pipe|web|render)\(|[hH]andler?\(\s*req/.test(body.getText()) && !/404|[eE]rr/.test(body.getText())) return true;
  return body !== undefined && looks.test(body.getText().slice(0, 20_000)) && /\.(?:send|end|json|sendStatus|status|text|body|redirect|writeHead)\b/.test(body.getText().slice(0, 20_000));
}

/** The path of the request is compared, searched, or handed on: not only logged or kept. */
const looks =
  /\b(?:url|path|originalUrl|pathname)\s*(?:[!=]==?|!?\??\.(?:startsWith|endsWith|includes|match|split|replace|slice|substring|toLowerCase)\()|(?:includes|has|test|match|exec|get|find|some|case|switch|[pP]ath\w{0,60}|[uU]rl\w{0,60})\s*\(\s*(?:req|request|ctx|c)\b[\w.]{0,80}\.(?:url|path|originalUrl|pathname)|\[\s*(?:req|request|ctx)\b[\w.]{0,80}\.(?:url|path)|\{[^{}]{0,200}\b(?:url|path|originalUrl|pathname)\b[^{}]{0,200}\}\s*=\s*(?:req|request|ctx|c)\b/;

/** The callee of `const { x } = callee(...)`. */
function destructuredFrom(file: TsFile, expr: Expression): Expression | undefined {
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  const pattern = declared && ts.isBindingElement(declared) ? declared.parent.parent : undefined;
  const made = pattern && ts.isVariableDeclaration(pattern) && pattern.initializer ? bare(pattern.initializer) : undefined;
  return made && ts.isCallExpression(made) ? made.expression : undefined;
}
