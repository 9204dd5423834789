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

/** A property of options that holds a signal. */
export interface SignalMember extends Looseness {
  readonly key: string;
}

const depthLimit = 8;
const sure: SignalMember = { key: "signal", missing: false, nullable: false };
const perhaps: SignalMember = { ...sure, missing: true };

/** Option types of libraries that declare `signal`, and how loosely. */
const optionTypes: Readonly<Record<string, SignalMember>> = {
  "#RequestInit": { ...perhaps, nullable: true },
  "undici#RequestInit": { ...perhaps, nullable: true },
  "undici-types#RequestInit": { ...perhaps, nullable: true },
  "@connectrpc/connect#CallOptions": perhaps,
  "@connectrpc/connect#HandlerContext": sure,
  "@bufbuild/connect#HandlerContext": sure,
  "nice-grpc#CallContext": sure,
  "nice-grpc-common#CallContext": sure,
  "nice-grpc#CallOptions": perhaps,
  "nice-grpc-common#CallOptions": perhaps,
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

/** The property of an options type that is an AbortSignal; undefined when it declares none, or cannot be read here. */
export function signalMember(file: TsFile, type: TypeNode): SignalMember | undefined {
  const found = memberOf(file, type, 0);
  return found === "none" || found === "unread" ? undefined : found;
}

/** True when it is certain that values of the type hold no signal. */
export function holdsNoSignal(file: TsFile, type: TypeNode): boolean {
  return !isSignalType(file, type) && memberOf(file, type, 0) === "none";
}

function memberOf(file: TsFile, type: TypeNode, depth: number): SignalMember | "none" | "unread" {
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
  if (/^#(Omit|Pick)$/.test(name) && inner && keys) return picked(name === "#Pick", keys.getText(), memberOf(file, inner, depth + 1));
  if (/^#(Array|ReadonlyArray|Map|Set|Date|Buffer|Uint8Array|URL|Promise|Error|RegExp|Record)$/.test(name)) return "none";
  return ts.isIdentifier(type.typeName) ? declaredHere(file, type.typeName.text, depth) : "unread";
}

function loosened(wrapper: string, found: SignalMember | "none" | "unread"): SignalMember | "none" | "unread" {
  if (typeof found === "string") return found;
  return wrapper === "#Partial" ? { ...found, missing: true } : wrapper === "#Required" ? { ...found, missing: false } : found;
}

function picked(keeps: boolean, keys: string, found: SignalMember | "none" | "unread"): SignalMember | "none" | "unread" {
  return typeof found === "string" || new RegExp(`["']${found.key}["']`).test(keys) === keeps ? found : "none";
}

function declaredHere(file: TsFile, name: string, depth: number): SignalMember | "none" | "unread" {
  const alias = nodes<any>(file, ts.SyntaxKind.TypeAliasDeclaration).find((one) => one.name.text === name);
  if (alias) return memberOf(file, alias.type as TypeNode, depth + 1);
  const declared = nodes<any>(file, ts.SyntaxKind.InterfaceDeclaration).filter((one) => one.name.text === name);
  if (declared.length === 0) return "unread";
  return firstOf(declared.flatMap((one) => [
    ofMembers(file, one.members),
    ...(one.heritageClauses ?? []).flatMap((clause: any) => clause.types.map((base: any) => (ts.isIdentifier(base.expression) ? baseOf(file, base.expression.text, depth) : "unread"))),
  ]));
}

function baseOf(file: TsFile, name: string, depth: number): SignalMember | "none" | "unread" {
  return optionTypes[`#${name}`] ?? (depth < depthLimit ? declaredHere(file, name, depth + 1) : "unread");
}

function ofMembers(file: TsFile, members: readonly Node[]): SignalMember | "none" {
  for (const one of members) {
    const key = ts.isPropertySignature(one) ? keyText(one.name) : undefined;
    const found = key !== undefined && ts.isPropertySignature(one) && one.type && isSignalType(file, one.type);
    if (found) return { key, missing: found.missing || one.questionToken !== undefined, nullable: found.nullable };
  }
  return "none";
}

function firstOf(found: readonly (SignalMember | "none" | "unread")[]): SignalMember | "none" | "unread" {
  return found.find((one) => typeof one === "object") ?? found.find((one) => one === "unread") ?? "none";
}
