// Fact: a file speaks of gRPC's health service, and which services it reports on, where that can be read.
// Whatever looks like it counts: only a service in which nothing does has none.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { keyText, value } from "../../engine/typescript/value.ts";
import type { FactKind } from "../../engine/types.ts";

export interface GrpcHealth {
  /** Names that are answered; undefined where not all are known. */
  readonly names?: readonly string[];
}

/** How files speak of it: packages, proto files, generated modules, the service itself. */
const speaks = /grpc[-_./]?health|health[-_.]?(pb|proto|check)|health[-_]?v1|health\.(v1|service)|Health(Service|Implementation|Definition|Check|Impl)\b|@grpc\/.{0,80}health/i;

export const grpcHealth: FactKind<GrpcHealth> = {
  id: "grpc-health",
  title: "gRPC health service",
  ts: {
    lazy: true,
    mentions: [["health", "Health"]],
    *find(file) {
      if (!speaks.test(file.text)) return;
      let seen = false;
      for (const one of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
        if (canonical(file, one.expression) !== "grpc-health-check#HealthImplementation") continue;
        const names = namesOf(file, one);
        seen = true;
        yield { at: span(one.expression), value: names ? { names } : {} };
      }
      if (!seen) yield { at: { file: "", start: 0, end: 0 }, value: {} };
    },
  },
};

/** Keys of the first map, and what is set later on anything in this file. */
function namesOf(file: TsFile, site: NewExpression): readonly string[] | undefined {
  const names: (string | undefined)[] = [];
  const [first] = site.arguments ?? [];
  const map = first && made(file, first);
  if (first && (!map || !ts.isObjectLiteralExpression(map))) return undefined;
  if (map && ts.isObjectLiteralExpression(map)) for (const one of map.properties) names.push(ts.isPropertyAssignment(one) ? keyText(one.name) : undefined);
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    if (!ts.isPropertyAccessExpression(call.expression) || call.expression.name.text !== "setStatus") continue;
    const said = value(file, call.arguments[0]);
    names.push("known" in said && typeof said.known === "string" ? said.known : undefined);
  }
  return names.includes(undefined) ? undefined : (names as string[]);
}
