// Fact: a StatsD client of hot-shots without an `errorHandler`. Judges nothing.

import { hearing } from "./error-listener.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type NewExpression } from "../../engine/typescript/compiler.ts";
import { quoteOf } from "../../engine/typescript/import-slot.ts";
import { anyOption, slot } from "../../engine/typescript/option.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import type { Edit, FactKind } from "../../engine/types.ts";

export const statsdClient: FactKind<{ readonly edits?: readonly Edit[] }> = {
  id: "statsd-client",
  title: "StatsD client",
  ts: {
    mentions: [["hot-shots"]],
    *find(file) {
      for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        if (!/^hot-shots#(StatsD)?$/.test(canonical(file, made.expression) ?? "") || anyOption(file, made.arguments?.[0], ["errorHandler", "mock"]) !== false) continue;
        // `client.socket.on("error", ...)` is the older way to say it.
        if (hearing(file).receivers.some((one) => ts.isPropertyAccessExpression(one) && one.name.text === "socket")) continue;
        const place = slot(file, made, 0);
        const quote = quoteOf(file);
        const text = `errorHandler: (error) => console.error(${quote}StatsD error${quote}, error)`;
        yield { at: span(made), value: place ? { edits: [{ at: place.at, text: place.before + text + place.after }] } : {} };
      }
    },
  },
};
