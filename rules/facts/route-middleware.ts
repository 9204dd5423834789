// Does a middleware or plugin answer paths of its own? Local routers state their routes elsewhere; packages count as answering unless known not to.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";

/** Packages whose middleware or plugin answers no path of its own, or only refuses. */
const harmless =
  /^(express#(json|urlencoded|text|raw|Router)|koa#|body-parser|cors|helmet|compression|morgan|cookie-parser|cookie-session|express-session|csurf|csrf|multer|pino-http|express-pino-logger|express-winston|express-rate-limit|rate-limiter-flexible|hpp|response-time|connect-\w+|passport|express-validator|express-jwt|express-async-errors|@sentry\/|on-finished|method-override|@koa\/(cors|bodyparser|compress|router)|koa-(body|bodyparser|helmet|compress|logger|cors|router|session|ratelimit|json|pino-logger)|hono\/(cors|logger|compress|secure-headers|request-id|timing|csrf|timeout|body-limit)|@fastify\/(cors|helmet|cookie|compress|jwt|rate-limit|formbody|multipart|sensible|session|auth|accepts|etag|csrf-protection|secure-session|websocket)|fastify-plugin|@opentelemetry\/|express-http-context|express-requestid|uuid|cls-hooked|@fastify\/type-provider)/;

/** True for what serves no path that its own file does not state. */
export function isHarmless(file: TsFile, node: Expression): boolean {
  const expr = bare(node);
  if (ts.isArrayLiteralExpression(expr)) return expr.elements.every((one) => isHarmless(file, one));
  const own = functionOf(file, expr);
  if (own) return !answersByPath(own);
  const callee = ts.isCallExpression(expr) || ts.isNewExpression(expr) ? expr.expression : expr;
  const name = canonical(file, callee);
  if (name !== undefined && harmless.test(name)) return true;
  const { made, ref } = receiverOf(file, expr);
  if (ref?.module !== undefined) return isLocal(ref.module) || harmless.test(`${ref.module.replace(/^node:/, "")}#${ref.name}`);
  if (name !== undefined) return isLocal(name.slice(0, name.indexOf("#"))) && name.includes("#") && !name.startsWith("#");
  const maker = made && (ts.isCallExpression(made) || ts.isNewExpression(made)) ? canonical(file, made.expression) : undefined;
  return maker !== undefined ? harmless.test(maker) || /^(express|koa|fastify|hono|@koa\/router|koa-router|router)#/.test(maker) : ts.isPropertyAccessExpression(expr) && expr.expression.kind === ts.SyntaxKind.ThisKeyword;
}

const isLocal = (module: string) => module.startsWith(".") || module.startsWith("@/") || module.startsWith("~/");

/** A function that looks at the request's path may answer it. */
function answersByPath(own: FunctionLikeDeclaration): boolean {
  const body: Node | undefined = own.body;
  return body !== undefined && /\b(?:req|request|ctx|c)\s*\.\s*(?:req\.)?(?:url|path|originalUrl|pathname)\b/.test(body.getText().slice(0, 20_000)) && /\.(?:send|end|json|sendStatus|status|text|body|sendFile|redirect|writeHead)\b/.test(body.getText().slice(0, 20_000));
}
