// Question: how is a start command written so that the process that does the work hears SIGTERM? Words and places in, edits out.

import type { EffectiveStart } from "./effective-start.ts";
import type { SwallowedSignal } from "./swallowed-signal.ts";
import type { Edit, Facts, Fix } from "../../engine/types.ts";

const simple = /^[\w./@:=,+-]+( [\w./@:=,+-]+)*$/;

/** Starts Node itself, or lets the shell become it; none where that is not known to be the same. */
export function startFixes(start: EffectiveStart, swallowed: SwallowedSignal, facts: Facts, service: string | undefined): readonly Fix[] {
  const direct = swallowed.script === undefined ? undefined : scriptWords(facts, service, swallowed.script);
  if (direct) {
    const edits = replaced(start, direct);
    return edits ? [{ title: `Start ${direct.join(" ")}`, safe: false, edits }] : [];
  }
  const { mended } = swallowed;
  if (mended === undefined) return [];
  const edits = withExec(start, mended);
  return edits ? [{ title: "Let the shell become the process: exec", safe: false, edits }] : [];
}

/** `node dist/main.js` of `"start": "node dist/main.js"`, when nothing runs before or after it. */
function scriptWords(facts: Facts, service: string | undefined, name: string): readonly string[] | undefined {
  const said = facts.script(service, name);
  const alone = facts.script(service, `pre${name}`) === undefined && facts.script(service, `post${name}`) === undefined;
  return said !== undefined && alone && /^node /.test(said) && simple.test(said) ? said.split(" ") : undefined;
}

function replaced({ manifest, image }: EffectiveStart, words: readonly string[]): Edit[] | undefined {
  if (image) return [{ at: image.at, text: json(words) }];
  if (!manifest?.own) return undefined;
  if (manifest.words.length === 0) return [{ yaml: manifest.at, set: words.join(" ") }];
  const [first] = manifest.words;
  if (manifest.flow && first) return [{ at: { ...first, end: manifest.words[manifest.words.length - 1]!.end }, text: words.map((word) => JSON.stringify(word)).join(", ") }];
  return manifest.words.length === words.length ? manifest.words.map((at, index): Edit => ({ yaml: at, set: words[index]! })) : undefined;
}

function withExec({ manifest, image }: EffectiveStart, mended: string): Edit[] | undefined {
  if (image?.line) return [{ at: image.at, text: simple.test(mended) ? json(mended.replace(/^exec /, "").split(" ")) : mended }];
  if (image) return [{ at: image.at, text: json([...image.argv.slice(0, -1), mended]) }];
  const line = manifest?.own ? manifest.words[manifest.argv.length - 1] : undefined;
  return line ? [{ yaml: line, set: mended }] : undefined;
}

const json = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
