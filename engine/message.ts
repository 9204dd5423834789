// Sentences whose template and values stay apart, so that a fingerprint ignores the values' print and a translation keeps them.

import type { Message } from "./types.ts";

/** ``say`Server timeout of ${ms} outlives ${ttl}` ``: placeholders are numbered in order. The written text holds no `{0}` of its own. */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number)[]): Message {
  return { template: parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`), values: values.map(String) };
}

/** The sentence as a reader sees it. */
export function render(message: Message): string {
  return message.template.replace(/\{(\d+)\}/g, (hole, index: string) => message.values[Number(index)] ?? hole);
}
