// Fact: a Nest provider with a hook that runs only when the application shuts down in order.

import { ts, type ClassLikeDeclaration } from "../../engine/typescript/compiler.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import { keyText } from "../../engine/typescript/value.ts";
import type { FactKind } from "../../engine/types.ts";

export interface NestShutdownHook {
  readonly class: string;
  readonly method: string;
}

const hooks = /^(onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)$/;

export const nestShutdownHook: FactKind<NestShutdownHook> = {
  id: "nest-shutdown-hook",
  title: "Shutdown hook of a Nest provider",
  ts: {
    lazy: true,
    mentions: [["onModuleDestroy", "beforeApplicationShutdown", "onApplicationShutdown"], ["@nestjs/"]],
    *find(file) {
      for (const one of nodes<ClassLikeDeclaration>(file, ts.SyntaxKind.ClassDeclaration)) {
        const method = one.members.find((member) => ts.isMethodDeclaration(member) && member.body && member.body.statements.length > 0 && hooks.test(keyText(member.name) ?? ""));
        if (method?.name && one.name && (ts.getDecorators(one) ?? []).length > 0) yield { at: span(method.name), value: { class: one.name.text, method: keyText(method.name)! } };
      }
    },
  },
};
