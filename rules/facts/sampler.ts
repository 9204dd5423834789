// Fact: a sampler that keeps every trace, or decides anew in each service. Question: what does a sampler expression keep?

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { value } from "../../engine/typescript/value.ts";
import type { FactKind, Ref } from "../../engine/types.ts";

/** What is wrong with a sampler; "fine" also where it cannot be told. */
export interface Sampler {
  readonly keeps: "everything" | "unparented" | "fine";
  /** As the code names it: `AlwaysOnSampler`, `TraceIdRatioBasedSampler(1)`. */
  readonly named: string;
}

export const sampler: FactKind<Sampler> = {
  id: "sampler",
  title: "Trace sampler",
  named: true,
  ts: {
    mentions: [],
    *find(file) {
      for (const one of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) if (samplerClass(file, one)) yield { at: span(one), value: samplerOf(file, one).sampler };
    },
  },
};

export interface SamplerUse {
  readonly sampler: Sampler;
  /** The `new` that is at fault. */
  readonly made?: NewExpression;
  /** A `ParentBasedSampler` stands around it. */
  readonly parented?: true;
  /** The sampler of another module. */
  readonly ref?: Ref;
}

const fine: SamplerUse = { sampler: { keeps: "fine", named: "" } };

/** Reads a sampler through variables and through the root of a `ParentBasedSampler`. */
export function samplerOf(file: TsFile, expr: Expression, parented = false): SamplerUse {
  const found = made(file, expr);
  if (!found || !ts.isNewExpression(found)) {
    const { ref } = receiverOf(file, expr);
    return ref && !parented ? { ...fine, ref } : fine;
  }
  const around = parented ? { parented: true as const } : {};
  switch (samplerClass(file, found)) {
    case "AlwaysOnSampler":
      return { sampler: { keeps: "everything", named: "AlwaysOnSampler" }, made: found, ...around };
    case "TraceIdRatioBasedSampler": {
      // Without an argument its ratio is 0: nothing is kept.
      const ratio = found.arguments?.[0] ? value(file, found.arguments[0]) : undefined;
      const known = ratio && "known" in ratio && typeof ratio.known === "number" ? ratio.known : undefined;
      const named = `TraceIdRatioBasedSampler${known === undefined ? "" : `(${known})`}`;
      if (known !== undefined && known >= 1) return { sampler: { keeps: "everything", named }, made: found, ...around };
      return parented || known === 0 || !ratio ? fine : { sampler: { keeps: "unparented", named }, made: found };
    }
    case "ParentBasedSampler": {
      const root = option(file, found.arguments?.[0], "root");
      return root.is === "present" && !parented ? samplerOf(file, root.node, true) : fine;
    }
  }
  return fine;
}

const packages = /^@opentelemetry\/(?:sdk-trace(?:-base|-node)?|core|sdk-node)#(?:\w+\.)*(AlwaysOnSampler|TraceIdRatioBasedSampler|ParentBasedSampler)$/;

function samplerClass(file: TsFile, made: NewExpression): string | undefined {
  return packages.exec(canonical(file, made.expression) ?? "")?.[1];
}
