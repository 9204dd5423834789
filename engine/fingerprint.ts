// What makes two findings the same across runs: rule and evidence, not path and line, so that moves and renames keep it.

import { createHash } from "node:crypto";
import type { Message } from "./types.ts";

/**
 * 16 hex characters of rule, variant, the message's template and the evidence: the text of the flagged lines, in which white space does not count.
 * Path, line numbers and the message's values stay out, so that moved lines, renamed files and a value changed at the other end keep it.
 * Equal lines with equal findings have equal fingerprints: the caller appends an occurrence index to tell them apart.
 */
export function fingerprint(rule: string, variant: string | undefined, message: Message, evidence: string): string {
  const parts = [rule, variant ?? "", message.template, evidence.replace(/\s+/g, " ").trim()];
  return createHash("sha1").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
