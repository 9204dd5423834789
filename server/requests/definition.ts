// textDocument/definition: from one end of a contradiction to the other.

import type { DefinitionParams, Location } from "vscode-languageserver/node";
import type { Place } from "../workspace.ts";

export function definition({ view, path }: Place, { position }: Pick<DefinitionParams, "position">): Location[] {
  const offset = view.positions(path).offset(position);
  const here = view.shown(path).filter(({ at }) => at.start <= offset && offset <= at.end);
  const targets = here.flatMap(({ diagnostic, mirror }) => (mirror ? [diagnostic.at] : (diagnostic.related ?? []).filter((one) => one.mirror).map((one) => one.at)));
  return targets.map((at) => ({ uri: view.folder.uriOf(at.file), range: view.positions(at.file).range(at) }));
}
