// The signal that a framework gives its handlers: guaranteed by the library's release, or already read by the handler.

import { ts, type FunctionLikeDeclaration, type Node } from "./compiler.ts";
import { handlers } from "./handler.ts";
import { once, nodes, says, type TsFile } from "./parse.ts";
import { declaration, type Declaration } from "./scope.ts";

/** A package and the first release that has something. */
export interface Since {
  readonly package: string;
  readonly version: string;
}

const fastify = /["']fastify["']/;
const others = /["'](express|koa|hono)["']/;
/** Libraries of gRPC whose handlers are given a context. */
const contexts = /["'](nice-grpc|@connectrpc\/connect|@bufbuild\/connect)/;

/** The signal of a handler's request or context. */
export function frameworkSignal(file: TsFile, fn: FunctionLikeDeclaration): { text: string; root: Declaration; name: string; since?: Since } | undefined {
  const kind = handlers(file).get(fn);
  const [first, second] = fn.parameters;
  if (kind === "grpc" && second && ts.isIdentifier(second.name) && says(file, contexts) && !second.type)
    return { text: `${second.name.text}.signal`, root: second, name: second.name.text };
  if (kind !== "http" || !first || !ts.isIdentifier(first.name)) return undefined;
  const about = { root: first, name: first.name.text };
  const read = readInside(file, fn, about.root, about.name);
  if (read) return { text: read, ...about };
  // Fastify's request carries a signal: https://fastify.dev/docs/latest/Reference/Request/
  if (says(file, fastify) && !says(file, others) && fn.parameters.length <= 2)
    return { text: `${about.name}.signal`, ...about, since: { package: "fastify", version: "5.8.0" } };
  return undefined;
}

/** `req.signal` or `c.req.raw.signal`, where the handler reads it. */
function readInside(file: TsFile, fn: Node, root: Declaration, name: string): string | undefined {
  for (const access of signalAccesses(file)) {
    if (access.pos < fn.pos || access.end > fn.end || !ts.isPropertyAccessExpression(access)) continue;
    const text = access.getText();
    if (text !== `${name}.signal` && text !== `${name}.req.raw.signal`) continue;
    let left: Node = access;
    while (ts.isPropertyAccessExpression(left)) left = left.expression;
    if (ts.isIdentifier(left) && declaration(file, left) === root) return text;
  }
  return undefined;
}

function signalAccesses(file: TsFile): readonly Node[] {
  return once(file, signalAccesses, () => nodes<any>(file, ts.SyntaxKind.PropertyAccessExpression).filter((one) => one.name.text === "signal"));
}
