// Fact: what a file sets for all calls of an HTTP client, or what one call of a client made elsewhere says itself.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type BinaryExpression, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, says, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import type { Fact, FactKind, Ref } from "../../engine/types.ts";
import { dispatched } from "./http-call.ts";
import { clientUseAt, clientUses, isHttpService, type ClientUse } from "./http-client.ts";
import { limitOf } from "./http-limit.ts";

export interface HttpClientSetting {
  /** The client it holds for; undefined when `ref` alone says so. */
  readonly client?: string;
  /** The one made client it holds for; every call of the library without it. */
  readonly ref?: Ref;
  /** Set: one call of the client, and whether that call is limited. Otherwise: something that may limit all its calls. */
  readonly call?: "limited" | "open";
}

export const httpClientSetting: FactKind<HttpClientSetting> = {
  id: "http-client-setting",
  title: "HTTP client setting",
  ts: {
    // Each file that can hold one is read for its client, or as an importer of one.
    mentions: [],
    *find(file) {
      if (/\bdefaults\b|\.fetch\b/.test(file.text)) for (const one of nodes<BinaryExpression>(file, ts.SyntaxKind.BinaryExpression)) yield* fromAssignment(file, one);
      if (words.test(file.text)) for (const one of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) yield* fromCall(file, one);
      if (clients.test(file.text)) for (const use of clientUses(file)) {
        const maker = use.maker ?? dispatched(file, use);
        const limited = use.maker ? limitOf(file, use).is !== "none" : limits(file, use);
        if (maker) yield { at: span(use.call), value: { client: use.client, ref: refTo(maker), call: limited ? "limited" : "open" } };
      }
    },
  },
};

