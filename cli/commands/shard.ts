// `pitlint facts --out <file> [paths]`: what the paths state, as a shard that pitlint join takes. Reads the paths, and manifests and configurations above them.

import { relative, sep } from "node:path";
import { openSession } from "../../host/session.ts";
import { createRecorder, type Recorder } from "../../host/shard-record.ts";
import { encodeShard, makerNow } from "../../host/shard.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { realPath, watchdogMs } from "../open.ts";
import { progress } from "../progress.ts";
import { save, targetOf } from "../report/save.ts";
import { rootOf } from "../root.ts";

/** Returns 0 once the shard is written. What is wrong with its files is part of it, and is said when it is joined. */
export async function shard(args: Arguments): Promise<number> {
  if (args.out === "") throw new UsageError("--out names no file; expected one such as orders.facts");
  const target = targetOf(args.out!);
  const targets = (args.rest.length ? args.rest : ["."]).map(realPath);
  const root = args.root === undefined ? rootOf(targets) : realPath(args.root);
  const paths = targets.map((path) => relative(root, path).split(sep).join("/"));
  const outside = paths.findIndex((path) => path === ".." || path.startsWith("../"));
  if (outside >= 0) throw new UsageError(`${args.rest[outside] ?? "the working directory"} is not below --root ${args.root}`);
  let recorder!: Recorder;
  const meter = progress(process.stderr);
  const session = await openSession({
    root, watchdogMs, paths, cache: false, baseline: false, onProgress: meter.update, ...(args.only ? { only: args.only } : {}),
    adopt: (extractor, disk, plan) => (recorder = createRecorder(extractor, disk, plan)),
  });
  await recorder.rest();
  meter.end();
  await session.close();
  await save(target, encodeShard({ maker: makerNow(args.only), paths, rows: recorder.rows() }));
  return 0;
}
