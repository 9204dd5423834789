// Question: after which time does the text of an HTTP call, or of the making of its client, give up? The shortest limit counts.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type Expression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { value } from "../../engine/typescript/value.ts";
import { apply, asNumber } from "../../engine/value.ts";
import type { Value } from "../../engine/types.ts";
import { clientUseAt, type ClientUse } from "./http-client.ts";

/** The limit in ms; undefined when the text sets none, unknown when it sets one that is not read. */
export function limitMs(file: TsFile, use: ClientUse): Value<number> | undefined {
  if (use.row.options === "chain" || use.options === "unknown") return { unknown: "options that are not read" };
  const own = ofOptions(file, use, use.options);
  if (own) return own;
  const maker = clientUseAt(file, use.maker);
  return maker && maker.options !== "unknown" ? ofOptions(file, maker, maker.options) : undefined;
}

function ofOptions(file: TsFile, { row }: ClientUse, options: Expression | undefined): Value<number> | undefined {
  const limits: Value<number>[] = [];
  for (const key of [...(row.bounds ?? []), ...(row.together?.slice(0, 1) ?? [])]) {
    const found = option(file, options, key);
    if (found.is === "unknown") return { unknown: found.why };
    if (found.is !== "present" || isZero(found.value)) continue;
    limits.push(key === "signal" ? ofSignal(file, found.node) : asNumber(found.value));
  }
  return limits.length ? (limits.length === 1 ? limits[0]! : (apply("min", limits, limits.flatMap((one) => ("from" in one ? one.from : []))) as Value<number>)) : undefined;
}

const isZero = (one: Value<unknown>) => "known" in one && (one.known === 0 || one.known === false);

/** `AbortSignal.timeout(ms)`, alone or in `AbortSignal.any([...])`. */
function ofSignal(file: TsFile, node: Expression): Value<number> {
  const made = receiverOf(file, node).made;
  const name = made && ts.isCallExpression(made) ? canonical(file, made.expression) : undefined;
  if (!made || !ts.isCallExpression(made)) return { unknown: "a signal from elsewhere" };
  if (name === "#AbortSignal.timeout") return asNumber(value(file, made.arguments[0]));
  const list = name === "#AbortSignal.any" ? made.arguments[0] : undefined;
  const timer = list && ts.isArrayLiteralExpression(list) ? list.elements.map((one) => ofSignal(file, one)).find((one) => !("unknown" in one)) : undefined;
  return timer ?? { unknown: "a signal that is not read" };
}
