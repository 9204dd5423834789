// Question: where does a file make clients that own connections, threads or buffers? The libraries are rows of a table.

import table from "../defaults/request-clients.json" with { type: "json" };
import { clientsOf } from "./grpc-client.ts";
import { imports } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import type { Mentions, Ref } from "../../engine/types.ts";

interface Row {
  /** How a reader calls it. */
  readonly object: string;
  /** What each of them does or takes; it opens connections where nothing is said. */
  readonly costs?: string;
  readonly variant?: string;
  /** Pattern of canonical names of what makes one. */
  readonly made?: string;
  /** Or of what has the method that makes one. */
  readonly of?: string;
  readonly method?: string;
  /** It owns something only with this option. */
  readonly needs?: string;
  /** With this option it works on connections that another object owns. */
  readonly shares?: string;
  /** Ending it makes it right. */
  readonly closes?: boolean;
  /** It cannot be shared. */
  readonly own?: boolean;
  /** Modules that a file which makes one imports, or words that it holds. */
  readonly modules?: readonly string[];
  readonly words?: readonly string[];
  readonly source: string;
}

const rows = (table as readonly Row[]).map((row) => ({ ...row, made: new RegExp(row.made ?? "^(?!)"), of: new RegExp(row.of ?? "^(?!)"), method: new RegExp(row.method ?? "^(?!)") }));

/** Words of files that make clients. */
export const siteMentions: Mentions = [[...new Set(rows.flatMap((row) => [...imports(...(row.modules ?? [])), ...(row.words ?? [])])), ...imports("@grpc/grpc-js", "@connectrpc/*")]];

export interface ClientSite {
  readonly node: CallExpression | NewExpression;
  readonly object: string;
  readonly costs: string;
  readonly variant?: string;
  readonly closes?: boolean;
  readonly own?: boolean;
  /** What has the method that makes it, where another module makes that. */
  readonly of?: Ref;
}

/** All clients that a file makes. */
export function clientSites(file: TsFile): readonly ClientSite[] {
  return once(file, clientSites, () => {
    const found: ClientSite[] = [];
    for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
      for (const node of nodes<CallExpression | NewExpression>(file, kind)) {
        const { row, of } = rowOf(file, node) ?? {};
        if (row) found.push({ node, object: row.object, costs: row.costs ?? "opens its own connections", ...(row.variant ? { variant: row.variant } : {}), ...(row.closes ? { closes: true } : {}), ...(row.own ? { own: true } : {}), ...(of ? { of } : {}) });
      }
    for (const [node, { library }] of clientsOf(file)) {
      if (!(ts.isNewExpression(node) || ts.isCallExpression(node)) || (library !== "connect-transport" && !(library === "grpc-js" && ts.isNewExpression(node)))) continue;
      // A client on a channel that exists opens none.
      if (library === "grpc-js" && ["channelOverride", "channelFactoryOverride"].some((name) => option(file, node.arguments?.[2], name).is !== "absent")) continue;
      found.push({ node, object: library === "grpc-js" ? "gRPC client" : "Connect transport", costs: "opens its own channel" });
    }
    return found;
  });
}

type Pattern = (typeof rows)[number];

function rowOf(file: TsFile, node: CallExpression | NewExpression): { row: Pattern; of?: Ref } | undefined {
  const name = canonical(file, node.expression);
  const found = name === undefined || name.startsWith("#") ? undefined : rows.find((row) => row.made.test(name));
  if (found) return isMaker(node, name!) && (found.needs === undefined || has(file, node, found.needs)) && !(found.shares !== undefined && borrows(file, node, found.shares)) ? { row: found } : undefined;
  const callee = node.expression;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(callee)) return undefined;
  const near = rows.filter((row) => row.method.test(callee.name.text));
  if (near.length === 0) return undefined;
  const { made, type, ref } = receiverOf(file, callee.expression);
  const owner = type ?? (made && (ts.isNewExpression(made) || ts.isCallExpression(made)) ? canonical(file, made.expression) : undefined);
  const row = owner === undefined ? undefined : near.find((one) => one.of.test(owner));
  if (row) return { row };
  const elsewhere = near.find((one) => one.object.startsWith("Kafka"));
  return elsewhere && owner === undefined && ref?.module !== undefined && /^[.@~#]|^src\//.test(ref.module) ? { row: elsewhere, of: ref } : undefined;
}

/** Classes are made with `new`; what is called with a small name is a function. */
function isMaker(node: CallExpression | NewExpression, name: string): boolean {
  const last = name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("#")) + 1);
  if (/^(ioredis|sequelize|bull)#$/.test(name)) return true;
  return /^[A-Z]/.test(last) === ts.isNewExpression(node);
}

function has(file: TsFile, node: CallExpression | NewExpression, key: string): boolean {
  const found = option(file, node.arguments?.[0], key);
  return found.is === "present" && !("known" in found.value && found.value.known === false);
}

/** True where an option names an object that has the connections, or may: only plain settings make new ones. */
function borrows(file: TsFile, node: CallExpression | NewExpression, key: string): boolean {
  return (node.arguments ?? []).some((one) => {
    if (ts.isStringLiteralLike(one)) return false;
    const found = option(file, one, key);
    if (found.is !== "present") return found.is === "unknown" && (ts.isIdentifier(one) || ts.isObjectLiteralExpression(one));
    const { made } = receiverOf(file, found.node);
    return !made || !ts.isObjectLiteralExpression(made);
  });
}
