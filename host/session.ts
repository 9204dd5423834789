// A workspace on disk, linted and kept linted: enumerate, scan, extract in workers, link, check. What the command line and the server share.

import { setImmediate as turn } from "node:timers/promises";
import { isManifest, rulesOf } from "../engine/analyse.ts";
import { configFor, defaultConfig } from "../engine/config.ts";
import { demanded, wanted } from "../engine/demand.ts";
import { kept } from "../engine/kept.ts";
import { lint, linting, type Linted, type LintOptions } from "../engine/lint.ts";
import { lower } from "../engine/lower.ts";
import { languageOf, planOf, type Plan } from "../engine/plan.ts";
import { wantsNoMore, type Satisfied } from "../engine/wants-no-more.ts";
import type { Workspace } from "../engine/workspace.ts";
import { packs } from "../rules/packs/index.ts";
import { readConfiguration, type Configuration } from "./configuration.ts";
import { contextsOf } from "./contexts.ts";
import { forgetBorrowed } from "./borrowed.ts";
import { openBaseline, type BaselineFile } from "./baseline.ts";
import { openDisk, type Disk } from "./disk.ts";
import { createExtractor, type Extractor } from "./extractor.ts";
import { formerTexts, type FormerTexts } from "./former-texts.ts";
import { createScan, type Scan } from "./scan.ts";
import type { SessionOptions } from "./session-options.ts";
import { inSlices } from "./slices.ts";
import { today } from "./today.ts";
import type { Config, Extract, FileEdit, Fix, Problem, YamlDocument } from "../engine/types.ts";

export type { SessionOptions };

export interface Session {
  readonly root: string;
  /** The latest result. */
  readonly result: Linted;
  readonly plan: Plan;
  /** Every source and YAML path that is not ignored. */
  readonly paths: ReadonlySet<string>;
  /**
   * Takes new texts (undefined: what the disk has now, if anything) and lints again. Where a newer change waits already (`isOutdated`), the result may stay the one before:
   * the next change lints the texts of both.
   */
  change(texts: ReadonlyMap<string, string | undefined>, isOutdated?: () => boolean): Promise<Linted>;
  /** The baseline that the result was judged by. */
  readonly baseline: BaselineFile | undefined;
  text(path: string): string | undefined;
  documents(path: string): readonly YamlDocument[];
  configFor(path: string): Config;
  /** What is known of the workspace now. */
  readonly workspace: Workspace;
  /** The same workspace under other versions of packs. */
  pinned(pins?: Readonly<Record<string, string>>): Linted;
  /** A fix as text edits; undefined when it cannot be made safely. */
  lower(fix: Fix): Promise<readonly FileEdit[] | undefined>;
  close(): Promise<void>;
}

/** Opens a workspace and lints it once. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const rules = rulesOf(packs);
  const plan = planOf(options.only ? rules.filter((rule) => options.only!.includes(rule.id)) : rules, rules.map((rule) => rule.id));
  const disk = openDisk(options.root, options.snapshot, options.paths);
  const extractor = createExtractor(options, disk, plan);
  const state = new State(options, plan, disk, options.adopt?.(extractor, disk, plan) ?? extractor);
  // Opening the cache took its time; so will listing the files.
  await turn();
  await state.load();
  return state;
}

/** One workspace in memory. Runs are serialised: a change waits for the run before it. */
class State implements Session {
  readonly root: string;
  readonly plan: Plan;
  result!: Linted;
  baseline: BaselineFile | undefined;
  private readonly options: SessionOptions;
  private readonly disk: Disk;
  private readonly extractor: Extractor;
  private readonly scan: Scan;
  private readonly extracts = new Map<string, Extract>();
  private configuration: Configuration = { configs: [defaultConfig], problems: [] };
  private cacheProblems: readonly Problem[] = [];
  private running: Promise<unknown> = Promise.resolve();
  private readonly former: FormerTexts;
  private readonly keep = kept();
  private satisfied: Satisfied = new Map();
  /** Reading has failed on its way: what is known may be old. */
  private torn = false;

  constructor(options: SessionOptions, plan: Plan, disk: Disk, extractor: Extractor) {
    this.root = options.root;
    this.options = options;
    this.plan = plan;
    this.disk = disk;
    this.extractor = extractor;
    this.former = formerTexts(disk, plan);
    this.scan = createScan(plan, disk, extractor, options.prefilter !== false);
  }

  async load(): Promise<void> {
    await this.readAll();
    await turn(await this.settle());
    this.cacheProblems = this.extractor.save(this.disk.paths);
    if (this.cacheProblems.length) await this.settle();
  }

