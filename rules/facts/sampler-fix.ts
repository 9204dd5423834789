// Question: which text samples one trace in ten, and follows the decision of the caller? Names classes as the file does.

import type { Sampler } from "./sampler.ts";
import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type NewExpression } from "../../engine/typescript/compiler.ts";
import { importSlot, type ImportSlot } from "../../engine/typescript/import-slot.ts";
import { slot } from "../../engine/typescript/option.ts";
import { span, type TsFile } from "../../engine/typescript/parse.ts";
import { declaration, references } from "../../engine/typescript/scope.ts";
import type { Edit, Span } from "../../engine/types.ts";

interface TextEdit {
  readonly at: Span;
  readonly text: string;
}

/** Replaces or wraps a sampler; undefined where the classes cannot be named. */
export function samplerFix(file: TsFile, made: NewExpression, { keeps }: Sampler, parented: boolean): readonly Edit[] | undefined {
  const old = keeps === "everything" && ts.isIdentifier(made.expression) ? made.expression.text : "";
  const wanted = parented ? ["TraceIdRatioBasedSampler"] : ["ParentBasedSampler", "TraceIdRatioBasedSampler"];
  const names = namesOf(file, made, wanted);
  if (!names) return undefined;
  const own = keeps === "unparented" ? made.getText() : `new ${names.TraceIdRatioBasedSampler!.name}(0.1)`;
  const text = parented ? own : `new ${names.ParentBasedSampler!.name}({ root: ${own} })`;
  const imports = merged(Object.values(names));
  return [...(old ? replaced(file, made, imports) : imports), { at: span(made), text }];
}

/** Adds a sampler to a provider that has none. */
export function missingSamplerFix(file: TsFile, made: NewExpression): readonly Edit[] | undefined {
  const place = slot(file, made, 0);
  const names = namesOf(file, made, ["ParentBasedSampler", "TraceIdRatioBasedSampler"]);
  if (!place || !names) return undefined;
  const text = `sampler: new ${names.ParentBasedSampler!.name}({ root: new ${names.TraceIdRatioBasedSampler!.name}(0.1) })`;
  return [...merged(Object.values(names)), { at: place.at, text: place.before + text + place.after }];
}

/** Classes as the file would name them; those of `sdk-node` stand below its export `tracing`. */
function namesOf(file: TsFile, made: NewExpression, wanted: readonly string[]): Record<string, ImportSlot> | undefined {
  const name = canonical(file, made.expression) ?? "";
  const module = name.slice(0, name.indexOf("#"));
  if (module === "@opentelemetry/core" || name.startsWith("@opentelemetry/sdk-node#core.")) return undefined;
  const below = module === "@opentelemetry/sdk-node" ? importSlot(file, made, module, "tracing") : undefined;
  if (module === "@opentelemetry/sdk-node" && !below) return undefined;
  const found = wanted.map((one) => [one, below ? { ...below, name: `${below.name}.${one}` } : importSlot(file, made, module, one)] as const);
  return found.every(([, place]) => place !== undefined) ? (Object.fromEntries(found) as Record<string, ImportSlot>) : undefined;
}

/** One edit for each place: two names for one import go in together. */
function merged(names: readonly ImportSlot[]): TextEdit[] {
  const found: { at: Span; text: string }[] = [];
  for (const { edit } of names) {
    if (!edit) continue;
    const same = found.find((one) => one.at.start === edit.at.start);
    if (!same) found.push({ at: edit.at, text: edit.text });
    else if (!same.text.includes(edit.text)) same.text += edit.text;
  }
  return found;
}

/** An import that nothing uses any more makes way for the new names. */
function replaced(file: TsFile, made: NewExpression, imports: readonly TextEdit[]): readonly Edit[] {
  const declared = ts.isIdentifier(made.expression) ? declaration(file, made.expression) : undefined;
  const [first] = imports;
  if (!declared || !ts.isImportSpecifier(declared) || imports.length !== 1 || !first!.text.startsWith(", ") || references(file, declared, declared.name.text).length !== 1) return imports;
  return [{ at: span(declared), text: first!.text.slice(2) }];
}
