// Fact: a lease, watcher or campaign of etcd3 whose loss nobody hears of. Judges nothing.

import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Identifier, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, functionOf } from "../../engine/typescript/handler.ts";
import { option } from "../../engine/typescript/option.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, enclosingClass, references } from "../../engine/typescript/scope.ts";
import { etcdOf } from "./etcd-client.ts";
import { recover } from "./etcd-lease-fix.ts";
import type { Edit, FactKind, Ref } from "../../engine/types.ts";

export interface EtcdLease {
  readonly what: "lease" | "watcher" | "campaign";
  /** `logged`: there is a handler, and all it does is to log. */
  readonly handler: "none" | "logged";
  /** The client that another module makes. */
  readonly client?: Ref;
  /** Edits that handle the loss; `again` where they write the key again, else they end the process. */
  readonly fix?: { readonly again: boolean; readonly edits: readonly Edit[] };
}

export const etcdLease: FactKind<EtcdLease> = {
  id: "etcd-lease",
  title: "etcd lease",
  ts: {
    needs: ["etcd3"],
    mentions: [],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const found = taken(file, call);
        if (!found) continue;
        const { what, client } = found;
        const handler = handlerOf(file, call, what === "lease" ? "lost" : "error");
        if (handler === "open" || handler === "handled") continue;
        const fix = what === "lease" && handler === "none" ? recover(file, call) : undefined;
        yield { at: span(call), value: { what, handler, ...(client === true ? {} : { client }), ...(fix ? { fix } : {}) } };
      }
    },
  },
};

function taken(file: TsFile, call: CallExpression): { what: EtcdLease["what"]; client: true | Ref } | undefined {
  if (!ts.isPropertyAccessExpression(call.expression)) return undefined;
  const { name, expression: owner } = call.expression;
  let what: EtcdLease["what"];
  let root: Expression = owner;
  if (name.text === "lease") {
    // Without keepalive the key is meant to expire.
    if (call.arguments[1] && option(file, call.arguments[1], "autoKeepAlive").is !== "absent") return undefined;
    what = "lease";
  } else if (/^(create|watcher|campaign)$/.test(name.text)) {
    what = name.text === "campaign" ? "campaign" : "watcher";
    const method = what === "watcher" ? "watch" : "election";
    root = receiverOf(file, owner).made ?? owner;
    while (ts.isCallExpression(root) && ts.isPropertyAccessExpression(root.expression) && root.expression.name.text !== method) root = bare(root.expression.expression);
    if (!ts.isCallExpression(root) || !ts.isPropertyAccessExpression(root.expression)) return undefined;
    root = root.expression.expression;
  } else return undefined;
  const client = etcdOf(file, root);
  return client === undefined ? undefined : { what, client };
}

/** What becomes of the event: nobody listens, a listener logs it, it is handled, or the thing leaves our sight. */
function handlerOf(file: TsFile, call: CallExpression, event: string): "none" | "logged" | "handled" | "open" {
  let top: Node = call;
  let state: "none" | "logged" | "handled" = "none";
  const hear = (access: Node) => {
    const listened = ts.isPropertyAccessExpression(access) && /^(on|once|addListener|prependListener)$/.test(access.name.text) && ts.isCallExpression(access.parent) ? access.parent : undefined;
    const [first, listener] = listened?.arguments ?? [];
    if (!first || !ts.isStringLiteralLike(first) || first.text !== event) return;
    if (state !== "handled") state = onlyLogs(functionOf(file, listener)) ? "logged" : "handled";
  };
  for (;;) {
    const { parent }: Node = top;
    if (ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent)) {
      // put() and grant() return something else; then() hands the thing on.
      if (/^(then|catch)$/.test(parent.name.text)) return "open";
      hear(parent);
      if (!/^(on|once|addListener|prependListener)$/.test(parent.name.text)) return state;
      top = parent.parent;
    } else if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent) || ts.isAsExpression(parent)) top = parent;
    else break;
  }
  const uses = usesOf(file, top);
  if (uses === "open" || !uses) return uses ?? state;
  for (const use of uses) {
    const { parent } = use;
    if (ts.isBinaryExpression(parent) && parent.left === use) continue;
    if (!ts.isPropertyAccessExpression(parent)) {
      if (ts.isIfStatement(parent) || ts.isPrefixUnaryExpression(parent) || ts.isVariableDeclaration(parent)) continue;
      return "open";
    }
    // Given back in the same function: a lock, or one piece of work.
    if (/^(revoke|cancel|resign)$/.test(parent.name.text) && !ts.isPropertyAccessExpression(use) && enclosingFunction(use) === enclosingFunction(call) && enclosingFunction(call)) return "open";
    if (/^(keepaliveOnce|removeAllListeners|emit)$/.test(parent.name.text)) return "open";
    hear(parent);
  }
  return state;
}

/** Uses of the name or field that holds it; undefined where nothing holds it, "open" where it leaves the file. */
function usesOf(file: TsFile, top: Node): readonly Node[] | "open" | undefined {
  const { parent } = top;
  const held = ts.isBinaryExpression(parent) && parent.right === top && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken ? parent.left : undefined;
  if (ts.isExpressionStatement(parent)) return undefined;
  if (ts.isVariableDeclaration(parent) || (held && ts.isIdentifier(held))) {
    const declared = ts.isVariableDeclaration(parent) ? parent : declaration(file, held as Identifier);
    if (!declared || !ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name)) return "open";
    const statement = declared.parent.parent;
    if (ts.isVariableStatement(statement) && statement.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)) return "open";
    return references(file, declared, declared.name.text);
  }
  const field = held && ts.isPropertyAccessExpression(held) && held.expression.kind === ts.SyntaxKind.ThisKeyword ? held.name.text : ts.isPropertyDeclaration(parent) ? parent.name.getText() : undefined;
  const owner = field === undefined ? undefined : enclosingClass(top);
  if (!owner) return "open";
  return nodes(file, ts.SyntaxKind.PropertyAccessExpression).filter((one) => ts.isPropertyAccessExpression(one) && one.name.text === field && one.expression.kind === ts.SyntaxKind.ThisKeyword && enclosingClass(one) === owner);
}

/** Every call of the listener is one of a logger, and nothing is thrown. */
function onlyLogs(listener: FunctionLikeDeclaration | undefined): boolean {
  if (!listener?.body) return false;
  const open: Node[] = [listener.body];
  for (let one = open.pop(); one; one = open.pop()) {
    if (ts.isThrowStatement(one) || ts.isBinaryExpression(one) && one.operatorToken.kind === ts.SyntaxKind.EqualsToken || ts.isNewExpression(one)) return false;
    if (ts.isCallExpression(one) && !/^(this\.)?_?(console|log|logger|winston|pino)(\.\w+)+$|^(String|JSON\.stringify)$/i.test(one.expression.getText())) return false;
    ts.forEachChild(one, (child) => void open.push(child));
  }
  return true;
}