  private async readAll(): Promise<void> {
    await inSlices(this.disk.enumerating());
    this.scan.forget();
    const { baseline, root } = this.options;
    this.baseline = baseline === false ? undefined : await openBaseline(root, baseline);
    this.configuration = await readConfiguration(this.disk);
    this.disk.narrow(this.configuration.configs);
    this.extracts.clear();
    const { context } = this.contexts();
    const runs: Promise<void>[] = [];
    for (const hits of this.scan.hits(context, this.extracts)) {
      const run = this.extractor.run(hits, context, this.extracts, this.scan.known);
      run.catch(() => {}); // Awaited below; until then a worker that does not start is no unhandled rejection.
      runs.push(run);
      await turn();
    }
    await Promise.all(runs);
  }

  change(texts: ReadonlyMap<string, string | undefined>, isOutdated?: () => boolean): Promise<Linted> {
    const run = this.running.then(async () => {
      for (const [path, text] of texts) {
        this.former.keep(path);
        this.disk.overlay(path, text);
      }
      this.scan.forget(texts.keys());
      const everything = this.torn || [...texts.keys()].some((path) => isConfig(path) || isManifest(path) || !this.disk.paths.has(path) || this.disk.scanText(path) === undefined);
      this.torn = true;
      if (everything) await this.readAll();
      else {
        const again = [...texts.keys()].filter((path) => languageOf(path) !== undefined);
        const { context } = this.contexts();
        forgetBorrowed(this.extracts, (path) => this.scan.mentions(path, context(path)));
        const read = again.filter((path) => this.scan.reachable(path, context(path)) && this.scan.mentions(path, context(path)));
        // What was asked for deferred kinds is read with them at once.
        for (const path of again) if (!read.includes(path) || !this.extracts.get(path)?.deep) this.extracts.delete(path);
        await this.extractor.run(read, context, this.extracts, this.scan.known);
      }
      await this.settle(isOutdated);
      this.torn = false;
      return this.result;
    });
    this.running = run.catch(() => {});
    return run;
  }

  get paths(): ReadonlySet<string> { return this.disk.paths; }

  text(path: string): string | undefined {
    return path === this.baseline?.file ? this.baseline.text : this.disk.text(path);
  }

  documents(path: string): readonly YamlDocument[] { return this.extracts.get(path)?.documents ?? []; }

  configFor(path: string): Config { return configFor(this.configuration.configs, path); }

  get workspace(): Workspace {
    return { extracts: this.extracts, manifests: this.disk.manifests, paths: this.disk.paths, configs: this.configuration.configs, text: (path) => this.text(path), settled: true };
  }

  pinned(pins?: Readonly<Record<string, string>>): Linted {
    return lint(this.workspace, { ...this.terms(), ...(pins ? { pins } : {}) });
  }

  private terms(): LintOptions {
    const problems = [...this.configuration.problems, ...this.disk.problems, ...this.cacheProblems, ...(this.baseline?.problem ? [this.baseline.problem] : [])];
    return { packs, plan: this.plan, problems, today: today(), ...(this.baseline?.baseline ? { baseline: this.baseline.baseline } : {}), ...(this.options.profile ? { profile: this.options.profile } : {}) };
  }

  lower(fix: Fix): Promise<readonly FileEdit[] | undefined> {
    return lower(fix, { text: (path) => this.text(path), documents: (path) => this.documents(path), paths: this.disk.paths });
  }

  close(): Promise<void> { return this.extractor.close(); }

  private contexts() { return contextsOf(this.disk, this.configuration.configs, this.plan, this.keep); }

  /** Lints, reads what references still need, and lints again until nothing is missing. */
  private async settle(isOutdated?: () => boolean): Promise<void> {
    const { context, declared } = this.contexts();
    for (let last: Linted | undefined = this.result; ; ) {
      const result: Linted | undefined = await inSlices(linting(this.workspace, { ...this.terms(), ...this.former.before(last) }), isOutdated);
      if (!result) return;
      const noMore = !result.relinked || (last !== undefined && last === this.result && !this.former.asksAnew() && wantsNoMore(last, result, this.satisfied, this.plan));
      const next = noMore ? [] : wanted(this.workspace, this.plan, result.index, (path) => this.scan.outline(path, () => context(path)), declared, (path) => this.scan.near(path, context));
      last = result;
      // Code that does not parse asks for less; what was asked for before it was read, and still is.
      if (!noMore) this.satisfied = demanded(this.plan, result.index);
      if (next.length === 0) return this.former.clear(), void (this.result = result);
      await this.extractor.run(next, context, this.extracts, this.scan.known);
    }
  }
}

const isConfig = (path: string) => /(^|\/)pitlint\.ya?ml$/.test(path);
