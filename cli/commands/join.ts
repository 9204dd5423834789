// `pitlint join <shards>`: the report and exit code of one run over the whole workspace, from shards. Refuses what would make it another.

import { resolve } from "node:path";
import { isProblem, readBytes } from "../../host/read.ts";
import { joinShards, type Joined as JoinedShards, type Stale } from "../../host/shard-join.ts";
import { decodeShard, makerNow, strange, type Shard } from "../../host/shard.ts";
import { UsageError, type Arguments } from "../arguments.ts";
import { realPath, shown } from "../open.ts";
import { rootOf } from "../root.ts";
import { lint } from "./lint.ts";

/** What `lint` takes from shards. */
export interface Joined {
  readonly root: string;
  readonly adopt: JoinedShards["adopt"];
  /** Throws a UsageError when the shards are not of the workspace that was read. */
  check(): void;
}

/** Largest shard that is read (bytes): a text of more than 512 MiB does not fit into a string. */
const cap = 256 * 1024 * 1024;

/** Most files that are named for one reason of a shard. */
const most = 5;

export async function join(args: Arguments): Promise<number> {
  const root = args.root === undefined ? rootOf([realPath(".")]) : realPath(args.root);
  const shards = new Map<string, Shard>();
  const refused: string[] = [];
  const now = makerNow(args.only);
  for (const name of [...new Set(args.rest)].sort()) {
    const read = readBytes(resolve(name), name, cap);
    const shard = isProblem(read) ? read.message.replace("; not analysed", "") : decodeShard(read.bytes);
    const why = typeof shard === "string" ? shard : strange(shard.maker, now);
    if (typeof shard !== "string") shards.set(name, shard);
    if (why !== undefined) refused.push(`${name} ${why}; ${remedy(name)}`);
  }
  refuse(refused);
  const joined = joinShards(shards);
  return lint({ ...args, rest: [] }, { root, adopt: joined.adopt, check: () => refuse(lines(joined.stale())) });

  function lines(stale: readonly Stale[]): string[] {
    const groups = new Map<string, Stale[]>();
    for (const one of stale) groups.set(`${one.shard ?? ""}\0${one.why}`, [...(groups.get(`${one.shard ?? ""}\0${one.why}`) ?? []), one]);
    return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, all]) => {
      const { shard, why } = all[0]!;
      const files = all.slice(0, most).map((one) => shown(root, one.file)).join(", ");
      return `${shard === undefined ? "" : `${shard}: `}${files}${all.length > most ? ` and ${all.length - most} more` : ""} ${all.length > 1 ? why.replace(/^(is|has)\b/, (verb) => (verb === "is" ? "are" : "have")) : why}; ${remedy(shard)}`;
    });
  }

  /** What brings a shard up to date. */
  function remedy(name: string | undefined): string {
    if (name === undefined) return "add the folder to the paths of a shard, or join the shard that holds it too";
    const paths = shards.get(name)?.paths.map((path) => shown(root, resolve(root, path)));
    return `make it again: pitlint facts${args.root === undefined ? "" : ` --root ${args.root}`}${(args.only ?? []).map((one) => ` --rule ${one}`).join("")} --out ${name} ${paths?.join(" ") ?? "<paths>"}`;
  }
}

function refuse(why: readonly string[]): void {
  if (why.length > 0) throw new UsageError(`cannot join: ${why.join("\npitlint: cannot join: ")}`);
}
