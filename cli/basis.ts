// What a result rests on: versions of packs and libraries, hashes of configuration and files. For comparing it with a later run.

import { createHash } from "node:crypto";
import { configFor } from "../engine/config.ts";
import { releaseOf } from "../engine/pack.ts";
import { versions } from "../engine/version.ts";
import { packagesOf } from "../engine/workspace.ts";
import { packs } from "../rules/packs/index.ts";
import type { Arguments } from "./arguments.ts";
import type { Opened } from "./open.ts";
import type { Basis } from "./report/report.ts";

export function basisOf({ session, display }: Opened, { rest, only, profile }: Arguments): Basis {
  const { workspace } = session;
  const config = configFor(workspace.configs, "pitlint.yaml");
  const hashes = (paths: readonly string[]) => Object.fromEntries([...paths].sort().map((path) => [display(path), hash(session.text(path) ?? "")]));
  const packages = packagesOf(workspace.manifests);
  const installed = versions(workspace.manifests, packages);
  const libraries = packages.map((one) => {
    const known = Object.keys(one.dependencies).sort().flatMap((name) => {
      const version = installed(one.folder === "" ? "package.json" : `${one.folder}/package.json`, name);
      return version === undefined ? [] : [[name, version] as const];
    });
    return [display(one.folder), Object.fromEntries(known)] as const;
  });
  return {
    paths: rest, ...(only ? { rules: [...only].sort() } : {}), profile: profile ?? config.profile,
    packs: Object.fromEntries(packs.map((pack) => [pack.name, releaseOf(pack, config.pins[pack.name]).version])),
    configuration: hashes(workspace.configs.flatMap((one) => one.path ?? [])),
    files: hashes([...workspace.extracts.values()].filter((one) => !one.notApplicable).map((one) => one.path)),
    libraries: Object.fromEntries(libraries.filter(([, known]) => Object.keys(known).length > 0).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
