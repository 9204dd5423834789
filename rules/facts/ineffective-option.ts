// Fact: an option is set that a library ignores, in all its releases or in some. The options are rows of a table.

import table from "../defaults/ineffective-options.json" with { type: "json" };
import { ineffectiveFix } from "./ineffective-option-fix.ts";
import { imports as importing, named } from "../../engine/mention.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node, type PropertyAssignment } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, once, span, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { asNumber } from "../../engine/value.ts";
import type { Fact, FactKind, Fix, Value } from "../../engine/types.ts";

/** What is known of one option without effect. */
export interface OptionRow {
  /** Pattern of canonical names of what is called; a row without one is about keys of object literals. */
  readonly callee?: string;
  readonly new?: boolean;
  readonly options?: number;
  readonly option?: string;
  /** With one of these, the option takes effect, or something else limits the time. */
  readonly unless?: readonly string[];
  /** Keys that mean the same thing wherever they stand in a file that imports one of the modules. */
  readonly keys?: readonly string[];
  /** A file that sets the option imports one of these, where it is not an option of a global. */
  readonly modules: readonly string[];
  /** Property that holds the literal with the key. */
  readonly under?: string;
  /** A module that gives the key an effect. */
  readonly notBeside?: string;
  /** What happens instead, as the end of a sentence. */
  readonly says: string;
  /** Package, first version, first version that is different again; "" is the package that is called. All versions without it. */
  readonly versions?: readonly (readonly string[])[];
  /** "signal", "etcd3", "remove", an option to be added beside it, or a name to be given to it. */
  readonly fix?: string;
  readonly source: string;
}

export interface IneffectiveOption {
  readonly option: string;
  /** What is written, where it is a time in ms. */
  readonly value?: Value<number>;
  readonly says: string;
  readonly versions?: readonly (readonly string[])[];
  readonly fix?: Fix;
}

const rows = (table as readonly OptionRow[]).map((row) => ({ ...row, pattern: row.callee === undefined ? undefined : new RegExp(row.callee) }));

export const ineffectiveOption: FactKind<IneffectiveOption> = {
  id: "ineffective-option",
  title: "Option without effect",
  ts: {
    serverOnly: true,
    mentions: [[named("fetch"), ...importing(...new Set(rows.flatMap((row) => row.modules)))], ["timeout", "Timeout", "grpc.", "http2M", "maxMetadataSize"]],
    *find(file) {
      for (const kind of [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression])
        for (const call of nodes<CallExpression | NewExpression>(file, kind)) {
          const name = canonical(file, call.expression);
          if (name !== undefined && rowsOf(file, name).length > 0) yield* ofCall(file, call, name);
        }
      yield* ofKeys(file);
    },
  },
};

/** The rows of what is called so. A file calls the same names over and over. */
function rowsOf(file: TsFile, name: string): readonly (typeof rows)[number][] {
  const known = once(file, rowsOf, noRows);
  const found = known.get(name) ?? rows.filter((row) => row.pattern?.test(name));
  known.set(name, found);
  return found;
}

const noRows = () => new Map<string, readonly (typeof rows)[number][]>();

function* ofCall(file: TsFile, call: CallExpression | NewExpression, name: string): Iterable<Fact<IneffectiveOption>> {
  if (call.arguments?.some((one) => ts.isSpreadElement(one))) return;
  for (const row of rowsOf(file, name)) {
    if (!row.option || (row.new ?? false) !== ts.isNewExpression(call)) continue;
    const options = call.arguments?.[row.options ?? 0];
    const found = option(file, options, row.option);
    if (found.is !== "present" || row.unless?.some((one) => option(file, options, one).is !== "absent")) continue;
    const value = asNumber(found.value);
    // Zero, null and false switch a limit off: nobody relies on it.
    if ("known" in found.value && !found.value.known) continue;
    const property = propertyOf(found.node);
    const fix = property && ineffectiveFix(file, row.fix, property, call, new Set([property]));
    const versions = row.versions?.map(([pkg, ...range]) => [pkg || name.slice(0, name.indexOf("#")), ...range]);
    yield { at: placeOf(property ?? found.node), value: { option: row.option.slice(row.option.lastIndexOf(".") + 1), value, says: row.says, ...(versions ? { versions } : {}), ...(fix ? { fix } : {}) } };
  }
}

function* ofKeys(file: TsFile): Iterable<Fact<IneffectiveOption>> {
  const found = new Map<PropertyAssignment, OptionRow>();
  for (const one of nodes<PropertyAssignment>(file, ts.SyntaxKind.PropertyAssignment)) {
    const key = keyText(one.name);
    const row = rows.find((row) => row.keys?.includes(key ?? "") && row.modules.some((module) => imports(file, module)) && !(row.notBeside && imports(file, row.notBeside)));
    if (row && (row.under === undefined || (holderOf(one) === row.under && /\bTransport\.GRPC\b/.test(file.text)))) found.set(one, row);
  }
  const leaving = new Set<Node>(found.keys());
  for (const [one, row] of found) {
    const key = keyText(one.name)!;
    const fix = ineffectiveFix(file, row.fix, one, one, leaving);
    const value = /_?ms$/i.test(key) ? asNumber(option(file, one.parent, [key]).is === "present" ? (option(file, one.parent, [key]) as { value: Value<unknown> }).value : { unknown: "not read" }) : undefined;
    yield { at: placeOf(one), value: { option: key, says: row.says, ...(value ? { value } : {}), ...(fix ? { fix } : {}) } };
  }
}

/** The property whose value an expression is, casts left aside. */
function propertyOf(node: Expression): PropertyAssignment | undefined {
  let up: Node = node;
  while (ts.isAsExpression(up.parent) || ts.isParenthesizedExpression(up.parent)) up = up.parent;
  return ts.isPropertyAssignment(up.parent) ? up.parent : undefined;
}

/** The property where it fits on a line, else its name. */
function placeOf(node: Node) {
  return ts.isPropertyAssignment(node) && /\n/.test(node.getText()) ? span(node.name) : span(node);
}

const holderOf = (property: PropertyAssignment): string | undefined => (ts.isPropertyAssignment(property.parent.parent) ? keyText(property.parent.parent.name) : undefined);

const imports = (file: TsFile, module: string): boolean => file.text.includes(`"${module}"`) || file.text.includes(`'${module}'`);
