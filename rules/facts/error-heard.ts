// Question: does anything in the service listen to the errors of an object? Follows modules, functions that return it and functions that are given it.

import { emitterMaker, emitterPass, errorEmitter, type ErrorEmitter } from "./error-emitter.ts";
import { anybody } from "./error-emitter-use.ts";
import { errorAttacher, errorListener } from "./error-listener.ts";
import { errorRows, type ErrorRow } from "./error-row.ts";
import type { FactKind, Facts, Linked, Ref } from "../../engine/types.ts";

/** The facts that the question needs. */
export const heardReads: readonly FactKind<any>[] = [errorEmitter, emitterMaker, emitterPass, errorListener, errorAttacher];

/** Objects of a file that nothing listens to, with their rows; those of one rule of the table. */
export function* unheard(path: string, facts: Facts, rule: string | undefined): Iterable<{ readonly fact: Linked<ErrorEmitter>; readonly row: ErrorRow }> {
  let elsewhere: Elsewhere | undefined;
  for (const fact of facts.in(path, errorEmitter)) {
    if (fact.value.heard) continue;
    const row = rowOf(fact, facts, 0);
    if (!row?.fails || row.rule !== rule || fact.value.handed.some((one) => attaches(path, one.to, one.index, facts))) continue;
    elsewhere ??= heardElsewhere(fact.service, facts);
    if (elsewhere.objects.has(keyOf(fact)) || fact.value.names.some((name) => (name === anybody ? [...elsewhere!.names].some((one) => mayBe(one, row)) : elsewhere!.names.has(name)))) continue;
    yield { fact, row };
  }
}

/** May a listener on something of this name be on the object? A client of a store or a broker is not called like a request or a stream. */
const mayBe = (name: string, { id }: ErrorRow) => !/^(pg|redis|ioredis|amqp|mysql|bullmq)/.test(id) || !transport.test(name);
const transport = /^(req|res|reply|app|image|input|output|std(in|out|err)|ws|wss|es|xhr)$|(request|response|stream|socket|server|file|child|proc|process|parser|archive|upload|writer|reader|reply|busboy|watcher|spawn|Stream|Socket|Request|Response)$/i;

interface Elsewhere {
  /** Objects that a listener elsewhere is known to be on. */
  readonly objects: ReadonlySet<string>;
  /** Names of what is listened to, where it is not known what that is. */
  readonly names: ReadonlySet<string>;
}

function heardElsewhere(service: string | undefined, facts: Facts): Elsewhere {
  const objects = new Set<string>();
  const names = new Set<string>();
  for (const one of facts.all(service, errorListener).facts) {
    const found = one.value.ref ? objectsOf(one.at.file, one.value.ref, facts) : [];
    for (const key of found) objects.add(key);
    if (found.length === 0) for (const name of one.value.names) names.add(name);
  }
  for (const one of facts.all(service, emitterPass).facts)
    if (attaches(one.at.file, one.value.to, one.value.index, facts)) for (const key of objectsOf(one.at.file, one.value.object, facts)) objects.add(key);
  return { objects, names };
}

/** The objects that a name stands for: itself, or what the function of that name returns. */
function objectsOf(file: string, ref: Ref, facts: Facts): string[] {
  const direct = facts.named(file, ref, errorEmitter);
  if (direct) return [keyOf(direct)];
  const maker = facts.named(file, ref, emitterMaker);
  return maker ? maker.value.makes.map((start) => `${maker.at.file}:${start}`) : [];
}

const keyOf = (fact: Linked<unknown>) => `${fact.at.file}:${fact.at.start}`;

function attaches(file: string, to: Ref, index: number, facts: Facts): boolean {
  const found = facts.named(file, to, errorAttacher);
  return found !== undefined && (index < 0 || found.value.parameters.includes(index));
}

/** The row of an object, also where another module makes what it comes from. */
function rowOf(fact: Linked<ErrorEmitter>, facts: Facts, depth: number): ErrorRow | undefined {
  const { of, copy } = fact.value;
  if (!of) return errorRows[fact.value.row];
  const [key] = depth > 4 ? [] : objectsOf(fact.at.file, of, facts);
  const file = key?.slice(0, key.lastIndexOf(":"));
  const owner = file === undefined ? undefined : facts.in(file, errorEmitter).find((one) => keyOf(one) === key);
  const found = owner && rowOf(owner, facts, depth + 1);
  if (copy) return found?.copies ? found : undefined;
  return found && errorRows.find((one) => one.of === found.id && one.event !== undefined);
}
