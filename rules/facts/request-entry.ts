// Question: which functions does something from outside run again and again, and what is one such run called?

import { canonical, typeName } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf, handlers, originOf, type HandlerKind } from "../../engine/typescript/handler.ts";
import { functionName } from "../../engine/typescript/outlive.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { declaration } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";

const runs: Readonly<Record<HandlerKind, string>> = { http: "request", grpc: "call", message: "message", job: "job", socket: "connection" };
/** Work that happens once, seldom, or to see whether a connection can be made at all. */
const rare = /[hH]ealth|[lL]iveness|readi(ness|z)|^ready$|^ping$|set_?up|^init|initiali[sz]e|(^|[^a-z])test|Test|migrat|bootstrap|seed|install|diagnos|shut_?down|warm_?up/;
const rarePath = /health|live(z|ness)|(^|\W)(ready|readyz|readiness|ping|setup|init|tests?|migrate|install|seed|diagnos\w+)(\W|$)|[-_/]test|test[-_]/i;
/** Types of a first parameter that say who calls. */
const inputs: readonly (readonly [RegExp, string])[] = [
  [/^(express#Request|express-serve-static-core#Request|fastify#FastifyRequest|koa#(Parameterized)?Context|hono#Context|next#NextApiRequest|next\/server#NextRequest|http#IncomingMessage)$/, "request"],
  [/^@grpc\/grpc-js#Server(Unary|Readable|Writable|Duplex)(Call|Stream)$/, "call"],
  [/^aws-lambda#\w+Event(V2)?$/, "invocation"],
];
/** Servers that make a context for each request. */
const contextMakers = /^(@apollo\/server|apollo-server|@as-integrations\/|graphql-yoga#|@trpc\/server\/adapters|mercurius#|graphql-http)/;

/** Functions that run once for each request, call, message, job, connection or invocation: the word for it. */
export function entries(file: TsFile): ReadonlyMap<Node, string> {
  return once(file, entries, () => {
    const table = new Map<Node, string>();
    for (const [fn, kind] of handlers(file)) table.set(fn, runs[kind]);
    const { SyntaxKind } = ts;
    for (const kind of [SyntaxKind.FunctionDeclaration, SyntaxKind.FunctionExpression, SyntaxKind.ArrowFunction, SyntaxKind.MethodDeclaration]) for (const fn of nodes<FunctionLikeDeclaration>(file, kind)) typed(file, fn, table);
    for (const kind of [SyntaxKind.CallExpression, SyntaxKind.NewExpression]) for (const call of nodes<CallExpression | NewExpression>(file, kind)) hooked(file, call, table);
    const isRoute = /(^|\/)route\.[cm]?[jt]sx?$/.test(file.path);
    const isApi = /(^|\/)pages\/api\//.test(file.path);
    for (const [name, fn] of exported(file)) {
      const first = fn.parameters[0]?.name.getText() ?? "";
      if (isRoute && /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(name)) table.set(fn, "request");
      else if (isApi && name === "default") table.set(fn, "request");
      else if (/^(lambda_?)?handler$/i.test(name) && /^_?(event|evt)/.test(first)) table.set(fn, "invocation");
    }
    return table;
  });
}

/** A function whose first parameter is a request, by its type or as everybody calls it: `(req, res) => ...`. */
function typed(file: TsFile, fn: FunctionLikeDeclaration, table: Map<Node, string>): void {
  const [first, second] = fn.parameters;
  if (!first || !fn.body || table.has(fn)) return;
  const name = first.type && typeName(file, first.type);
  const isNamed = /^_?req(uest)?$/.test(first.name.getText()) && /^_?(res|response|reply)$/.test(second?.name.getText() ?? "");
  const unit = (name && inputs.find(([pattern]) => pattern.test(name))?.[1]) ?? (isNamed ? "request" : undefined);
  if (unit) table.set(fn, unit);
}

/** Hooks of fastify, middleware of koa, handlers of hapi, and the context of GraphQL and tRPC servers. */
function hooked(file: TsFile, call: CallExpression | NewExpression, table: Map<Node, string>): void {
  const add = (value: Expression | undefined) => {
    const fn = functionOf(file, value);
    if (fn && !table.has(fn)) table.set(fn, "request");
  };
  const callee = call.expression;
  if (ts.isPropertyAccessExpression(callee) && /^(addHook|use|route)$/.test(callee.name.text)) {
    const [first, second] = call.arguments ?? [];
    if (callee.name.text === "addHook") return first && ts.isStringLiteralLike(first) && /^(onRequest|pre\w+|onSend|onResponse|onError)$/.test(first.text) ? add(second) : undefined;
    const origin = originOf(file, callee.expression) ?? "";
    if (callee.name.text === "use" && origin === "koa#") add(first);
    else if (callee.name.text === "route" && /^@hapi\/hapi#/.test(origin) && first) add(property(first, "handler"));
  }
  if (!contextMakers.test(canonical(file, callee) ?? "")) return;
  for (const one of call.arguments ?? []) for (const key of ["context", "createContext"]) add(property(one, key));
}

function property(options: Expression, key: string): Expression | undefined {
  const found = ts.isObjectLiteralExpression(options) ? options.properties.find((one) => one.name && keyText(one.name) === key) : undefined;
  return found && ts.isPropertyAssignment(found) ? found.initializer : found && ts.isShorthandPropertyAssignment(found) ? found.name : undefined;
}

/** True for functions of which nobody minds what they cost, by their name or the path they serve; and for a call that states such a path. */
export function isRare(fn: Node): boolean {
  const name = functionName(fn);
  if (name !== undefined && rare.test(name)) return true;
  const call = ts.isCallExpression(fn) ? fn : fn.parent;
  // `app.get("/health", handler)`, `app.route("/health").get(handler)`
  for (let one: Node | undefined = call; one && ts.isCallExpression(one); one = ts.isPropertyAccessExpression(one.expression) ? one.expression.expression : undefined) {
    const [first] = one.arguments;
    if (first && ts.isStringLiteralLike(first) && rarePath.test(first.text)) return true;
  }
  const decorators = ts.canHaveDecorators(fn) ? (ts.getDecorators(fn) ?? []) : [];
  return decorators.some((one) => rarePath.test(one.expression.getText()));
}

/** Functions that a file exports, by name. */
function* exported(file: TsFile): Iterable<readonly [string, FunctionLikeDeclaration]> {
  for (const fn of nodes<any>(file, ts.SyntaxKind.FunctionDeclaration)) {
    const words = (ts.getModifiers(fn) ?? []).map((one) => one.kind);
    if (words.includes(ts.SyntaxKind.ExportKeyword)) yield [words.includes(ts.SyntaxKind.DefaultKeyword) ? "default" : fn.name?.text ?? "", fn];
  }
  for (const one of nodes<any>(file, ts.SyntaxKind.VariableDeclaration)) {
    const statement = one.parent?.parent;
    const fn = statement && ts.isVariableStatement(statement) && statement.modifiers?.some((word) => word.kind === ts.SyntaxKind.ExportKeyword) ? functionOf(file, one.initializer) : undefined;
    if (fn && ts.isIdentifier(one.name)) yield [one.name.text, fn];
  }
  for (const one of nodes<any>(file, ts.SyntaxKind.ExportAssignment)) {
    const fn = ts.isIdentifier(one.expression) && !declaration(file, one.expression) ? undefined : functionOf(file, one.expression);
    if (fn) yield ["default", fn];
  }
  for (const one of nodes<any>(file, ts.SyntaxKind.BinaryExpression)) {
    const name = ts.isPropertyAccessExpression(one.left) && /^(module\.)?exports\.\w+$/.test(one.left.getText()) ? one.left.name.text : undefined;
    const fn = name === undefined ? undefined : functionOf(file, one.right);
    if (fn) yield [name!, fn];
  }
}
