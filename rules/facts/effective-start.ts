// Question: what does a container start, when the manifest's command and the image's are put together, and where does that stand?

import type { ContainerStart, ManifestCommand } from "./container-start.ts";
import { imageStart, isOfficial, shellOfImage, type Shell, type StageStart, type StartCommand } from "./image-start.ts";
import type { Facts, Linked } from "../../engine/types.ts";

export interface EffectiveStart {
  readonly argv: readonly string[];
  readonly shell?: Shell;
  /** No entrypoint that we do not know stands before it. */
  readonly whole: boolean;
  /** The one command that gives all words; undefined where two are put together. */
  readonly manifest?: ManifestCommand;
  /** The image's command, where it stands in a Dockerfile of this workspace. */
  readonly image?: StartCommand;
}

/** Undefined where a part of it is not known. */
export function effectiveStart(container: Linked<ContainerStart>, facts: Facts): EffectiveStart | undefined {
  const { entrypoint, cmd, image } = container.value;
  const built = builtStart(container, facts);
  const shell = built?.shell ?? shellOfImage(image).shell;
  const known = { whole: entrypoint !== undefined || built?.official === true || built?.entrypoint !== undefined || isOfficial(image), ...(shell ? { shell } : {}) };
  if (entrypoint) return { ...known, argv: [...entrypoint.argv, ...(cmd?.argv ?? [])], ...(cmd ? {} : { manifest: entrypoint }) };
  // The line of a shell takes no further words.
  if (built?.entrypoint?.line) return { ...known, argv: built.entrypoint.argv, image: built.entrypoint };
  // Of an image from elsewhere nobody knows the entrypoint: most run the command they are given.
  if (cmd) return { ...known, argv: [...(built?.entrypoint?.argv ?? []), ...cmd.argv], ...(built?.entrypoint ? {} : { manifest: cmd }) };
  const only = built?.entrypoint ?? built?.cmd;
  if (!built || !only) return undefined;
  const both = built.entrypoint && built.cmd;
  return { ...known, argv: [...(built.entrypoint?.argv ?? []), ...(built.cmd?.argv ?? [])], ...(both ? {} : { image: only }) };
}

/** The stage that the container's image is built from: the Dockerfile that the manifest names, else the service's only one. */
function builtStart({ service, value: { build } }: Linked<ContainerStart>, facts: Facts): StageStart | undefined {
  const found = build ? facts.in(build.dockerfile, imageStart) : service === undefined ? [] : productive(facts.all(service, imageStart).facts);
  if (found.length !== 1) return undefined;
  const { stages } = found[0]!.value;
  return build?.target ? stages.find((one) => one.name === build.target) : stages[stages.length - 1];
}

function productive<T extends Linked<unknown>>(all: readonly T[]): readonly T[] {
  const plain = all.filter(({ at }) => /(^|\/)Dockerfile$/.test(at.file) && !/(^|\/)\.?(devcontainer|dev|local|debug)\//.test(at.file));
  return plain.length > 0 ? plain : all.filter(({ at }) => !/dev|debug|test|local|ci/i.test(at.file.slice(at.file.lastIndexOf("/") + 1)));
}
