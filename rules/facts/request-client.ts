// Facts: a client that owns connections is made inside a function, by whom that is run, and calls of other modules' functions per request. Judges nothing.

import { calleeRef } from "./callee.ts";
import { fateOf } from "./client-kept.ts";
import { clientSites, siteMentions, type ClientSite } from "./client-site.ts";
import { hoisted } from "./request-client-fix.ts";
import { dependsOnInput, fieldOwner, reachOf, type RequestReach } from "./request-reach.ts";
import { entries, isRare } from "./request-entry.ts";
import { ts, type CallExpression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, isRouter } from "../../engine/typescript/handler.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import type { Edit, FactKind, Ref } from "../../engine/types.ts";

export interface RequestClient {
  readonly object: string;
  /** What each of them does or takes. */
  readonly costs: string;
  readonly variant?: string;
  /** What one run of the code is called, where this file shows that; otherwise other files may call it. */
  readonly unit?: string;
  /** It depends on what the request brought. */
  readonly given: boolean;
  readonly ended: boolean;
  readonly own: boolean;
  /** The Kafka client of another module that it belongs to. */
  readonly of?: Ref;
  readonly edits?: readonly Edit[];
}

export const requestClient: FactKind<RequestClient> = {
  id: "request-client",
  title: "Client made in a function",
  ts: {
    serverOnly: true,
    mentions: siteMentions,
    *find(file) {
      for (const { site, reach, ended, own } of made(file)) {
        const edits = reach.unit === undefined || ended || own || reach.given ? undefined : hoisted(file, site.node);
        const { object, costs, variant, of } = site;
        yield { at: span(site.node), value: { object, costs, given: reach.given, ended, own, ...(variant ? { variant } : {}), ...(of ? { of } : {}), ...(reach.unit ? { unit: reach.unit } : {}), ...(edits ? { edits } : {}) } };
      }
    },
  },
};

/** A function that makes such clients, itself or through others of its file, or a class whose instances each have one; `given` tells which depend on its parameters. */
export const clientFunction: FactKind<{ readonly makes: readonly { readonly start: number; readonly given: boolean }[] }> = {
  id: "client-function",
  title: "Function that makes a client",
  named: true,
  followed: true,
  ts: {
    mentions: siteMentions,
    *find(file) {
      const table = new Map<Node, { start: number; given: boolean }[]>();
      for (const { site, reach } of made(file))
        for (const one of reach.functions) table.set(one.node, [...(table.get(one.node) ?? []), { start: site.node.getStart(), given: one.given }]);
      for (const [fn, makes] of table) yield { at: span(fn), value: { makes } };
    },
  },
};

/** A function of another module is called once per request. */
export const requestCall: FactKind<{ readonly to: Ref; readonly unit: string; readonly given: boolean }> = {
  id: "request-call",
  title: "Call per request",
  ts: {
    // Importers of functions that make clients are read anyway.
    mentions: [],
    deferred: true,
    *find(file) {
      if (entries(file).size === 0) return;
      for (const call of [...nodes<CallExpression>(file, ts.SyntaxKind.CallExpression), ...nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)]) {
        if (!enclosingFunction(call)) continue;
        const to = calleeRef(file, call);
        if (to?.module === undefined || !/^[.@~#]|^src\//.test(to.module)) continue;
        const { unit } = reachOf(file, call, []);
        if (unit !== undefined && !fateOf(file, call).kept) yield { at: span(call), value: { to, unit, given: dependsOnInput(file, [...(call.arguments ?? [])]) } };
      }
    },
  },
};

/** A function of another module handles a route: it is called per request, with what came in. */
export const requestHandler: typeof requestCall = {
  id: "request-handler",
  title: "Handler of another module",
  ts: {
    mentions: [],
    deferred: true,
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const callee = call.expression;
        if (!ts.isPropertyAccessExpression(callee) || !/^(get|post|put|patch|delete|all|use|head|options)$/.test(callee.name.text) || call.arguments.length === 0 || !isRouter(file, callee.expression) || isRare(call)) continue;
        for (const one of call.arguments.flatMap((given) => (ts.isCallExpression(given) ? [...given.arguments] : [given]))) {
          const to = ts.isIdentifier(one) || ts.isPropertyAccessExpression(one) ? calleeRef(file, { expression: one }) : undefined;
          if (to?.module !== undefined && /^[.@~#]|^src\//.test(to.module)) yield { at: span(one), value: { to, unit: "request", given: true } };
        }
      }
    },
  },
};

interface Made {
  readonly site: ClientSite;
  readonly reach: RequestReach;
  readonly ended: boolean;
  readonly own: boolean;
}

function made(file: TsFile): readonly Made[] {
  return once(file, made, () =>
    clientSites(file).flatMap((site) => {
      if (!enclosingFunction(site.node) && !fieldOwner(site.node)) return [];
      const { kept, ended, own } = fateOf(file, site.node);
      if (kept || (ended && site.closes)) return [];
      const reach = reachOf(file, site.node, [...(site.node.arguments ?? [])]);
      return reach.unit !== undefined || reach.functions.length > 0 ? [{ site, reach, ended, own: own || site.own === true }] : [];
    }),
  );
}
