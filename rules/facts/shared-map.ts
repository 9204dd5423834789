// Question: which maps and sets of a module do handlers fill for later requests? Told by name, by use, and by what they hold.

import { made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Identifier, type NewExpression, type Node, type PropertyAccessExpression, type PropertyDeclaration, type VariableDeclaration } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { bare, references } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { entranceOf, isGiven, soleInstance } from "./request-scope.ts";
import type { Span } from "../../engine/types.ts";

export interface SharedMap {
  readonly name: string;
  readonly at: Span;
}

/** State that a second replica would have to know of. */
const state = /^(sessions?|tokens?|otps?|nonces?|idempotency|idempotent|dedup|dedupe|deduplication|locks?|locked|inflight|pending|carts?|orders?|status|statuses|seen|processed|handled|rates?|quotas?|limits?|limiter|attempts?)$/;
/** What may differ from process to process: caches, and whatever belongs to a connection or to the process itself. */
const own = /cache|memo|metric|histogram|counter|gauge|registry|instance|client|pool|handler|listener|connection|socket|schema|template|compiled|subscri|emitter|timer|warn|logged|promise|resolver|callback|exchange|interest|tax|config|default|label|name|codes?$|map(ping|per)|transport|stream|worker|controller|abort/i;
/** Held by this process alone, whatever the map is called. */
const processBound = /Promise|Socket|Response|Reply|Timer|Timeout|Controller|Stream|Server|Transport|Emitter|=>|Function|Worker|ChildProcess|Client|Connection|Subject|Deferred|Resolver|Observable|\b(resolve|reject|socket|ws|res|reply|stream|controller|transport|timer|timeout|callback|cb)\b/;
/** Words that say what a function keeps even where its callers are not seen. */
const certain = /^(otps?|nonces?|idempotency|idempotent|dedup|dedupe|deduplication|processed|sessions)$/;

export function* sharedMaps(file: TsFile): Iterable<SharedMap> {
  for (const one of nodes<VariableDeclaration>(file, ts.SyntaxKind.VariableDeclaration)) {
    if (!ts.isIdentifier(one.name) || !ts.isSourceFile(one.parent.parent.parent) || !isEmpty(one)) continue;
    if (isState(one.name.text, one) && isShared(file, one.name.text, references(file, one, one.name.text))) yield { name: one.name.text, at: span(one.name) };
  }
  for (const one of nodes<PropertyDeclaration>(file, ts.SyntaxKind.PropertyDeclaration)) {
    const name = keyText(one.name);
    if (name === undefined || !isEmpty(one) || !isState(name, one) || !isSingleton(file, one)) continue;
    const uses = nodes<PropertyAccessExpression>(file, ts.SyntaxKind.PropertyAccessExpression).filter((each) => each.name.text === name && within(one.parent, each) && (each.expression.kind === ts.SyntaxKind.ThisKeyword || each.expression.getText() === one.parent.name?.text));
    if (isShared(file, name, uses)) yield { name, at: span(one.name) };
  }
}

const words = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().split("_");
const within = (outer: Node, inner: Node) => inner.pos >= outer.pos && inner.end <= outer.end;

function isState(name: string, declared: VariableDeclaration | PropertyDeclaration): boolean {
  const type = `${declared.type?.getText() ?? ""} ${(declared.initializer as NewExpression).typeArguments?.map((one) => one.getText()).join(" ") ?? ""}`;
  return words(name).some((one) => state.test(one)) && !own.test(name) && !processBound.test(type);
}

function isEmpty({ initializer }: VariableDeclaration | PropertyDeclaration): boolean {
  const made = initializer && bare(initializer);
  if (!made) return false;
  if (ts.isObjectLiteralExpression(made)) return made.properties.length === 0;
  return ts.isNewExpression(made) && /^(Map|Set)$/.test(made.expression.getText()) && (made.arguments ?? []).length === 0;
}

