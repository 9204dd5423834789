// Question: what does a file make, or is given, whose 'error' event ends the process when nobody listens?

import { lastName, stripped } from "./error-listener.ts";
import { compiled } from "./error-row.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, once, says, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import type { Ref } from "../../engine/types.ts";

export interface EmitterSite {
  readonly row: number;
  /** The call or `new` that makes it, or the parameter it comes as. */
  readonly node: Node;
  /** Where it comes as no parameter because the callback takes none. */
  readonly at?: Node;
  /** It comes from what another module makes; `copy`: it is one more of that. */
  readonly of?: Ref;
  readonly copy?: true;
  /** The listeners of one server all get the same object. */
  readonly server?: string;
}

/** Objects of the table that a file makes or is given. */
export function emitterSites(file: TsFile): readonly EmitterSite[] {
  return once(file, emitterSites, () => {
    const found = new Map<Node, EmitterSite>();
    const parameters = parameterRows(file);
    for (const one of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) add(found, one, madeRow(file, one));
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression))
      for (const site of fromCallback(file, call)) found.set(site.node, site), ts.isParameter(site.node) && parameters.set(site.node, site.row);
    for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
      const row = madeRow(file, call);
      if (row >= 0) add(found, call, row);
      else if (ts.isPropertyAccessExpression(call.expression)) fromMethod(file, call, call.expression.name.text, call.expression.expression, found, parameters);
    }
    return [...found.values()];
  });
}

const expressWs = /["']express-ws["']/;

/** What a call hands to its callback: by an event, a route, or as its result. */
function fromCallback(file: TsFile, call: CallExpression): Iterable<EmitterSite> {
  const { expression: callee, arguments: list } = call;
  const name = canonical(file, callee);
  const event = list.length > 1 && ts.isStringLiteralLike(list[0]!) && ts.isPropertyAccessExpression(callee) && /^(on|once|addListener)$/.test(callee.name.text) ? list[0].text : undefined;
  const hands = name !== undefined && fits(file, "callback", name);
  // Most calls are none of all that.
  return hands || event !== undefined || (list.length > 1 && says(file, expressWs)) ? callbackSites(file, call, hands ? name : undefined, event) : [];
}

/** `name`: what hands something to its callback is called so. `event`: a listener for it is added. */
function* callbackSites(file: TsFile, { expression: callee, arguments: list }: CallExpression, name: string | undefined, event: string | undefined): Iterable<EmitterSite> {
  const last = list[list.length - 1];
  for (const [row, one] of compiled.entries()) {
    if (name !== undefined && one.callback.test(name)) {
      const parameter = functionOf(file, last)?.parameters[one.row.callback!.parameter];
      if (parameter) yield { row, node: parameter };
    }
    if (!ts.isPropertyAccessExpression(callee) || list.length < 2) continue;
    const isEvent = event !== undefined && one.event.test(event);
    const owner = isEvent ? ownerRow(file, callee.expression) : -1;
    const of = isEvent && owner < 0 ? importedFrom(file, callee.expression) : undefined;
    if (!(isEvent ? owner === one.owner || of : one.route.test(callee.name.text) && says(file, expressWs))) continue;
    const fn = functionOf(file, last);
    if (!fn) continue;
    const parameter = fn.parameters[one.row.parameter!];
    yield { row, node: parameter ?? callee.parent, ...(parameter ? {} : { at: callee }), ...(of ? { of } : {}), ...(isEvent ? { server: stripped(callee.expression).getText() } : {}) };
  }
}

/** Whether a name fits that pattern of some row. A file calls the same names over and over. */
function fits(file: TsFile, pattern: keyof typeof answers, name: string): boolean {
  const known = once(file, answers[pattern], noAnswers);
  const answer = known.get(name) ?? compiled.some((one) => one[pattern].test(name));
  known.set(name, answer);
  return answer;
}

/** What the answers of one file are kept under. */
const answers = { callback: Symbol("callback"), made: Symbol("made"), method: Symbol("method"), copies: Symbol("copies") };

const noAnswers = () => new Map<string, boolean>();

/** The name in another module of this workspace that a value has. */
function importedFrom(file: TsFile, node: Expression): Ref | undefined {
  const { ref } = receiverOf(file, stripped(node));
  return ref?.module !== undefined && /^[.@~#]|^src\//.test(ref.module) ? ref : undefined;
}

function add(found: Map<Node, EmitterSite>, node: Node, row: number): void {
  if (row >= 0) found.set(node, { row, node });
}

function fromMethod(file: TsFile, call: CallExpression, method: string, receiver: Expression, found: Map<Node, EmitterSite>, parameters: Map<Node, number>): void {
  const copies = fits(file, "copies", method);
  if (!copies && !fits(file, "method", method)) return;
  const owner = ownerRow(file, receiver);
  for (const [index, one] of compiled.entries()) {
    if (owner === index && one.copies.test(method)) found.set(call, { row: index, node: call });
    if (owner < 0 || one.owner !== owner || !one.method.test(method)) continue;
    const fn = one.row.parameter === undefined ? undefined : functionOf(file, call.arguments[call.arguments.length - 1]);
    const parameter = fn?.parameters[one.row.parameter!];
    if (!fn) found.set(call, { row: index, node: call });
    else if (parameter) parameters.set(parameter, index), found.set(parameter, { row: index, node: parameter });
  }
  const of = owner < 0 && copies ? importedFrom(file, receiver) : undefined;
  if (of) found.set(call, { row: -1, node: call, of, copy: true });
}

function madeRow(file: TsFile, node: Node | undefined): number {
  if (!node || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return -1;
  const name = canonical(file, node.expression);
  // ws and its servers are classes; called without `new` they are something else.
  return name === undefined || name.startsWith("#") || !fits(file, "made", name) ? -1 : compiled.findIndex((one) => one.made.test(name) && (ts.isNewExpression(node) || !/^(ws|ioredis|bullmq|worker)/.test(one.row.id)));
}

/** The row of an object that is used: made here, typed, or given to a callback of this file. */
export function ownerRow(file: TsFile, node: Expression): number {
  const root = stripped(node);
  const declared = ts.isIdentifier(root) ? declaration(file, root) : undefined;
  const given = declared && parameterRows(file).get(declared);
  if (given !== undefined) return given;
  const { made, type } = receiverOf(file, root);
  if (made) {
    const maker = stripped(made);
    // `amqp.connect(...)` makes one, `client.connect()` returns the client.
    const own = Math.max(madeRow(file, bare(made)), madeRow(file, maker));
    if (own >= 0) return own;
    return ts.isCallExpression(maker) && ts.isPropertyAccessExpression(maker.expression) && lastName(maker.expression) !== undefined ? byMethod(file, maker) : -1;
  }
  return type === undefined ? -1 : compiled.findIndex((one) => one.type.test(type));
}

function byMethod(file: TsFile, call: CallExpression): number {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return -1;
  const method = callee.name.text;
  if (!fits(file, "copies", method) && !fits(file, "method", method)) return -1;
  const owner = ownerRow(file, callee.expression);
  return compiled.findIndex((one, index) => (owner === index && one.copies.test(method)) || (owner >= 0 && one.owner === owner && one.method.test(method)));
}

/** Parameters that are such objects, as far as they were found. */
function parameterRows(file: TsFile): Map<Node, number> {
  return once(file, parameterRows, () => new Map<Node, number>());
}
