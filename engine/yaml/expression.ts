// What an expression of a Go template gives, as far as the values of a chart tell. Knows no document of the template; what it does not know is unknown.

import { nodesOf } from "./place.ts";
import { scalar } from "./read.ts";
import { member, placeOf, type Layers } from "./values.ts";
import type { Scalar, Span } from "../types.ts";

/** What an expression gives. `root` is the outermost dot, `nil` what is nowhere set. */
export type Given =
  | { readonly values: Layers }
  | { readonly scalar: Scalar; readonly source?: Span; readonly quoted?: true }
  | { readonly nil: true }
  | { readonly root: true }
  | { readonly unknown: string };

/** What is known where a template is rendered. */
export interface Scope {
  /** `.Values`; undefined when it is not known. */
  readonly values: Layers | undefined;
  /** `.Values.global`, which the parent chart may set. */
  readonly global?: Layers;
  /** `.Chart`: name, version, appVersion. */
  readonly chart: Layers | undefined;
}

const unknown = (why: string): Given => ({ unknown: why });
/** Parentheses in parentheses; charts have three. */
const MAX_DEPTH = 20;
const TOKEN = /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|-?\d[\w.]*|\$\w*(?:\.\w+)*|(?:\.\w+)+|\.|[A-Za-z_]\w*|[()|]|:?=|,/gy;

