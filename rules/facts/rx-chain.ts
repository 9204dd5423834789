// What becomes of an rxjs Observable that a Nest client returns: does something wait for it, and does its pipe bound the wait? States no fact itself.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, handlerOf } from "../../engine/typescript/handler.ts";
import { importSlot } from "../../engine/typescript/import-slot.ts";
import type { Slot } from "../../engine/typescript/option.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { settledParent, usesOf } from "./grpc-call-use.ts";
import type { Span } from "../../engine/types.ts";

export interface RxChain {
  /** `waits`: this code waits for the answer. `returned`: a handler hands it to Nest. `other`: bounded, or not to be told. */
  readonly end: "waits" | "returned" | "other";
  /** Where an operator is written, the name of the operator, and the import it needs. */
  readonly slot?: Slot & { readonly operator: string };
  readonly edit?: { readonly at: Span; readonly text: string };
}

const bounding = /^rxjs(\/operators)?#(timeout|timeoutWith|takeUntil|race|raceWith)$/;

export function rxChain(file: TsFile, call: CallExpression): RxChain {
  let pipe: CallExpression | undefined;
  let node: Node = call;
  for (let step = 0; step < 20; step++) {
    const { top, parent } = settledParent(node);
    if (ts.isPropertyAccessExpression(parent) && parent.expression === top && ts.isCallExpression(parent.parent) && parent.parent.expression === parent) {
      const method = parent.name.text;
      if (/^(subscribe|toPromise|forEach)$/.test(method)) return ended(file, call, "waits", pipe);
      if (method !== "pipe" || parent.parent.arguments.some((one) => !isPassive(file, one))) return { end: "other" };
      pipe ??= parent.parent;
      node = parent.parent;
    } else if (ts.isCallExpression(parent) && parent.arguments[0] === top) return /^rxjs#(firstValueFrom|lastValueFrom)$/.test(canonical(file, parent.expression) ?? "") ? ended(file, call, "waits", pipe) : { end: "other" };
    else if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
      const uses = usesOf(file, parent);
      if (uses.length !== 1) return { end: "other" };
      node = uses[0]!;
    } else if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === top)) {
      const owner = enclosingFunction(top);
      return owner && handlerOf(file, owner)?.function === owner ? ended(file, call, "returned", pipe) : { end: "other" };
    } else return { end: "other" };
  }
  return { end: "other" };
}

/** An operator of rxjs that sets no limit. One from elsewhere may set one. */
function isPassive(file: TsFile, node: Node): boolean {
  const operator = ts.isCallExpression(node) ? canonical(file, bare(node.expression)) : undefined;
  return operator !== undefined && /^rxjs(\/operators)?#/.test(operator) && !bounding.test(operator);
}

function ended(file: TsFile, call: CallExpression, end: RxChain["end"], pipe: CallExpression | undefined): RxChain {
  const operator = importSlot(file, call, "rxjs", "timeout");
  if (!operator) return { end };
  const at = pipe?.arguments[0]?.getStart() ?? call.end;
  const slot = pipe?.arguments[0] ? { before: "", after: ", " } : { before: ".pipe(", after: ")" };
  return { end, slot: { at: { file: "", start: at, end: at }, ...slot, operator: operator.name }, ...(operator.edit ? { edit: operator.edit } : {}) };
}
