// textDocument/completion: keys and values of pitlint.yaml, and rule ids in suppression comments.

import { CompletionItemKind, type CompletionItem, type Range } from "vscode-languageserver/node";
import { packs } from "../../rules/packs/index.ts";
import { configPlace, type ConfigPlace } from "../config-place.ts";
import { schemaAt, valuesOf } from "../config-schema.ts";
import { isConfig } from "./config-hover.ts";
import type { Positions } from "../convert.ts";
import type { Server } from "../server.ts";
import type { View } from "../view.ts";

/** Answers from the text as it is now: nothing here depends on an analysis of it. */
export function completion(server: Server, path: string, text: string, offset: number, table: Positions, view: View | undefined): CompletionItem[] {
  const comment = /pitlint-ignore-(?:next-line|line|start|file)[ \t]+(?:[\w/-]+,[ \t]*)*([\w/-]*)$/.exec(text.slice(Math.max(0, offset - 500), offset));
  if (comment) {
    const range = table.range({ start: offset - comment[1]!.length, end: offset });
    return [...server.rules.values()].map((rule) => item(rule.id, CompletionItemKind.Reference, range, server.translation.title(rule.title)));
  }
  const at = isConfig(path) ? configPlace(text, offset) : undefined;
  return at ? inConfig(server, at, text, table.range(at.word), view) : [];
}

function inConfig(server: Server, at: ConfigPlace, text: string, range: Range, view: View | undefined): CompletionItem[] {
  if (at.part === "key") {
    const stated = schemaAt(server.schema, at.above);
    const node = stated?.items ?? stated;
    const insert = (key: string) => (text[at.word.end] === ":" || at.key ? key : /^(object|array)$/.test(node?.properties?.[key]?.type ?? "") ? `${key}:` : `${key}: `);
    const names = at.above.length === 1 && at.above[0] === "services" ? packageNames(view) : [];
    return [...Object.entries(node?.properties ?? {}).map(([key, { description }]) => ({ ...item(key, CompletionItemKind.Property, range, description ?? ruleTitle(server, key)), textEdit: { range, newText: insert(key) } })), ...names.map((one) => ({ ...item(one, CompletionItemKind.Module, range), textEdit: { range, newText: at.key ? one : `${one}:` } }))];
  }
  const path = at.part === "value" && at.key ? [...at.above, at.key.text] : at.above;
  const [first, second, third] = path;
  if (first === "packs" && second !== undefined && path.length === 2) return (packs.find((one) => one.name === second)?.releases ?? []).map((one) => item(one.version, CompletionItemKind.Value, range, one.why, true)).reverse();
  if (first === "services" && third === "source") return packageFolders(view).map((one) => item(one, CompletionItemKind.Folder, range));
  if (first === "services" && third === "workloads") return workloadIds(view).map(([id, file]) => item(id, CompletionItemKind.Module, range, file));
  return valuesOf(schemaAt(server.schema, path)).map((one) => item(one, CompletionItemKind.EnumMember, range));
}

function item(label: string, kind: CompletionItemKind, range: Range, detail?: string, quoted?: true): CompletionItem {
  // A version is text: 1.10 as a number would be 1.1.
  return { label, kind, ...(detail ? { detail } : {}), textEdit: { range, newText: quoted ? `"${label}"` : label } };
}

/** Where rules are graded, a key is the id of a rule. */
function ruleTitle(server: Server, key: string): string | undefined {
  const rule = server.rules.get(key);
  return rule && server.translation.title(rule.title);
}

/** Folders that hold a package.json, from the session's own list of what was and was not linked. */
function packageFolders(view: View | undefined): string[] {
  const { linked = [], unlinked = [] } = view?.result.summary ?? {};
  return [...new Set([...linked.map((one) => one.source), ...unlinked.flatMap(({ name }) => /^package (?!\.$)(.+)$/.exec(name)?.[1] ?? [])])].filter(Boolean).sort();
}

const packageNames = (view: View | undefined) => [...new Set(packageFolders(view).map((one) => one.slice(one.lastIndexOf("/") + 1)))];

/** `Deployment/orders` and the file it stands in. */
function workloadIds(view: View | undefined): [string, string][] {
  const { linked = [], unlinked = [] } = view?.result.summary ?? {};
  const named = [...linked.map((one) => one.target), ...unlinked.map((one) => one.name)].flatMap((one) => { const found = /^([^\s/]+\/\S+) \((.+)\)$/.exec(one); return found ? [[found[1]!, found[2]!] as [string, string]] : []; });
  return [...new Map(named)].sort(([a], [b]) => (a < b ? -1 : 1));
}
