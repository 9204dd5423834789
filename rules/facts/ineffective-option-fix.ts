// Question: what takes the place of an option without effect? Writes plain code that needs no import.

import { ts, type Node, type ObjectLiteralExpression, type PropertyAssignment } from "../../engine/typescript/compiler.ts";
import { literalSlot } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { propertyRemoval } from "../../engine/typescript/property-removal.ts";
import { signalAt, writtenAt } from "../../engine/typescript/signal.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import type { Fix } from "../../engine/types.ts";

/** The fix that a row asks for; undefined where the text has no place for it. */
export function ineffectiveFix(file: TsFile, kind: string | undefined, property: PropertyAssignment, call: Node, leaving: ReadonlySet<Node>): Fix | undefined {
  const literal = property.parent;
  const written = property.initializer.getText();
  const name = keyText(property.name)!;
  if (kind === undefined || !ts.isObjectLiteralExpression(literal)) return undefined;
  if (kind === "remove") {
    const at = propertyRemoval(file, property, leaving);
    return at && { title: `Remove ${name}`, safe: true, edits: [{ at, text: "" }] };
  }
  if (kind === "signal") {
    // A signal in options that several calls share would run out for all of them at once.
    if (argumentOf(literal) !== call || !isNumber(file, property)) return undefined;
    return { title: "Limit the call with AbortSignal.timeout()", safe: false, edits: [{ at: span(property), text: `signal: ${limited(file, call, written)}` }] };
  }
  if (kind === "etcd3") {
    if (has(literal, "defaultCallOptions") || !isNumber(file, property)) return undefined;
    const text = `defaultCallOptions: (context) => (context.isStream ? {} : { deadline: Date.now() + ${written} })`;
    return { title: "Give every call a deadline", safe: false, edits: [{ at: span(property), text }] };
  }
  if (kind.includes(":")) {
    const slot = literalSlot(file, literal);
    return slot && { title: `Add ${kind}`, safe: false, edits: [{ at: slot.at, text: slot.before + kind + slot.after }] };
  }
  return has(literal, kind) ? undefined : { title: `Use ${kind}`, safe: false, edits: [{ at: span(property.name), text: kind }] };
}

/** The call that a literal is an argument of, casts left aside. */
function argumentOf(literal: Node): Node {
  let up = literal.parent;
  while (ts.isAsExpression(up) || ts.isSatisfiesExpression(up) || ts.isParenthesizedExpression(up)) up = up.parent;
  return up;
}

const has = (literal: ObjectLiteralExpression, key: string) => literal.properties.some((one) => one.name !== undefined && keyText(one.name) === key);

/** A text like "5s" is no number of milliseconds. */
function isNumber(file: TsFile, property: PropertyAssignment): boolean {
  const found = value(file, property.initializer);
  return !("known" in found) || typeof found.known === "number";
}

/** A limit of its own, joined with the signal that the function around the call is given. */
function limited(file: TsFile, call: Node, ms: string): string {
  const own = `AbortSignal.timeout(${ms})`;
  const source = signalAt(file, call);
  if (!source || source.kind === "framework") return own;
  const text = writtenAt(file, call, source);
  return source.missing || source.nullable ? `${text} ? AbortSignal.any([${text}, ${own}]) : ${own}` : `AbortSignal.any([${text}, ${own}])`;
}
