// Question: does the first process of a container keep SIGTERM from the one that does the work? Words in, verdict out.

import type { Shell } from "./image-start.ts";

export interface SwallowedSignal {
  /** "runner": npm and the like. "shell": a shell that waits. "background": the shell ends first. "watcher": a tool for development. */
  readonly by: "runner" | "shell" | "background" | "watcher";
  /** What a reader would call the first process: `npm start`, `sh`. */
  readonly first: string;
  /** The command behind it. */
  readonly behind: string;
  /** False where it depends on a shell that is not known. */
  readonly certain: boolean;
  /** Name of the script that is run. */
  readonly script?: string;
  /** The line with `exec` where it belongs. */
  readonly mended?: string;
}

const inits = /^(tini|tini-static|dumb-init|catatonit|init|s6-.*|pid1|runsvdir|supervisord)$/;
const nodes = /^(node|nodejs|ts-node|ts-node-esm|tsx|next|nest|nuxt|remix-serve|medusa|strapi)$/;
const runners = /^(npm|npx|yarn|yarnpkg|pnpm|pnpx|bun)$/;
const base = (word: string | undefined) => (word ?? "").replace(/^.*\//, "");

/** What is wrong with starting a container so; undefined when nothing is, or nothing is known. */
export function swallowedSignal(argv: readonly string[], shell: Shell | undefined): SwallowedSignal | undefined {
  const words = [...argv];
  while (/^(docker-entrypoint\.sh|env|cross-env|dotenv)$/.test(base(words[0])) || /^\w+=/.test(words[0] ?? "")) words.shift();
  const first = base(words[0]);
  if (inits.test(first)) return undefined;
  if (/^(ba|a|da)?sh$/.test(first)) return ofShell(words, first === "sh" ? shell : first === "dash" ? "stays" : "becomes");
  return ofWords(words, shell);
}

function ofWords(words: readonly string[], shell: Shell | undefined): SwallowedSignal | undefined {
  const first = base(words[0]);
  if (/^(nodemon|ts-node-dev|tsnd)$/.test(first)) return { by: "watcher", first, behind: words.slice(1).join(" "), certain: true };
  if (!runners.test(first)) return undefined;
  const rest = words.slice(1).filter((word, index, all) => !word.startsWith("-") && !/^(--prefix|-C|--cwd|--dir|--filter|-F|-w|--workspace)$/.test(all[index - 1] ?? ""));
  // `workspace a start` of yarn.
  if (rest[0] === "workspace") rest.splice(0, 2);
  const runs = /^(run|run-script|exec|dlx|x)$/.test(rest[0] ?? "");
  if ((first === "bun" && !runs) || rest.length === 0 || /^(ci|install|i|add|version|cache|config)$/.test(rest[0]!)) return undefined;
  const script = runs ? rest[1] : rest[0];
  // npm hands signals on to a shell; where that becomes the command, they arrive.
  return { by: "runner", first: words.slice(0, 4).join(" "), behind: "node", certain: shell !== "becomes", ...(script === undefined || first === "npx" ? {} : { script }) };
}

/** `sh -c "..."`: only the last command matters, and only one that runs Node. */
function ofShell(words: readonly string[], shell: Shell | undefined): SwallowedSignal | undefined {
  const flag = words.findIndex((word, index) => index > 0 && /^-\w*c$/.test(word));
  const line = flag > 0 ? words[flag + 1]?.trim() : undefined;
  if (!line || /\b(trap|wait|for|while|case|until|function)\b|\$\(|`|<<|\{\s|\(/.test(line)) return undefined;
  const background = /[^&]&$/.test(line);
  const whole = background ? line.slice(0, -1).trim() : line;
  const start = lastCommand(whole);
  const last = whole.slice(start);
  const parts = last.split(/\s+/);
  while (/^\w+=/.test(parts[0] ?? "")) parts.shift();
  const execs = parts[0] === "exec";
  if (execs) parts.shift();
  const piped = pipeline(whole);
  const inner = ofWords(parts, shell);
  if (inits.test(base(parts[0])) || !(nodes.test(base(parts[0])) || inner || piped)) return undefined;
  const mended = `${whole.slice(0, start)}${/^\w+=/.test(last) ? last.replace(/^((?:\w+=\S*\s+)+)/, "$1exec ") : `exec ${last}`}`;
  if (background) return { by: "background", first: "sh", behind: line, certain: true, ...(/&/.test(whole.replace(/&&/g, "")) ? {} : { mended }) };
  if (piped) return { by: "shell", first: "sh", behind: whole, certain: true };
  if (inner) return inner;
  if (execs || shell === "becomes") return undefined;
  return { by: "shell", first: "sh", behind: parts.join(" "), certain: shell === "stays", mended };
}

/** Offset of the last command of a line, quotes kept whole. */
function lastCommand(line: string): number {
  let start = 0;
  for (const match of line.matchAll(/"(?:[^"\\]|\\[^])*"?|'[^']*'?|(&&|\|\||;|\||\n|&)\s*/g)) if (match[1] && match.index + match[0].length < line.length) start = match.index + match[0].length;
  return start;
}

/** Node is not the last command of a pipeline: every shell stays for it. */
function pipeline(line: string): boolean {
  const parts = line.replace(/"(?:[^"\\]|\\[^])*"?|'[^']*'?/g, "_").split(/&&|\|\||;|\n/).at(-1)!.split("|");
  return parts.length > 1 && nodes.test(base(parts[0]!.trim().split(/\s+/).filter((word) => !/^\w+=/.test(word))[0]));
}
