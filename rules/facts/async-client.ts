// Fact: a client whose calls give promises, from a table. Question: is a call one of such a client?

import table from "../defaults/async-clients.json" with { type: "json" };
import { clientUseAt } from "./http-client.ts";
import { canonical, declaredType } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare } from "../../engine/typescript/scope.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

interface AsyncRow {
  /** Patterns of canonical names: what makes the client, how its type is called, and which of its methods give a promise. */
  readonly made: string;
  readonly type: string;
  readonly calls: string;
  readonly source: string;
}

const rows = (table as readonly AsyncRow[]).map((row) => ({ made: new RegExp(row.made), type: new RegExp(row.type), calls: new RegExp(row.calls) }));

export const asyncClient: FactKind<{ readonly row: number }> = {
  id: "async-client",
  title: "Client whose calls give promises",
  named: true,
  ts: {
    mentions: [],
    deferred: true,
    *find(file) {
      for (const kind of [ts.SyntaxKind.NewExpression, ts.SyntaxKind.CallExpression])
        for (const made of nodes<NewExpression | CallExpression>(file, kind)) {
          const row = rowBy("made", canonical(file, made.expression));
          if (row >= 0) yield { at: span(made), value: { row } };
        }
    },
  },
};

const rowBy = (what: "made" | "type", name: string | undefined) => (name === undefined ? -1 : rows.findIndex((row) => row[what].test(name)));

/** True when a client of that row gives a promise by a method. */
export const givesBy = (row: number, method: string): boolean => rows[row]!.calls.test(method);

/** A call of a client: `true` for sure, a name of another module that may be one, undefined for neither. */
export function clientCall(file: TsFile, call: CallExpression): true | { readonly ref: Ref; readonly method: string } | undefined {
  const use = clientUseAt(file, call);
  if (use && !use.row.instance && !use.row.new && use.row.client !== "http") return true;
  const last = call.arguments[call.arguments.length - 1];
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && !(last && functionOf(file, last)) ? ofClient(file, callee.expression, callee.name.text) : undefined;
}

function ofClient(file: TsFile, receiver: Expression, method: string): ReturnType<typeof clientCall> {
  for (let expr = bare(receiver); ; expr = bare(expr.expression)) {
    const { made, type, ref } = receiverOf(file, expr);
    const row = made && (ts.isCallExpression(made) || ts.isNewExpression(made)) ? rowBy("made", canonical(file, made.expression)) : rowBy("type", type ?? declaredType(file, expr));
    if (row >= 0) return givesBy(row, method) || undefined;
    if (ref && !ref.keys && /^[.@~#]|^src\//.test(ref.module ?? "") && rows.some((one) => one.calls.test(method))) return { ref, method };
    if (!ts.isPropertyAccessExpression(expr)) return undefined;
  }
}
