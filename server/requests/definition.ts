// textDocument/definition: from one end of a contradiction to the other.

import type { DefinitionParams, Location } from "vscode-languageserver/node";
import type { Server } from "../server.ts";

export function definition(server: Server, { textDocument: { uri }, position }: DefinitionParams): Location[] {
  const place = server.workspace.locate(uri);
  if (!place || server.documents.get(uri)?.desynced) return [];
  const { folder, path } = place;
  const offset = server.workspace.positions(folder, path).offset(position);
  const here = server.workspace.shown(folder, path).filter(({ at }) => at.start <= offset && offset <= at.end);
  const targets = here.flatMap(({ diagnostic, mirror }) => (mirror ? [diagnostic.at] : (diagnostic.related ?? []).filter((one) => one.mirror).map((one) => one.at)));
  return targets.map((at) => ({ uri: folder.uriOf(at.file), range: server.workspace.positions(folder, at.file).range(at) }));
}
