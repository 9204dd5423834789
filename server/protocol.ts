// What client and server say to each other beyond the Language Server Protocol. Types only.

/** Options the client sends with `initialize`. */
export interface InitializationOptions {
  /** `recommended` or `strict`; pitlint.yaml decides when it is not set. */
  readonly profile?: "recommended" | "strict";
  /** Where the editor explains a rule: a URI in which `{rule}` stands for its id. The published page when it is not set. */
  readonly rulePage?: string;
  /** Command of the editor that explains the rule whose id it is given. */
  readonly explainCommand?: string;
  /** Shows the time budget of servers and clients behind their text. Off when it is not set. */
  readonly inlayHints?: boolean;
}

/** Notification `pitlint/status`: what the status item shows. */
export interface Status {
  readonly state: "indexing" | "ready" | "failed";
  readonly version: string;
  /** The version that the workspace's package.json asks for, where it is another one. */
  readonly wantedVersion?: string;
  readonly findings: number;
  readonly servicesLinked: number;
  /** Files that were not analysed. */
  readonly incomplete: number;
  /** Versions of the packs that run, by name. */
  readonly packs: Readonly<Record<string, string>>;
  readonly message?: string;
}

/** A rule in the list that the editor offers; `pitlint/rules` gives all. */
export interface RuleEntry {
  readonly id: string;
  readonly title: string;
}

/** Answer of `pitlint/rulePage` ({ rule }), `pitlint/services` and `pitlint/silence` ({ uri }): a page in Markdown. */
export interface Page {
  readonly title: string;
  readonly markdown: string;
}