/** Every client has one of these in its file. */
const clients = /fetch|axios|undici|["':](?:https?|got|ky)["']|superagent|request|HttpService|agentkeepalive|lick[hH]ouse|client-s3/;

/** Words of the calls that are looked at; most files have none of them. */
const words = /setGlobalDispatcher|HttpModule|\bdefaults\b|[iI]nterceptor|[sS]etup|[cC]onfigure|[aA]pply|[aA]ttach|[iI]nstall|[rR]egister|[iI]nit|\.\s*(get|delete|head|options|post|put|patch|request|stream|pipeline)\b/;

/** Words of files where another name may stand for what sets something for all calls. */
const forAll = /setGlobalDispatcher|\bdefaults\b/;

const refTo = (maker: Node): Ref => ({ name: "", start: maker.getStart() });

/** A call through an agent that names a limit of its own. */
function limits(file: TsFile, { row, options }: ClientUse): boolean {
  if (options === "unknown") return true;
  const given = (key: string) => option(file, options, key).is !== "absent";
  return (row.bounds ?? []).some(given) || (row.together?.every(given) ?? false);
}

/** `axios.defaults.timeout = 5_000`, `api.defaults = {}`, `globalThis.fetch = traced`. */
function* fromAssignment(file: TsFile, one: BinaryExpression): Iterable<Fact<HttpClientSetting>> {
  if (one.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(one.left)) return;
  if (/^#(globalThis|global)\.fetch$/.test(canonical(file, one.left) ?? "")) return yield { at: span(one), value: { client: "fetch" } };
  const owner = defaultsOwner(one.left);
  if (!owner || (ts.isNumericLiteral(one.right) && Number(one.right.text) === 0)) return;
  yield* about(file, owner, one);
}

/** The client whose `defaults`, or an option in them that can limit the time, is assigned. */
function defaultsOwner(left: Expression): Expression | undefined {
  if (!ts.isPropertyAccessExpression(left)) return undefined;
  if (left.name.text === "defaults") return left.expression;
  if (!/^(timeout|signal|cancelToken|httpAgent|httpsAgent|adapter|transport)$/.test(left.name.text)) return undefined;
  return ts.isPropertyAccessExpression(left.expression) && left.expression.name.text === "defaults" ? left.expression.expression : undefined;
}

/** Most calls set nothing: of them only the name is asked. */
function fromCall(file: TsFile, call: CallExpression): Iterable<Fact<HttpClientSetting>> {
  const callee = call.expression;
  const isSetting = ts.isPropertyAccessExpression(callee) ? settingMethods.test(callee.name.text) : says(file, forAll);
  return isSetting || takers.test(callee.getText()) ? settingsOf(file, call) : [];
}

const settingMethods = /^(setGlobalDispatcher|register|registerAsync|assign|use|get|delete|head|options|post|put|patch|request|stream|pipeline)$/;

/** Names of functions of a team that are handed a client and may set anything on it. */
const takers = /interceptor|setup|configure|apply|attach|install|register|init/i;

function* settingsOf(file: TsFile, call: CallExpression): Iterable<Fact<HttpClientSetting>> {
  const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : undefined;
  // Another name may stand for a function, and for no method of an object.
  const name = (method === undefined ? says(file, forAll) : /^(setGlobalDispatcher|register|registerAsync|assign)$/.test(method)) ? (canonical(file, call.expression) ?? "") : "";
  const [first] = call.arguments;
  if (name === "undici#setGlobalDispatcher") {
    const agent = first && bareAgent(file, first);
    // Without limits of its own the agent changes nothing: the calls are judged, not the agent.
    if (first) yield { at: span(call), value: agent ? { ref: refTo(agent) } : { client: "fetch" } };
    return;
  }
  if (/^@nestjs\/(axios|common)#HttpModule\.register(Async)?$/.test(name)) {
    if (name.endsWith("Async") || option(file, first, "timeout").is !== "absent") yield { at: span(call), value: { client: "nest" } };
    return;
  }
  const callee = call.expression;
  if (name === "#Object.assign" && first && ts.isPropertyAccessExpression(first) && first.name.text === "defaults") yield* about(file, first.expression, call);
  if (ts.isPropertyAccessExpression(callee)) {
    const { expression: request } = callee;
    if (callee.name.text === "use" && ts.isPropertyAccessExpression(request) && request.name.text === "request" && ts.isPropertyAccessExpression(request.expression) && request.expression.name.text === "interceptors")
      yield* about(file, request.expression.expression, call);
    else yield* ofImported(file, callee.expression, call);
  }
  if (takers.test(callee.getText()))
    for (const one of call.arguments) if (ts.isIdentifier(one) || ts.isPropertyAccessExpression(one)) yield* about(file, one, call);
}

/** A setting of the client that an expression stands for. */
function* about(file: TsFile, owner: Expression, at: Node): Iterable<Fact<HttpClientSetting>> {
  if (canonical(file, owner) === "axios#") return yield { at: span(at), value: { client: "axios" } };
  if (isHttpService(file, owner)) return yield { at: span(at), value: { client: "nest" } };
  const { made, ref } = receiverOf(file, owner);
  if (made && clientUseAt(file, made)?.row.instance) yield { at: span(at), value: { ref: refTo(made) } };
  else if (ref?.module !== undefined) yield { at: span(at), value: { ref } };
}

/** `api.get(url, { timeout })` with a client that another module made. */
function* ofImported(file: TsFile, receiver: Expression, call: CallExpression): Iterable<Fact<HttpClientSetting>> {
  const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
  if (!/^(get|delete|head|options|post|put|patch|request|stream|pipeline)$/.test(method)) return;
  const { ref } = receiverOf(file, receiver);
  if (ref?.module === undefined || !/^[.@~#]/.test(ref.module)) return;
  const limited = call.arguments.some((one) => ["timeout", "signal", "cancelToken", "headersTimeout"].some((key) => ts.isObjectLiteralExpression(one) && option(file, one, key).is !== "absent"));
  yield { at: span(call), value: { ref, call: limited ? "limited" : "open" } };
}

/** An undici agent made in this file that leaves both limits at 300 s. */
function bareAgent(file: TsFile, node: Expression): Node | undefined {
  const { made } = receiverOf(file, node);
  return clientUses(file).find((one) => one.call === made && one.row.instance === true && limitOf(file, one).is === "none")?.call;
}
