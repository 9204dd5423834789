// Sentences in the language of the editor. A table from templates to templates; what it does not know stays English.

import { existsSync, readFileSync } from "node:fs";
import { render } from "../engine/message.ts";
import type { Message } from "../engine/types.ts";

export interface Translation {
  /** A sentence with its values. */
  say(message: Message): string;
  /** A fixed text, such as the title of a rule. */
  title(text: string): string;
}

/** The translation for a locale as the editor names it: `zh-cn`, `en`, `pt-BR`. */
export function translationFor(locale: string | undefined): Translation {
  const path = new URL(`../l10n/server.${(locale ?? "en").toLowerCase()}.json`, import.meta.url);
  const known = /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(locale ?? "") && existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>) : {};
  const title = (text: string) => (Object.hasOwn(known, text) ? known[text]! : text);
  return { title, say: (message) => render({ ...message, template: title(message.template) }) };
}
