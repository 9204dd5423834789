// Facts: an object whose 'error' event ends the process when nobody listens, functions that return one, and who is given one. Judges nothing.

import { emitterSites, type EmitterSite } from "./error-emitter-site.ts";
import { localRef } from "./error-emitter-taker.ts";
import { useOf, type EmitterUse } from "./error-emitter-use.ts";
import { listenerFix } from "./error-listener-fix.ts";
import { compiled, emitterMentions, errorRows, pattern } from "./error-row.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import type { Edit, FactKind, Ref, Span } from "../../engine/types.ts";

export interface ErrorEmitter {
  /** Row of the table; -1 where another module tells it. */
  readonly row: number;
  /** It comes from this object of another module; `copy`: it is one more of that. */
  readonly of?: Ref;
  readonly copy?: true;
  /** This file listens to it, or gives it to something that may and cannot be read. */
  readonly heard: boolean;
  /** Names by which other files reach it; none where it stays in its file. */
  readonly names: readonly string[];
  /** Functions of other modules that are given it. */
  readonly handed: readonly { readonly to: Ref; readonly index: number }[];
  /** The function that made it also ends it. */
  readonly short: boolean;
  /** It belongs to a command line tool: the package is one, or a child process shares the terminal. */
  readonly tool: boolean;
  readonly shown: Span;
  readonly edits?: readonly Edit[];
}

export const errorEmitter: FactKind<ErrorEmitter> = {
  id: "error-emitter",
  title: "Object that emits errors",
  named: true,
  followed: true,
  ts: {
    mentions: emitterMentions,
    *find(file) {
      for (const { site, use, heard } of emitters(file)) {
        const { row, of, copy } = site;
        const shown = span(site.at ?? site.node);
        const names = use.leaves ? [...use.names] : [];
        const tool = file.context.tool || sharesTerminal(file, site);
        const edits = heard ? undefined : listenerFix(file, site);
        yield { at: span(site.node), value: { row, heard, names, handed: use.handed, short: use.ended, tool, shown, ...(of ? { of } : {}), ...(copy ? { copy } : {}), ...(edits ? { edits } : {}) } };
      }
    },
  },
};

/** A function that returns such an object. */
export const emitterMaker: FactKind<{ readonly makes: readonly number[] }> = {
  id: "error-emitter-maker",
  title: "Function that returns an object that emits errors",
  named: true,
  ts: {
    mentions: emitterMentions,
    *find(file) {
      const makers = new Map<Node, number[]>();
      for (const { site, use } of emitters(file)) for (const fn of use.makers) makers.set(fn, [...(makers.get(fn) ?? []), site.node.getStart()]);
      for (const [fn, makes] of makers) yield { at: span(fn), value: { makes } };
    },
  },
};

/** An object of another module is given to a function of another module. */
export const emitterPass: FactKind<{ readonly object: Ref; readonly to: Ref; readonly index: number }> = {
  id: "error-emitter-pass",
  title: "Object given to a function of another module",
  ts: {
    // Importers of what emits errors are read anyway.
    mentions: [],
    *find(file) {
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
          const to = localRef(canonical(file, call.expression));
          if (!to) continue;
          for (const [index, given] of (call.arguments ?? []).entries()) {
            const object = ts.isIdentifier(given) || ts.isPropertyAccessExpression(given) ? receiverOf(file, given).ref : undefined;
            if (object?.module !== undefined) yield { at: span(call), value: { object, to, index } };
          }
        }
    },
  },
};

interface Emitter {
  readonly site: EmitterSite;
  readonly use: EmitterUse;
  readonly heard: boolean;
}

function emitters(file: TsFile): readonly Emitter[] {
  return once(file, emitters, () => {
    const found = emitterSites(file).map((site) => {
      const use = useOf(file, site.node, compiled[site.row]?.ends ?? pattern(undefined), errorRows[site.row]?.id === "pg-pool");
      return { site, use, heard: use.heard || use.open || recovers(file, site) };
    });
    // One listener for connections may attach what another leaves out.
    const heard = new Set(found.filter((one) => one.heard && one.site.server).map((one) => one.site.server));
    return found.map((one) => (one.site.server && heard.has(one.site.server) ? { ...one, heard: true } : one));
  });
}

/** amqplib 2 connects again by itself where it is told to. */
function recovers(file: TsFile, { row, node }: EmitterSite): boolean {
  return errorRows[row]?.id === "amqp-connection" && ts.isCallExpression(node) && option(file, node.arguments[1], "recovery").is !== "absent";
}

/** A child process that reads from the terminal: `stdio: "inherit"` or `["inherit", ...]`. */
function sharesTerminal(file: TsFile, { row, node }: EmitterSite): boolean {
  if (errorRows[row]?.id !== "process" || !ts.isCallExpression(node)) return false;
  const stdio = option(file, node.arguments[node.arguments.length - 1], "stdio");
  if (stdio.is !== "present") return false;
  const first = ts.isArrayLiteralExpression(stdio.node) ? stdio.node.elements[0] : stdio.node;
  return first !== undefined && ((ts.isStringLiteralLike(first) && first.text === "inherit") || first.getText() === "process.stdin");
}
