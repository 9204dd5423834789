// Which environment variables does an image set itself? Read from the texts of Dockerfiles, each once, when somebody asks.

import { append } from "./grouped.ts";

/**
 * Whether a Dockerfile of a service, or one at the root that no package holds for itself, sets a variable in some stage.
 * `serviceOf` tells whose a Dockerfile is.
 */
export function imageVariables(manifests: ReadonlyMap<string, string>, serviceOf: (path: string) => string): (service: string, name: string) => boolean {
  let lines: ReadonlyMap<string, readonly string[]> | undefined;
  return (service, name) => {
    lines ??= linesOf(manifests, serviceOf);
    const set = setting(name);
    return [service, "package:"].some((home) => lines!.get(home)?.some((line) => set.test(line)));
  };
}

function linesOf(manifests: ReadonlyMap<string, string>, serviceOf: (path: string) => string): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>();
  for (const [path, text] of manifests) if (/(^|\/)Dockerfile[^/]*$/.test(path)) for (const line of text.split(/\r?\n/)) append(lines, serviceOf(path), line);
  return lines;
}

/** `ENV NAME=value`, `ENV NAME value`, also among others and on lines that continue an `ENV`. */
function setting(name: string): RegExp {
  return new RegExp(`^\\s*(ENV\\s+(.*\\s)?)?${name.replace(/\W/g, "\\$&")}(=|\\s+\\S)`, "i");
}
