// Fact: which version of Istio runs, as a team states it. Manifests of workloads do not say.

import type { FactKind, Facts, Known } from "../../engine/types.ts";

export const istioVersion: FactKind<Known<string>> = {
  id: "istio-version",
  title: "Version of Istio",
  stated: (about) => about.istioVersion,
};

/** True when a team states a version of the mesh below this one. */
export function istioBelow(facts: Facts, version: readonly [major: number, minor: number]): boolean {
  return facts.everywhere(istioVersion).some(({ value }) => {
    const [major = 0, minor = 0] = value.known.split(".").map(Number);
    return major < version[0] || (major === version[0] && minor < version[1]);
  });
}
