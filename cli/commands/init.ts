// `pitlint init`: looks at the repository and writes a small pitlint.yaml with what it found. Never overwrites.

import { existsSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { reasonOf } from "../../host/failure.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { finish } from "../finish.ts";
import { openAt } from "../open.ts";
import { rootOf } from "../root.ts";
import { draft } from "../draft.ts";

export async function init(args: Arguments): Promise<number> {
  const [given] = args.rest;
  if (given !== undefined && !(existsSync(given) && statSync(given).isDirectory())) throw new UsageError(`no such folder: ${given}`);
  const home = given === undefined ? rootOf([process.cwd()]) : resolve(given);
  for (const name of ["pitlint.yaml", "pitlint.yml"]) if (existsSync(join(home, name))) throw new UsageError(`${shown(join(home, name))} exists already and stays as it is; pitlint doctor shows what it states`);
  const opened = await openAt({ ...args, rest: [home] });
  const { text, found } = draft(opened.session, relative(opened.session.root, home).split(sep).join("/"));
  const path = join(home, "pitlint.yaml");
  try {
    writeFileSync(path, text, { flag: "wx" });
  } catch (error) {
    await opened.session.close();
    throw new UsageError(`cannot write ${shown(path)}: ${reasonOf(error)}`);
  }
  process.stdout.write(`${found.map((line) => `${line}\n`).join("")}wrote ${shown(path)}\n\nnext: pitlint shows what it finds; pitlint baseline accepts that for now, so that only new findings are reported\n`);
  return finish(opened, opened.session.result);
}

const shown = (path: string) => relative(process.cwd(), path).split(sep).join("/");
