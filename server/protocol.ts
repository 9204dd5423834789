// What client and server say to each other beyond the Language Server Protocol. Types only.

/** Options the client sends with `initialize`. */
export interface InitializationOptions {
  /** `recommended` or `strict`; pitlint.yaml decides when it is not set. */
  readonly profile?: "recommended" | "strict";
}

/** Notification `pitlint/status`: what the status item shows. */
export interface Status {
  readonly state: "indexing" | "ready" | "failed";
  readonly version: string;
  readonly findings: number;
  readonly servicesLinked: number;
  readonly message?: string;
}
