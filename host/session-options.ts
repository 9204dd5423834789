// What a session is opened with. Types only.

import type { Plan } from "../engine/plan.ts";
import type { Profile } from "../engine/types.ts";
import type { Disk } from "./disk.ts";
import type { Extractor } from "./extractor.ts";
import type { Snapshot } from "./index-snapshot.ts";

export interface SessionOptions {
  /** Absolute path of the workspace root. */
  readonly root: string;
  readonly only?: readonly string[];
  readonly profile?: Profile;
  /** False parses every file. */
  readonly prefilter?: boolean;
  readonly cache?: boolean;
  /** Absolute path of the baseline; false for none. The workspace's own by default. */
  readonly baseline?: string | false;
  /** Lints this instead of what is on disk. */
  readonly snapshot?: Snapshot;
  /** Only these files and folders, relative to the root, with the manifests and configurations above them. */
  readonly paths?: readonly string[];
  /** Stands in front of the extractor: records what it finds, or has found it elsewhere. */
  adopt?(extractor: Extractor, disk: Disk, plan: Plan): Extractor;
  /** Longest time one file may take (ms): 2 s in an editor, 20 s on the command line. */
  readonly watchdogMs: number;
  /** Workers; one is enough for an editor. */
  readonly workers?: number;
  /** The session stays open while somebody edits. */
  readonly resident?: boolean;
  onProgress?(done: number, total: number): void;
}
