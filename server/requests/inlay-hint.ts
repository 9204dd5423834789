// textDocument/inlayHint: the time budget at a server or a call, behind its text. Off unless the editor asks for it.

import { InlayHintKind, type InlayHint, type Range } from "vscode-languageserver/node";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { outboundCall } from "../../rules/facts/outbound-call.ts";
import { registryTtl } from "../../rules/facts/registry-ttl.ts";
import { routeBudget } from "../../rules/facts/route-budget.ts";
import { serverTimeout } from "../../rules/facts/server-timeout.ts";
import type { Linked, Span, Value } from "../../engine/types.ts";
import type { Server } from "../server.ts";
import type { Place } from "../workspace.ts";

/** `45 s here; callers wait 5 s; registry 30 s`. Only what is known is named, and nothing is shown where there is nothing to compare with. */
export function inlayHints(server: Server, { view, path }: Place, range: Range): InlayHint[] {
  const { facts } = view.result.index;
  const { say: spoken } = server.terms;
  const table = view.positions(path);
  const [start, end] = [table.offset(range.start), table.offset(range.end)];
  const hints: InlayHint[] = [];
  const hint = (at: Span, ms: Value<number>, others: readonly string[]) => {
    if (!("known" in ms) || others.length === 0 || at.end < start || at.end > end) return;
    const here = ms.by === "default" ? say`${duration(ms.known)} by default` : say`${duration(ms.known)} here`;
    hints.push({ position: table.at(at.end), kind: InlayHintKind.Parameter, label: [spoken(here), ...others].join("; "), paddingLeft: true });
  };
  const callers = (one: Linked<unknown>) => shortest(facts.beside(one, routeBudget).flatMap(({ value }) => value.limit?.known ?? [])).map((ms) => spoken(say`callers wait ${duration(ms)}`));
  for (const one of facts.in(path, serverTimeout)) {
    const ttl = shortest(facts.beside(one, registryTtl).map(({ value }) => value.known));
    hint(one.at, one.value, [...callers(one), ...ttl.map((ms) => spoken(say`registry ${duration(ms)}`))]);
  }
  for (const one of facts.in(path, outboundCall)) hint(one.at, one.value.ms, callers(one));
  return hints;
}

const shortest = (all: readonly number[]): number[] => (all.length ? [Math.min(...all)] : []);
