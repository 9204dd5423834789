// Question: which script of its package does a container start? Reads its command, and the scripts of package.json that it names.

import { containerStart, type ContainerStart } from "./container-start.ts";
import type { Facts, Linked } from "../../engine/types.ts";

/** The command of a container, with what its scripts run. */
export function wordsOf({ value, service }: Linked<ContainerStart>, facts: Facts): readonly string[] {
  const argv = [...(value.entrypoint?.argv ?? []), ...(value.cmd?.argv ?? [])];
  return [...argv, ...argv.map((word) => (service === undefined ? undefined : facts.script(service, word)) ?? "")].join(" ").split(/\s+/).filter(Boolean);
}

/** Whether these words start this file: `node dist/worker.js`. */
export function starts(words: readonly string[], file: string): boolean {
  const own = partsOf(file);
  return words.some((word) => {
    const [name, parent] = partsOf(word);
    return name !== undefined && name === own[0] && (!general.test(name) || parent === own[1] || /^(dist|build|lib|out|src|\.)?$/.test(parent ?? ""));
  });
}

/** Names that many folders have. */
const general = /^(index|main|server|app)$/;

/** Name and folder of a script. */
function partsOf(path: string): readonly (string | undefined)[] {
  const match = /(?:^|\/)([\w.-]+?)(?:\.[cm]?[jt]sx?)?$/.exec(path);
  return [match?.[1], /(?<![\w.-])[\w.-]+$/.exec(path.split("/").at(-2) ?? "")?.[0]];
}

/** Whether a container starts another process of the package than the one in these files: `node dist/worker.js` beside a server in `src/server.ts`. */
export function isOtherProcess(container: Linked<unknown>, files: readonly string[], facts: Facts): boolean {
  const workload = container.of?.workload;
  const mine = facts.beside(container, containerStart).filter((one) => one.of?.workload === workload && one.at.file === container.at.file);
  const words = mine.length === 1 ? wordsOf(mine[0]!, facts) : [];
  const script = words.findLast((word) => /[\w-]\.[cm]?[jt]s$/.test(word));
  const [name] = script === undefined ? [] : partsOf(script);
  return name !== undefined && !entrance.test(name) && files.length > 0 && !files.some((file) => file.split(/[/.]/).includes(name));
}

/** What a package calls the file that starts all of it. */
const entrance = /^(index|main|server|app|start|run|boot(strap)?|www|cli|entry(point)?|api|web|http|service|program|launch\w*)$/i;
