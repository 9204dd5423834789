// Question: does a call of an HTTP client say how long it may take, by its options or by what stands around it? Judges the text of one file.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { ClientUse } from "./http-client.ts";
import { finishedWithout, handled, usesOf } from "./http-follow-up.ts";

export type Limit =
  | { readonly is: "set" | "none" | "unknown" }
  /** The option is there and switches the limit off. */
  | { readonly is: "off"; readonly node: Expression };

const set: Limit = { is: "set" };
const unknown: Limit = { is: "unknown" };

/** What limits the time of a call. */
export function limitOf(file: TsFile, use: ClientUse): Limit {
  const { row, options, call } = use;
  if (options === "unknown") return unknown;
  const own: Limit = row.options === "chain" ? { is: finishedWithout(call) } : written(file, use, options);
  if (own.is === "none" || own.is === "off") {
    if (row.only === "off" && own.is === "none") return set;
    if (surrounded(file, call) || (row.client === "http" && handled(file, call)) || heldAndRaced(file, call)) return unknown;
  }
  return own;
}

function written(file: TsFile, { row }: ClientUse, options: Expression | undefined): Limit {
  if (row.needs && !row.needs.some((key) => option(file, options, key).is === "present")) return unknown;
  let off: Expression | undefined;
  let open = false;
  for (const key of row.bounds ?? []) {
    const found = option(file, options, key);
    if (found.is === "unknown") open ||= !phases(file, options, key);
    if (found.is !== "present") continue;
    if ("known" in found.value && (found.value.known === 0 || found.value.known === false)) off ??= found.node;
    else return set;
  }
  const together = (row.together ?? []).map((key) => option(file, options, key));
  if (together.length > 0 && together.every((one) => one.is === "present")) return set;
  if (open || together.some((one) => one.is === "unknown")) return unknown;
  for (const key of row.opens ?? []) {
    const found = option(file, options, key);
    if (found.is === "unknown" || (found.is === "present" && !plainAgent(file, found.node))) return unknown;
  }
  return off ? { is: "off", node: off } : { is: "none" };
}

/** True when `timeout` is an object literal, so that a missing phase of `timeout.request` is not set; a bare number is unknown. */
function phases(file: TsFile, options: Expression | undefined, key: string): boolean {
  const [owner, phase] = key.split(".");
  if (phase === undefined) return false;
  const found = option(file, options, owner!);
  return found.is === "absent" || (found.is === "present" && ts.isObjectLiteralExpression(bare(found.node)));
}

/** An agent of Node or undici whose options give no time: it leaves the call as it is. */
function plainAgent(file: TsFile, node: Expression): boolean {
  const agent = made(file, node);
  const name = agent && ts.isNewExpression(agent) ? canonical(file, agent.expression) ?? "" : "";
  if (/^https?#Agent$/.test(name)) return option(file, (agent as NewExpression).arguments?.[0], "timeout").is === "absent";
  return false;
}

const named = /^(?!set|clear)\w{0,80}(timeout|timelimit|deadline)\w{0,80}$/i;

/** True when the call stands in something that ends it or its wait: p-timeout, a race, a policy, a wrapper that the team states. */
function surrounded(file: TsFile, call: Node): boolean {
  if (within(file, call)) return true;
  const around = enclosingFunction(call);
  return around !== undefined && (piped(file, around) || broken(file, around));
}

/** Ways up that were gone keep their answer: deep code is asked about at every level. */
function within(file: TsFile, call: Node): boolean {
  const known = once(file, within, () => new Map<Node, boolean>());
  const passed: Node[] = [];
  let found: boolean | undefined;
  for (let node: Node = call; found === undefined; node = node.parent) {
    found = known.get(node) ?? stands(file, node);
    passed.push(node);
  }
  for (const one of passed) known.set(one, found);
  return found;
}

/** What a node says by where it stands; undefined when the node around it tells. */
function stands(file: TsFile, node: Node): boolean | undefined {
  const up = node.parent;
  if (!up) return false;
  const isCalled = ts.isCallExpression(up) || ts.isNewExpression(up);
  if (isCalled && up.expression !== node) {
    if (limits(file, up)) return true;
  } else if (ts.isPropertyAccessExpression(up) && up.expression === node && named.test(up.name.text)) return true;
  return ts.isFunctionLike(node) && !isCalled ? false : undefined;
}

function limits(file: TsFile, up: CallExpression | NewExpression): boolean {
  const name = canonical(file, up.expression) ?? "";
  if (name === "#Promise.race" || name === "p-timeout#" || /^opossum#/.test(name) || file.context.wrappers.includes(name)) return true;
  const callee = bare(up.expression);
  const last = ts.isIdentifier(callee) ? callee.text : ts.isPropertyAccessExpression(callee) ? callee.name.text : "";
  if (named.test(last)) return true;
  if (!ts.isPropertyAccessExpression(callee) || !/^(execute|fire|run)$/.test(last)) return false;
  const policy = made(file, callee.expression);
  if (policy && ts.isCallExpression(policy) && canonical(file, policy.expression) === "cockatiel#timeout") return /aggressive/i.test(policy.arguments[1]?.getText() ?? "");
  if (policy && ts.isCallExpression(policy) && /^cockatiel#(retry|circuitBreaker|bulkhead|fallback)$/.test(canonical(file, policy.expression) ?? "")) return false;
  return /polic|breaker|bulkhead|resilien/i.test(callee.expression.getText());
}

/** rxjs: `timeout` in a pipe of the same function unsubscribes, which ends the request. */
function piped(file: TsFile, around: Node): boolean {
  const all = once(file, piped, () => nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).filter((one) => /^rxjs(\/operators)?#timeout(With)?$/.test(canonical(file, one.expression) ?? "")));
  // In document order: the first that does not begin before the function ends in it, or none does.
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (all[middle]!.pos < around.pos) from = middle + 1;
    else to = middle;
  }
  return from < all.length && all[from]!.end <= around.end;
}

/** The function is what an opossum breaker runs; its limit is 10 s by default. */
function broken(file: TsFile, around: Node): boolean {
  const all = once(file, broken, () => new Set(nodes<NewExpression>(file, ts.SyntaxKind.NewExpression).filter((one) => /^opossum#/.test(canonical(file, one.expression) ?? "")).map((one) => functionOf(file, one.arguments?.[0]) as Node | undefined)));
  return all.has(around);
}

/** `const answer = fetch(url)` that is raced later. */
function heldAndRaced(file: TsFile, call: Node): boolean {
  return usesOf(file, call).some((use) => surrounded(file, use));
}
