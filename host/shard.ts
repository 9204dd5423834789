// A shard: what some files of a workspace state, with all that joining must check. The same bytes for the same input. Reads and writes text only.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packs } from "../rules/packs/index.ts";
import { checksum } from "./cache.ts";
import { toolVersion } from "./version.ts";

/** What made a shard. Two shards with the same maker say the same of the same file. */
export interface Maker {
  readonly tool: string;
  /** Digest of the analysis; "" where it runs from its sources. */
  readonly build: string;
  /** Newest version by pack. */
  readonly packs: Readonly<Record<string, string>>;
  /** The rules that it was narrowed to; null for all. */
  readonly rules: readonly string[] | null;
}

export interface Shard {
  readonly maker: Maker;
  /** The files and folders it was made of, relative to the root. */
  readonly paths: readonly string[];
  readonly rows: readonly ShardRow[];
}

/** One file. */
export interface ShardRow {
  /** Relative to the root. */
  readonly path: string;
  /** Digest of its text. */
  readonly hash: string;
  /** What its folder says of it: package and configuration, as JSON. */
  readonly tag: string;
  /** The words in it that checks and facts look for. */
  readonly words: readonly string[];
  /** Its extract as JSON; "" where nobody asked for one. */
  readonly plain: string;
  /** The same with deferred kinds. */
  readonly deep: string;
}

const magic = "pitlint-shard-1";

/** This installation, as a maker of shards. */
export function makerNow(only: readonly string[] | undefined): Maker {
  const bundle = new URL("./worker.cjs", import.meta.url);
  // All that reads files is in it.
  const build = import.meta.url.endsWith(".ts") ? "" : createHash("sha256").update(readFileSync(bundle)).digest("hex").slice(0, 16);
  return { tool: toolVersion(), build, packs: Object.fromEntries(packs.map((one) => [one.name, one.releases.at(-1)!.version])), rules: only ? [...new Set(only)].sort() : null };
}

/** Digest of a text as the scan for mentions sees it. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64").slice(0, 24);
}

/** A head and a line for each file. Words and tags stand in the head, and lines count into it. */
export function encodeShard({ maker, paths, rows }: Shard): string {
  const sorted = [...rows].sort((a, b) => (a.path < b.path ? -1 : 1));
  const words = [...new Set(sorted.flatMap((one) => one.words))].sort();
  const tags = [...new Set(sorted.map((one) => one.tag))].sort();
  const wordAt = new Map(words.map((word, at) => [word, at]));
  const tagAt = new Map(tags.map((tag, at) => [tag, at]));
  const lines = sorted.map(({ path, hash, tag, words: said, plain, deep }) => `${JSON.stringify([path, hash, tagAt.get(tag), said.map((word) => wordAt.get(word)!).sort((a, b) => a - b)])}\t${plain}\t${deep}\n`);
  const head = JSON.stringify({ maker, paths: [...paths].sort(), words, tags });
  const body = lines.join("");
  return `${magic}\t${checksum(head, Buffer.from(body))}\t${head}\n${body}`;
}

/** A shard from its bytes; else why it is none. Extracts are parsed when somebody asks for them. */
export function decodeShard(bytes: Buffer): Shard | string {
  const end = bytes.indexOf("\n");
  const [mark, sum, head] = bytes.toString("utf8", 0, Math.max(end, 0)).split("\t");
  if (mark !== magic) return mark?.startsWith("pitlint-shard-") ? "was made by a pitlint that writes shards in another form" : "is no shard";
  const body = bytes.subarray(end + 1);
  if (head === undefined || sum !== checksum(head, body)) return "is damaged or cut off";
  const { maker, paths, words, tags } = JSON.parse(head) as { maker: Maker; paths: readonly string[]; words: readonly string[]; tags: readonly string[] };
  const rows = body.toString("utf8").split("\n").slice(0, -1).map((line): ShardRow => {
    const [key, plain, deep] = line.split("\t") as [string, string, string];
    const [path, hash, tag, said] = JSON.parse(key) as [string, string, number, readonly number[]];
    return { path, hash, tag: tags[tag]!, words: said.map((word) => words[word]!), plain, deep };
  });
  return { maker, paths, rows };
}

/** Why what one maker made cannot be used by another; undefined when it can. */
export function strange(shard: Maker, now: Maker): string | undefined {
  if (shard.tool !== now.tool) return `was made by pitlint ${shard.tool}, and this is ${now.tool}`;
  const pack = [...new Set([...Object.keys(shard.packs), ...Object.keys(now.packs)])].sort().find((name) => shard.packs[name] !== now.packs[name]);
  if (pack !== undefined) return `was made with pack ${pack} ${shard.packs[pack] ?? "missing"}, and this pitlint has ${now.packs[pack] ?? "none"}`;
  if (shard.build !== now.build) return `was made by another build of pitlint ${now.tool}`;
  if (String(shard.rules) !== String(now.rules)) return `was made for ${rulesSaid(shard.rules)}, and is asked for ${rulesSaid(now.rules)}`;
  return undefined;
}

const rulesSaid = (rules: readonly string[] | null) => (rules ? `--rule ${rules.join(" --rule ")}` : "all rules");
