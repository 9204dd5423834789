// Fact: the calls of a function of a module that may ask something outside of the process; and where such a chain of calls ends.

import { ts, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, span } from "../../engine/typescript/parse.ts";
import { database } from "./database.ts";
import { dependencySteps, type DependencyStep } from "./dependency-call.ts";
import { remoteClient } from "./remote-client.ts";
import type { FactKind, Facts, Span } from "../../engine/types.ts";

export const dependencyWork: FactKind<readonly DependencyStep[]> = {
  id: "dependency-work",
  title: "Function that asks a dependency",
  named: true,
  ts: {
    // Read where a call leads.
    mentions: [],
    deferred: true,
    *find(file) {
      const { SyntaxKind } = ts;
      for (const kind of [SyntaxKind.FunctionDeclaration, SyntaxKind.ArrowFunction, SyntaxKind.FunctionExpression, SyntaxKind.MethodDeclaration])
        for (const one of nodes<FunctionLikeDeclaration & Node>(file, kind)) {
          const steps = one.body && isOfModule(one) ? dependencySteps(file, one) : [];
          if (steps.length > 0) yield { at: span(one), value: steps };
        }
    },
  },
};

/** Declared by the module itself, or by a class or an object of it: what a call can lead to. */
function isOfModule(fn: Node): boolean {
  for (let up: Node = fn.parent; !ts.isSourceFile(up); up = up.parent) if (ts.isFunctionLike(up) || ts.isBlock(up)) return false;
  return true;
}

export interface Dependency {
  readonly file: string;
  readonly at: Span;
  readonly what: string;
}

const depthLimit = 3;

/** The first dependency that these steps of a file lead to. */
export function dependencyOf(file: string, steps: readonly DependencyStep[], facts: Facts, depth = 0): Dependency | undefined {
  for (const step of steps) {
    const here = { file, at: step.at, what: step.what };
    if (step.sure) return here;
    if (step.database && ("row" in step.database || facts.named(file, step.database.ref, database))) return here;
    if (step.client && facts.named(file, step.client, remoteClient)) return here;
    const inner = step.target && depth < depthLimit ? facts.named(file, step.target, dependencyWork) : undefined;
    const found = inner && dependencyOf(inner.at.file, inner.value, facts, depth + 1);
    if (found) return found;
  }
  return undefined;
}
