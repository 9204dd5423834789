// Is this type an AbortSignal, or options that may hold one? Reads type annotations of one file and the well-known types of libraries.

import { typeName } from "./binding.ts";
import { ts, type Node, type TypeNode } from "./compiler.ts";
import { nodes, type TsFile } from "./parse.ts";
import { keyText } from "./value.ts";

/** How sure a value is to be there. */
export interface Looseness {
  /** It may be undefined. */
  readonly missing: boolean;
  /** It may be null. */
  readonly nullable: boolean;
}

const depthLimit = 8;
const sure: Looseness = { missing: false, nullable: false };

/** Option types of libraries that declare `signal`, and how loosely. */
const optionTypes: Readonly<Record<string, Looseness>> = {
  "#RequestInit": { missing: true, nullable: true },
  "undici#RequestInit": { missing: true, nullable: true },
  "undici-types#RequestInit": { missing: true, nullable: true },
  "@connectrpc/connect#CallOptions": { missing: true, nullable: false },
  "@connectrpc/connect#HandlerContext": sure,
  "@bufbuild/connect#HandlerContext": sure,
  "nice-grpc#CallContext": sure,
  "nice-grpc-common#CallContext": sure,
  "nice-grpc#CallOptions": { missing: true, nullable: false },
  "nice-grpc-common#CallOptions": { missing: true, nullable: false },
};

/** AbortSignal itself, possibly with undefined or null. */
export function isSignalType(file: TsFile, type: TypeNode): Looseness | undefined {
  if (typeName(file, type) !== "#AbortSignal") return undefined;
  const parts = ts.isUnionTypeNode(type) ? type.types : [];
  return {
    missing: parts.some((one) => one.kind === ts.SyntaxKind.UndefinedKeyword),
    nullable: parts.some((one) => ts.isLiteralTypeNode(one) && one.literal.kind === ts.SyntaxKind.NullKeyword),
  };
}

/** The `signal` that an options type declares; undefined when it declares none, or cannot be read here. */
export function signalMember(file: TsFile, type: TypeNode): Looseness | undefined {
  const found = memberOf(file, type, 0);
  return found === "none" || found === "unread" ? undefined : found;
}

/** True when it is certain that values of the type hold no signal. */
export function holdsNoSignal(file: TsFile, type: TypeNode): boolean {
  return !isSignalType(file, type) && memberOf(file, type, 0) === "none";
}

function memberOf(file: TsFile, type: TypeNode, depth: number): Looseness | "none" | "unread" {
  if (depth > depthLimit) return "unread";
  if (ts.isParenthesizedTypeNode(type)) return memberOf(file, type.type, depth + 1);
  if (ts.isTypeLiteralNode(type)) return ofMembers(file, type.members);
  if (ts.isIntersectionTypeNode(type)) return firstOf(type.types.map((one) => memberOf(file, one, depth + 1)));
  if (ts.isUnionTypeNode(type)) {
    const rest = type.types.filter((one) => one.kind !== ts.SyntaxKind.UndefinedKeyword && !ts.isLiteralTypeNode(one));
    if (rest.length === 1) return memberOf(file, rest[0]!, depth + 1);
    return rest.every((one) => memberOf(file, one, depth + 1) === "none") ? "none" : "unread";
  }
  if (!ts.isTypeReferenceNode(type)) return ts.isTypeQueryNode(type) || ts.isIndexedAccessTypeNode(type) || ts.isMappedTypeNode(type) || type.kind === ts.SyntaxKind.AnyKeyword || type.kind === ts.SyntaxKind.UnknownKeyword ? "unread" : "none";
  const name = typeName(file, type) ?? "";
  const known = optionTypes[name];
  if (known) return known;
  const [inner, keys] = type.typeArguments ?? [];
  if (/^#(Partial|Readonly|Required|NonNullable)$/.test(name) && inner) return loosened(name, memberOf(file, inner, depth + 1));
  if (/^#(Omit|Pick)$/.test(name) && inner && keys) return /["']signal["']/.test(keys.getText()) === (name === "#Pick") ? memberOf(file, inner, depth + 1) : "none";
  if (/^#(Array|ReadonlyArray|Map|Set|Date|Buffer|Uint8Array|URL|Promise|Error|RegExp|Record)$/.test(name)) return "none";
  return ts.isIdentifier(type.typeName) ? declaredHere(file, type.typeName.text, depth) : "unread";
}

function loosened(wrapper: string, found: Looseness | "none" | "unread"): Looseness | "none" | "unread" {
  if (typeof found === "string") return found;
  return wrapper === "#Partial" ? { ...found, missing: true } : wrapper === "#Required" ? { ...found, missing: false } : found;
}

function declaredHere(file: TsFile, name: string, depth: number): Looseness | "none" | "unread" {
  const alias = nodes<any>(file, ts.SyntaxKind.TypeAliasDeclaration).find((one) => one.name.text === name);
  if (alias) return memberOf(file, alias.type as TypeNode, depth + 1);
  const declared = nodes<any>(file, ts.SyntaxKind.InterfaceDeclaration).filter((one) => one.name.text === name);
  if (declared.length === 0) return "unread";
  return firstOf(declared.flatMap((one) => [
    ofMembers(file, one.members),
    ...(one.heritageClauses ?? []).flatMap((clause: any) => clause.types.map((base: any) => (ts.isIdentifier(base.expression) ? baseOf(file, base.expression.text, depth) : "unread"))),
  ]));
}

function baseOf(file: TsFile, name: string, depth: number): Looseness | "none" | "unread" {
  return optionTypes[`#${name}`] ?? (depth < depthLimit ? declaredHere(file, name, depth + 1) : "unread");
}

function ofMembers(file: TsFile, members: readonly Node[]): Looseness | "none" {
  for (const one of members) {
    if (!ts.isPropertySignature(one) || keyText(one.name) !== "signal" || !one.type) continue;
    const found = isSignalType(file, one.type);
    if (found) return { ...found, missing: found.missing || one.questionToken !== undefined };
  }
  return "none";
}

function firstOf(found: readonly (Looseness | "none" | "unread")[]): Looseness | "none" | "unread" {
  return found.find((one) => typeof one === "object") ?? found.find((one) => one === "unread") ?? "none";
}
