// Question: was a value set for another kind of deployment? Compose and Kubernetes run a service beside each other, each with variables of its own.

import type { Value } from "../../engine/types.ts";

/** Whether a manifest of Compose set what is asked about in Kubernetes, or the other way round. */
export function isSetElsewhere(value: Value<unknown>, file: string): boolean {
  return "known" in value && value.from.some((one) => /(\.ya?ml|(^|\/)\.env)$/.test(one.file) && isCompose(one.file) !== isCompose(file));
}

const isCompose = (file: string) => /(^|\/)((docker-)?compose[^/]*\.ya?ml|\.env)$/.test(file);