/** Evaluates an expression where the dot is `dot`. */
export function evaluate(expression: string, scope: Scope, dot: Given): Given {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let read = 0;
  for (const match of expression.matchAll(TOKEN)) {
    read += match[0].length;
    if (match[0].trim() !== "") tokens.push(match[0]);
  }
  if (read !== expression.length || tokens.length === 0) return unknown(expression);
  const reader = { tokens, at: 0 };
  const given = pipeline(reader, scope, dot, 0);
  return reader.at === tokens.length ? given : unknown(expression);
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

function pipeline(reader: Reader, scope: Scope, dot: Given, depth: number): Given {
  if (depth > MAX_DEPTH) return unknown("nested too deeply");
  let piped: Given | undefined;
  for (;;) {
    piped = command(reader, scope, dot, piped, depth);
    if (reader.tokens[reader.at] !== "|") return piped;
    reader.at += 1;
  }
}

function command(reader: Reader, scope: Scope, dot: Given, piped: Given | undefined, depth: number): Given {
  const operands: Given[] = [];
  let name: string | undefined;
  for (let token = reader.tokens[reader.at]; token !== undefined && token !== "|" && token !== ")"; token = reader.tokens[reader.at]) {
    reader.at += 1;
    if (/^[A-Za-z_]/.test(token) && !/^(?:true|false|nil)$/.test(token)) {
      if (name === undefined && operands.length === 0) name = token;
      else operands.push(unknown(token));
      continue;
    }
    if (token !== "(") {
      operands.push(operand(token, scope, dot));
      continue;
    }
    let inner = pipeline(reader, scope, dot, depth + 1);
    if (reader.tokens[reader.at] !== ")") return unknown("not closed");
    reader.at += 1;
    const field = reader.tokens[reader.at];
    if (field !== undefined && /^\.\w/.test(field)) {
      inner = fields(field, scope, inner);
      reader.at += 1;
    }
    operands.push(inner);
  }
  if (piped) operands.push(piped);
  if (name !== undefined) return call(name, operands);
  return operands.length === 1 ? operands[0] ?? unknown("empty") : unknown("not a call");
}

function operand(token: string, scope: Scope, dot: Given): Given {
  const first = token.charAt(0);
  if (first === "`") return { scalar: token.slice(1, -1) };
  if (first === '"') return quotedText(token);
  if (first === "$") return /^\$(?:\.|$)/.test(token) ? fields(token.slice(1), scope, { root: true }) : unknown(token);
  if (first === ".") return token === "." ? dot : fields(token, scope, dot);
  if (token === "true" || token === "false") return { scalar: token === "true" };
  if (token === "nil") return { nil: true };
  return /^-?\d+(?:\.\d+)?$/.test(token) ? { scalar: Number(token) } : unknown(token);
}

function quotedText(token: string): Given {
  try {
    return { scalar: String(JSON.parse(token)) };
  } catch {
    return unknown(token);
  }
}

/** `.a.b` below something. */
function fields(path: string, scope: Scope, from: Given): Given {
  let here = from;
  for (const key of path.split(".").filter((part) => part !== "")) {
    if ("root" in here) here = topLevel(key, scope);
    else if ("values" in here) {
      if (here.values[0].found.node.open !== undefined) return unknown(path);
      // The fields of `.Chart` begin with a capital, those of Chart.yaml do not.
      const name = here.values === scope.chart ? key.charAt(0).toLowerCase() + key.slice(1) : key;
      const next = isMap(here.values) ? member(here.values, name) : undefined;
      const own = here.values === scope.values && key === "global" && scope.global ? [...scope.global, ...(next ?? [])] as unknown as Layers : next;
      here = own ? { values: own } : { nil: true };
    } else if (!("nil" in here)) return unknown(path);
  }
  return here;
}

function topLevel(key: string, scope: Scope): Given {
  if (key === "Values") return scope.values ? { values: scope.values } : unknown(".Values");
  return key === "Chart" && scope.chart ? { values: scope.chart } : unknown(`.${key}`);
}

const isMap = ([top]: Layers) => top.found.node.kind === "map";

/** A known scalar; a map or list is none. */
export function scalarOf(given: Given): { readonly scalar: Scalar; readonly source?: Span; readonly quoted?: true } | undefined {
  if ("scalar" in given) return given;
  if (!("values" in given)) return undefined;
  const [top] = given.values;
  const value = scalar(top.document, top.found);
  return "known" in value ? { scalar: value.known, source: placeOf(top) } : undefined;
}

/** Truth in a template: https://pkg.go.dev/text/template#hdr-Actions. Undefined when it is not known. */
export function truth(given: Given): boolean | undefined {
  if ("nil" in given) return false;
  if ("root" in given) return true;
  if ("unknown" in given) return undefined;
  const known = scalarOf(given);
  if (known) return !(known.scalar === null || known.scalar === false || known.scalar === 0 || known.scalar === "");
  const node = "values" in given ? given.values[0].found.node : undefined;
  if (!("values" in given) || !node) return undefined;
  if (node.kind === "map") return given.values.some(({ found }) => found.node.kind === "map" && found.node.pairs.length > 0);
  return node.kind === "seq" ? node.items.length > 0 : undefined;
}

/** As it is printed; undefined for maps, lists and what is unknown. */
export function printed(given: Given): string | undefined {
  const known = scalarOf(given);
  if (!known) return undefined;
  const text = known.scalar === null ? "" : String(known.scalar);
  return known.quoted ? JSON.stringify(text) : text;
}

/** Functions that pass a value on, for the last operand. */
const PASS = /^(?:toYaml|nindent|indent|toString|print)$/;

function call(name: string, operands: readonly Given[]): Given {
  const last = operands.at(-1);
  if (!last) return unknown(name);
  if (PASS.test(name)) return name === "print" && operands.length > 1 ? unknown(name) : last;
  switch (name) {
    case "default": return firstTrue([last, ...operands.slice(0, -1)]);
    case "coalesce": return firstTrue(operands);
    case "required": return last;
    case "tpl": return rendered(operands[0] ?? last);
    case "quote":
    case "squote": return quoted(last);
    case "int":
    case "int64":
    case "atoi":
    case "float64": return numbered(last);
    case "not": return verdict([truth(last)], ([one]) => !one);
    case "empty": return verdict([truth(last)], ([one]) => !one);
    case "and": return operands.find((one) => truth(one) === false) ?? operands.find((one) => truth(one) === undefined) ?? last;
    case "or": return operands.find((one) => truth(one) === true) ?? operands.find((one) => truth(one) === undefined) ?? last;
    case "eq": return equal(operands);
    case "ne": return verdict([truth(equal(operands))], ([one]) => !one);
    case "gt":
    case "ge":
    case "lt":
    case "le": return compared(name, operands);
    case "ternary": return ternary(operands);
    case "hasKey": return hasKey(operands);
    case "printf": return formatted(operands);
    case "lower": return mapped(last, (text) => text.toLowerCase());
    case "upper": return mapped(last, (text) => text.toUpperCase());
    case "trim": return mapped(last, (text) => text.trim());
    case "trimSuffix": return affix(operands, (text, end) => (text.endsWith(end) ? text.slice(0, text.length - end.length) : text));
    case "trimPrefix": return affix(operands, (text, start) => (text.startsWith(start) ? text.slice(start.length) : text));
    case "trunc": return affix(operands, (text, length) => (Number(length) >= 0 ? text.slice(0, Number(length)) : text.slice(Number(length))));
    default: return unknown(name);
  }
}

/** A value that is itself a template is unknown. */
function rendered(given: Given): Given {
  const parts = "values" in given ? given.values.flatMap(({ found }) => [...nodesOf(found.node)]) : [];
  const isTemplate = "scalar" in given ? String(given.scalar).includes("{{") : parts.some((node) => node.kind === "alias" || (node.kind === "scalar" && String(node.value).includes("{{")));
  return isTemplate ? unknown("tpl") : given;
}

function firstTrue(candidates: readonly Given[]): Given {
  for (const one of candidates) {
    const is = truth(one);
    if (is === undefined) return unknown("default of an unknown value");
    if (is) return one;
  }
  return candidates.at(-1) ?? { nil: true };
}

function quoted(given: Given): Given {
  const known = scalarOf(given);
  return known ? { scalar: String(known.scalar ?? ""), quoted: true, ...(known.source ? { source: known.source } : {}) } : "nil" in given ? { nil: true } : unknown("quote");
}

function numbered(given: Given): Given {
  const known = scalarOf(given);
  const number = known && known.scalar !== null && typeof known.scalar !== "boolean" && known.scalar !== "" ? Number(known.scalar) : Number.NaN;
  return Number.isFinite(number) ? { scalar: number, ...(known?.source ? { source: known.source } : {}) } : unknown("not a number");
}

function verdict(of: readonly (boolean | undefined)[], decide: (known: readonly boolean[]) => boolean): Given {
  return of.includes(undefined) ? unknown("condition") : { scalar: decide(of as readonly boolean[]) };
}

/** The first one against each of the others. What is set nowhere equals nothing that is set. */
function equal(operands: readonly Given[]): Given {
  const [first, ...others] = operands.map((one) => ("nil" in one ? null : scalarOf(one)?.scalar));
  if (first === undefined || others.includes(undefined) || others.length === 0) return unknown("eq");
  return { scalar: others.includes(first) };
}

function compared(name: string, operands: readonly Given[]): Given {
  const [a, b] = operands.map((one) => scalarOf(one)?.scalar);
  if (operands.length !== 2 || typeof a !== "number" || typeof b !== "number") return unknown(name);
  return { scalar: name === "gt" ? a > b : name === "ge" ? a >= b : name === "lt" ? a < b : a <= b };
}

function ternary([yes, no, test]: readonly Given[]): Given {
  const is = test && truth(test);
  return (is === undefined ? undefined : is ? yes : no) ?? unknown("ternary");
}

function hasKey([of, key]: readonly Given[]): Given {
  const name = key && printed(key);
  if (!of || !("values" in of) || name === undefined) return unknown("hasKey");
  return { scalar: member(of.values, name) !== undefined };
}

function formatted([format, ...rest]: readonly Given[]): Given {
  const text = format && printed(format);
  const parts = rest.map(printed);
  if (text === undefined || parts.includes(undefined) || /%[^sdv%]/.test(text)) return unknown("printf");
  let next = 0;
  return { scalar: text.replace(/%[sdv%]/g, (verb) => (verb === "%%" ? "%" : parts[next++] ?? "")) };
}

function mapped(given: Given, change: (text: string) => string): Given {
  const text = printed(given);
  return text === undefined ? unknown("text") : { scalar: change(text) };
}

function affix([by, of]: readonly Given[], change: (text: string, by: string) => string): Given {
  const part = by && printed(by);
  return part === undefined || !of ? unknown("text") : mapped(of, (text) => change(text, part));
}
