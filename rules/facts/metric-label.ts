// Fact: a metric label whose values grow without bound, where a value is given or where the label is named. Judges nothing.

import { ts, type CallExpression, type Expression, type NewExpression, type Node, type ObjectLiteralExpression } from "../../engine/typescript/compiler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { propertyRemoval } from "../../engine/typescript/property-removal.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, references } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { growthOf, growthOfName, type Growth } from "./label-value.ts";
import { makes, metricOf, type MetricLibrary } from "./metric.ts";
import type { Edit, Fact, FactKind, Ref } from "../../engine/types.ts";

export interface MetricLabel {
  readonly library: MetricLibrary | undefined;
  /** The metric that another module makes. */
  readonly metric?: Ref;
  /** The label, where it has a name here. */
  readonly label?: string;
  readonly growth: Growth;
  /** The value as written; undefined where only the name of the label is seen. */
  readonly written?: string;
  readonly fix?: { readonly title: string; readonly edits: readonly Edit[] };
}

export const metricLabel: FactKind<MetricLabel> = {
  id: "metric-label",
  title: "Metric label",
  ts: {
    needs: ["prom-client", "@opentelemetry/api"],
    mentions: [],
    *find(file) {
      const used: Fact<MetricLabel>[] = nodes<CallExpression>(file, ts.SyntaxKind.CallExpression).flatMap((call) => [...fromUse(file, call)]);
      yield* used;
      const known = new Set(used.map((one) => one.value.label));
      for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) if (makes(file, made)) yield* fromNames(file, made, known);
    },
  },
};

/** Position of the labels in the calls of each library. */
const positions: Readonly<Record<string, number>> = { labels: 0, inc: 0, dec: 0, set: 0, observe: 0, startTimer: 0, add: 1, record: 1 };

function* fromUse(file: TsFile, call: CallExpression): Iterable<Fact<MetricLabel>> {
  const callee = call.expression;
  let owner: Expression | undefined;
  let position = 0;
  if (ts.isPropertyAccessExpression(callee) && Object.hasOwn(positions, callee.name.text)) (owner = callee.expression), (position = positions[callee.name.text]!);
  else if (ts.isIdentifier(callee)) {
    // `const end = histogram.startTimer(); end({ route })`
    const { made } = receiverOf(file, callee);
    if (made && ts.isCallExpression(made) && ts.isPropertyAccessExpression(made.expression) && made.expression.name.text === "startTimer") owner = made.expression.expression;
  }
  const given = call.arguments[position];
  if (!owner || !given) return;
  const found = metricOf(file, owner);
  if (found === undefined || (typeof found === "string" && (found === "OpenTelemetry") !== (position === 1))) return;
  const about = typeof found === "string" ? { library: found } : { library: undefined, metric: found };
  const literal = literalOf(file, given);
  if (literal) {
    for (const one of labelsOf(file, literal)) {
      const value = ts.isPropertyAssignment(one) ? one.initializer : ts.isShorthandPropertyAssignment(one) ? one.name : undefined;
      const label = one.name && keyText(one.name);
      const growth = value && growthAs(file, label, value);
      if (!value || label === undefined || !growth) continue;
      const fix = better(file, one, value, growth);
      yield { at: span(value), value: { ...about, label, growth, written: value.getText(), ...(fix ? { fix } : {}) } };
    }
  } else if (ts.isPropertyAccessExpression(callee) && callee.name.text === "labels")
    for (const one of call.arguments) {
      const growth = ts.isSpreadElement(one) ? undefined : growthOf(file, one);
      if (growth) yield { at: span(one), value: { ...about, growth, written: one.getText() } };
    }
}

/** By the value; of what a request names, the label tells what it is: `{ "user.id": req.params.id }`. */
function growthAs(file: TsFile, label: string | undefined, value: Expression): Growth | undefined {
  const growth = growthOf(file, value);
  const named = label === undefined || !/\b(params|query|body|headers)\b/.test(value.getText()) ? undefined : growthOfName(label.replace(/\W/g, "_"));
  return growth && named ? named : growth ?? (ts.isPropertyAccessExpression(bare(value)) ? named : undefined);
}

function literalOf(file: TsFile, node: Expression): ObjectLiteralExpression | undefined {
  const expr = bare(node);
  const made = ts.isObjectLiteralExpression(expr) ? expr : receiverOf(file, expr).made;
  return made && ts.isObjectLiteralExpression(bare(made)) ? (bare(made) as ObjectLiteralExpression) : undefined;
}

/** `{ labels, value, exemplarLabels }` keeps the labels one level deeper; an exemplar may hold an id. */
function labelsOf(file: TsFile, literal: ObjectLiteralExpression): ObjectLiteralExpression["properties"] | readonly never[] {
  if (option(file, literal, "exemplarLabels").is === "absent") return literal.properties;
  const inner = option(file, literal, "labels");
  return inner.is === "present" && ts.isObjectLiteralExpression(bare(inner.node)) ? (bare(inner.node) as ObjectLiteralExpression).properties : [];
}

/** The route instead of the path, where the framework has it; else without the label, unless a name is left unused. */
function better(file: TsFile, property: Node, value: Expression, growth: Growth): MetricLabel["fix"] {
  const request = /^(req|request)\.(url|originalUrl|path)$/.exec(value.getText())?.[1];
  if (growth === "url" && request && ts.isPropertyAssignment(property)) {
    const route = /["']express["']/.test(file.text) ? `${request}.route?.path` : /["']fastify["']/.test(file.text) ? `${request}.routeOptions.url` : undefined;
    if (route) return { title: `Use ${route}`, edits: [{ at: span(value), text: `${route} ?? "unmatched"` }] };
  }
  const expr = bare(value);
  const declared = ts.isIdentifier(expr) ? declaration(file, expr) : undefined;
  if (declared && ts.isIdentifier(expr) && references(file, declared, expr.text).length < 2) return undefined;
  const at = propertyRemoval(file, property, new Set([property]));
  return at && { title: `Drop the label ${property && (property as { name?: Node }).name?.getText()}`, edits: [{ at, text: "" }] };
}

/** `labelNames: ["trace_id"]`, where no value of that label is seen in the same file. */
function* fromNames(file: TsFile, made: NewExpression, known: ReadonlySet<string | undefined>): Iterable<Fact<MetricLabel>> {
  const found = option(file, made.arguments?.[0], "labelNames");
  const list = found.is === "present" ? bare(found.node) : undefined;
  if (!list || !ts.isArrayLiteralExpression(list)) return;
  for (const one of list.elements) {
    if (!ts.isStringLiteralLike(one) || known.has(one.text)) continue;
    const growth = growthOfName(one.text) ?? (/^(client_?)?ip$|^(raw_?)?ur[il]$/i.test(one.text) ? "other" : undefined);
    if (growth) yield { at: span(one), value: { library: "prom-client", label: one.text, growth } };
  }
}
