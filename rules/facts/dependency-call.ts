// Question: which calls in a piece of code ask something outside of the process and wait for it? Databases, caches, brokers, other services, health indicators.

import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node, type TryStatement } from "../../engine/typescript/compiler.ts";
import { calleeText } from "../../engine/typescript/outlive.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { calleeRef } from "./callee.ts";
import { databaseOf, type DatabaseUse } from "./database.ts";
import { clientUses } from "./http-client.ts";
import { isRemoteClient } from "./remote-client.ts";
import type { Ref, Span } from "../../engine/types.ts";

export interface DependencyStep {
  readonly at: Span;
  /** What a reader calls it. */
  readonly what: string;
  /** A dependency that this file shows. */
  readonly sure?: true;
  /** A method of something that may be a database or a client of one. */
  readonly database?: DatabaseUse;
  readonly client?: Ref;
  /** A function of the workspace. */
  readonly target?: Ref;
}

/** Steps of a handler, a function or a branch, in the order of the text. */
export function dependencySteps(file: TsFile, region: Node): readonly DependencyStep[] {
  return allSteps(file).filter(({ call }) => call.pos >= region.pos && call.end <= region.end && !isHarmless(call, region)).map(({ step }) => step);
}

function allSteps(file: TsFile): readonly { readonly call: Node; readonly step: DependencyStep }[] {
  return once(file, allSteps, () => {
    const found: { call: Node; step: DependencyStep }[] = [];
    const http = new Set<Node>(clientUses(file).filter((one) => !one.row.instance && !one.row.new && !isLocal(one.call.arguments?.[0])).map((one) => one.call));
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const rest = isWaitedFor(call) ? stepOf(file, call, http) : undefined;
      if (rest) found.push({ call, step: { at: { file: "", start: call.getStart(), end: call.expression.end }, what: calleeText(call), ...rest } });
    }
    for (const one of nodes<Node & { readonly tag: Expression }>(file, ts.SyntaxKind.TaggedTemplateExpression)) {
      const owner = ts.isPropertyAccessExpression(one.tag) && /^\$(query|execute)Raw$/.test(one.tag.name.text) ? one.tag.expression : one.tag;
      const database = databaseOf(file, owner);
      if (database && isWaitedFor(one)) found.push({ call: one, step: { at: span(one.tag), what: one.tag.getText(), database } });
    }
    return found.sort((a, b) => a.call.pos - b.call.pos);
  });
}

const statements = /^(query|execute|raw|ping|authenticate|command|connect|\$queryRaw(Unsafe)?|\$executeRaw(Unsafe)?|\$runCommandRaw|\$connect)$/;
const requests = /^(ping|get|set|info|exists|connect|listTopics|describeCluster|fetchTopicMetadata|health)$/;
const indicators = /^@nestjs\/terminus#(TypeOrm|Mongoose|Sequelize|MikroOrm|Prisma|Http|GRPC|Microservice|Redis)HealthIndicator$/;

function stepOf(file: TsFile, call: CallExpression, http: ReadonlySet<Node>): Partial<DependencyStep> | undefined {
  if (http.has(call)) return { sure: true };
  if (/^mongoose#connection\.db\.(admin|command|collection)/.test(canonical(file, call.expression) ?? "")) return { sure: true };
  if (ts.isPropertyAccessExpression(call.expression)) {
    const { expression: owner, name } = call.expression;
    if (/Check$|^isHealthy$|^checkService$/.test(name.text) && indicators.test(declaredType(file, owner) ?? "")) return { sure: true };
    const database = statements.test(name.text) ? databaseOf(file, owner) : undefined;
    if (database && "row" in database) return { sure: true };
    if (requests.test(name.text) && isRemoteClient(file, owner)) return { sure: true };
    const { ref } = database || requests.test(name.text) ? receiverOf(file, owner) : {};
    if (ref && isOwn(ref)) return { ...(database ? { database } : {}), ...(requests.test(name.text) ? { client: ref } : {}), ...targetOf(file, call) };
  }
  return targetOf(file, call);
}

function targetOf(file: TsFile, call: CallExpression): Pick<DependencyStep, "target"> | undefined {
  const target = calleeRef(file, call);
  return target && isOwn(target) ? { target } : undefined;
}

const isOwn = ({ module }: Ref) => /^[.@~#]|^src\//.test(module ?? ".") && !/^@(nestjs|godaddy|opentelemetry)\//.test(module ?? "");
const isLocal = (url: Expression | undefined) => /^["'`]https?:\/\/(localhost|127\.0\.0\.1|\[::1\])/.test(url?.getText() ?? "");

/** The answer depends on it: not a statement that is started and left. What follows in `then` or in a callback waits too. */
function isWaitedFor(call: Node): boolean {
  let top = call;
  let followed = ts.isCallExpression(call) && call.arguments.some((one) => ts.isFunctionLike(one));
  while ((ts.isPropertyAccessExpression(top.parent) && /^(then|catch|finally)$/.test(top.parent.name.text)) || (ts.isCallExpression(top.parent) && top.parent.expression === top)) {
    top = top.parent;
    followed ||= ts.isPropertyAccessExpression(top) && top.name.text === "then";
  }
  return !ts.isVoidExpression(top.parent) && (followed || !ts.isExpressionStatement(top.parent));
}

/** Its failure is caught, and the answer is the same. */
function isHarmless(call: Node, region: Node): boolean {
  for (let up: Node | undefined = call; up && up !== region; up = up.parent) {
    const block: Node | undefined = up.parent;
    if (block && ts.isTryStatement(block) && block.tryBlock === up) {
      const text = (block as TryStatement).catchClause?.getText();
      if (text !== undefined && !/throw|[45]\d\d|unavailable|next\(|reject|false|down|fail|unhealthy|return/i.test(text)) return true;
    }
  }
  return false;
}
