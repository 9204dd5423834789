// Fact: what an image that is built here starts: ENTRYPOINT and CMD of each stage, on which kind of shell, and the signal that stops it.

import type { DockerfileDocument, DockerStage } from "../../engine/dockerfile/parse.ts";
import type { FactKind, Span } from "../../engine/types.ts";

/** A command as an image or a manifest gives it. */
export interface StartCommand {
  /** Words that are run as they are. */
  readonly argv: readonly string[];
  /** The place that a fix replaces as a whole. */
  readonly at: Span;
  /** A line that Docker hands to a shell: `argv` holds the shell, `-c` and the line. */
  readonly line?: true;
}

/** What `sh` does with the last command of a line: dash stays and waits for it, ash of Alpine and bash become it. */
export type Shell = "stays" | "becomes";

export interface StageStart {
  readonly name?: string;
  readonly entrypoint?: StartCommand;
  readonly cmd?: StartCommand;
  readonly shell?: Shell;
  readonly stopSignal?: string;
  /** It starts from an image of Docker's own library: what an image of the house starts before its command is not known. */
  readonly official?: true;
}

/** Stages in the order of the text; the last one is what a build gives without a target. */
export interface ImageStart {
  readonly stages: readonly StageStart[];
}

export const imageStart: FactKind<ImageStart> = {
  id: "image-start",
  title: "Start of an image",
  dockerfile: {
    mentions: [["FROM", "from", "From"]],
    *find(file) {
      const stages = file.stages.map((stage) => startOf(file, stage));
      const last = stages[stages.length - 1];
      const at = last?.cmd?.at ?? last?.entrypoint?.at;
      if (at) yield { at, value: { stages } };
    },
  },
};

function startOf(file: DockerfileDocument, stage: DockerStage, depth = 0): StageStart {
  const index = file.stages.indexOf(stage);
  const before = depth < 20 ? file.stages.slice(0, index).findLast((one) => one.name !== undefined && one.name === stage.base) : undefined;
  const base: StageStart = before ? startOf(file, before, depth + 1) : { ...shellOfImage(stage.base), ...(isOfficial(stage.base) ? { official: true } : {}) };
  let { entrypoint, cmd, shell, stopSignal } = base;
  let runner: readonly string[] = ["/bin/sh", "-c"];
  for (const { keyword, exec, args, argsAt } of stage.instructions) {
    if (keyword === "SHELL" && exec) runner = exec;
    const command: StartCommand = exec ? { argv: exec, at: argsAt } : { argv: [...runner, args], at: argsAt, line: true };
    // A new entrypoint drops the command of the image below.
    if (keyword === "ENTRYPOINT") (entrypoint = command), (cmd = cmd === base.cmd ? undefined : cmd);
    else if (keyword === "CMD") cmd = command;
    else if (keyword === "STOPSIGNAL") stopSignal = args;
  }
  return { ...(stage.name ? { name: stage.name } : {}), ...(entrypoint ? { entrypoint } : {}), ...(cmd ? { cmd } : {}), ...(shell ? { shell } : {}), ...(stopSignal ? { stopSignal } : {}), ...(base.official ? { official: true } : {}) };
}

/** An image without an owner in its name, or one of the distributions; their entrypoints run the command they are given. */
export function isOfficial(image: string | undefined): boolean {
  return image !== undefined && /^(docker\.io\/|public\.ecr\.aws\/docker\/)?(library\/)?(node|alpine|debian|ubuntu|oven\/bun|cimg\/node|amazonlinux|fedora)([:@]|$)/.test(image);
}

/**
 * The shell of an image, by its name. Measured: dash 0.5.12 of Debian 12 stays, also before a single command; bash 5.2 and busybox ash 1.35 become it.
 */
export function shellOfImage(image: string | undefined): { readonly shell?: Shell } {
  if (image === undefined) return {};
  const name = image.replace(/@[^]*/, "");
  if (/alpine|busybox/.test(name)) return { shell: "becomes" };
  if (/(^|\/)(ubi\d*|fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux)([-:/]|$)/.test(name)) return { shell: "becomes" };
  if (/(^|\/)(debian|ubuntu)(:|$)|(bookworm|bullseye|buster|trixie|jammy|noble|focal)/.test(name)) return { shell: "stays" };
  return /^(docker\.io\/)?(library\/)?node(:(\d[\d.]*|lts|latest|current|[a-z]+)(-slim)?)?$/.test(name) ? { shell: "stays" } : {};
}
