// What makes two findings the same across runs: rule and evidence, not path and line, so that moves and renames keep it.

import { createHash } from "node:crypto";
import type { Message } from "./types.ts";

/** 16 hex characters. `evidence` is the text of the flagged lines; white space in it does not count. Equal ones in one result are told apart by the caller. */
export function fingerprint(rule: string, variant: string | undefined, message: Message, evidence: string): string {
  const parts = [rule, variant ?? "", message.template, evidence.replace(/\s+/g, " ").trim()];
  return createHash("sha1").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