/** One object for all requests: static, or a field of a provider that Nest makes once, or of a class of which the module makes one. */
function isSingleton(file: TsFile, field: PropertyDeclaration): boolean {
  if (soleInstance(file, field.parent) || ts.getModifiers(field)?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword)) return true;
  const decorators = (ts.canHaveDecorators(field.parent) ? ts.getDecorators(field.parent) : undefined) ?? [];
  return decorators.some((one) => /^@(Injectable|Controller)\b/.test(one.getText())) && !decorators.some((one) => /Scope\.(REQUEST|TRANSIENT)/.test(one.getText()));
}

/** Filled while one request is served and asked while another is, by keys that the requests give. */
function isShared(file: TsFile, name: string, uses: readonly (Identifier | PropertyAccessExpression)[]): boolean {
  const exported = words(name).some((one) => certain.test(one));
  let written = false;
  let read = false;
  let keyed = false;
  for (const use of uses) {
    const step = stepOf(use);
    if (!step) return false;
    const entrance = entranceOf(file, use, exported);
    if (step.does === "write" && step.value && (processBound.test(step.value.getText()) || (exported && isObject(file, step.value)))) return false;
    if (step.does === "delete" && isFinally(use) && !/lock/i.test(name)) return false;
    if (!entrance) continue;
    if (step.does === "write") written = true;
    if (step.does === "read") read = true;
    if (step.key && isGiven(file, step.key, entrance)) keyed = true;
  }
  return written && read && keyed;
}

/** More than data: what a class makes may hold a process, a page or a connection. */
function isObject(file: TsFile, value: Expression): boolean {
  const end = made(file, value);
  return end !== undefined && (ts.isNewExpression(end) || ts.isAwaitExpression(end)) && !/^new (Date|Map|Set)\b/.test(end.getText());
}

interface Step {
  readonly does: "read" | "write" | "delete" | "other";
  readonly key?: Expression;
  readonly value?: Expression;
}

/** What is done with the map at one of its uses; undefined where it is handed on, and others may keep it elsewhere. */
function stepOf(use: Identifier | PropertyAccessExpression): Step | undefined {
  const { parent } = use;
  if (ts.isElementAccessExpression(parent) && parent.expression === use) {
    const outer = parent.parent;
    if (ts.isDeleteExpression(outer)) return { does: "delete", key: parent.argumentExpression };
    if (ts.isBinaryExpression(outer) && outer.left === parent && outer.operatorToken.kind === ts.SyntaxKind.EqualsToken) return { does: "write", key: parent.argumentExpression, value: outer.right };
    return { does: "read", key: parent.argumentExpression };
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) {
    const call = ts.isCallExpression(parent.parent) && parent.parent.expression === parent ? (parent.parent as CallExpression) : undefined;
    const [key, value] = call?.arguments ?? [];
    const rest = { ...(key ? { key } : {}), ...(value ? { value } : {}) };
    if (/^(set|add)$/.test(parent.name.text)) return { does: "write", ...rest };
    if (/^(delete|clear)$/.test(parent.name.text)) return { does: "delete", ...rest };
    return /^(get|has)$/.test(parent.name.text) ? { does: "read", ...rest } : /^(size|keys|values|entries|forEach)$/.test(parent.name.text) ? { does: "other" } : undefined;
  }
  if (ts.isForOfStatement(parent) || ts.isSpreadElement(parent) || ts.isExportSpecifier(parent)) return { does: "other" };
  return ts.isCallExpression(parent) && /^(Array\.from|Object\.(keys|values|entries))$/.test(parent.expression.getText()) ? { does: "other" } : undefined;
}

function isFinally(node: Node): boolean {
  for (let up: Node | undefined = node; up?.parent; up = up.parent) if (ts.isTryStatement(up.parent) && up.parent.finallyBlock === up) return true;
  return /\.finally\s*\(/.test(node.parent.parent.parent?.parent?.getText().slice(0, 400) ?? "");
}
