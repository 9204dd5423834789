// The documented Node API: lint texts in memory, or a folder on disk.

export { analyse, type AnalyseOptions } from "../engine/analyse.ts";
export { render } from "../engine/message.ts";
export { packs } from "../rules/packs/index.ts";
export { openSession, type Session, type SessionOptions } from "./session.ts";
export type * from "../engine/types.ts";
