// Fact: a connection, session or transaction that a function takes from its database and does not give back on some path.

import databasePackages from "../defaults/database-packages.json" with { type: "json" };
import { checkoutFix } from "./checkout-fix.ts";
import { checkoutUse, isUnused } from "./checkout-use.ts";
import { databaseNear, databaseOf, databaseRows, type DatabaseUse } from "./database.ts";
import { ts, type CallExpression, type Expression, type FunctionLikeDeclaration, type Node } from "../../engine/typescript/compiler.ts";
import { enclosingFunction, functionOf } from "../../engine/typescript/handler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import { leaksOf } from "../../engine/typescript/release.ts";
import { bare, declaration } from "../../engine/typescript/scope.ts";
import type { Edit, Fact, FactKind, Span } from "../../engine/types.ts";

export interface ClientCheckout {
  readonly of: DatabaseUse;
  /** Method that handed it out. */
  readonly acquire: string;
  readonly name: string;
  /** Never given back, not on a certain path, or not when something throws. */
  readonly leak: "never" | "exit" | "open" | "finally" | "before-try";
  readonly taken: Span;
  /** What throws, as text, and where. */
  readonly thrower?: string;
  readonly throws?: Span;
  /** What would give it back. */
  readonly release: string;
  readonly edits?: readonly Edit[];
}

const methods = new Map(databaseRows.flatMap((row) => (row.acquire ? [[row.acquire, databaseRows.filter((one) => one.acquire === row.acquire)] as const] : [])));

export const clientCheckout: FactKind<ClientCheckout> = {
  id: "client-checkout",
  title: "Checked-out connection",
  ts: {
    serverOnly: true,
    needs: databasePackages,
    mentions: [databaseNear, [...methods.keys()].flatMap((name) => [`.${name}(`, `.${name}<`, `.${name}?.(`])],
    *find(file) {
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const callee = call.expression;
        if (!ts.isPropertyAccessExpression(callee) || !methods.has(callee.name.text)) continue;
        const of = databaseOf(file, callee.expression);
        if (!of || ("row" in of && databaseRows[of.row]!.acquire !== callee.name.text)) continue;
        const found = ofCallback(file, call, callee.name.text, of) ?? ofVariable(file, call, callee.name.text, of);
        if (found) yield found;
      }
    },
  },
};

const releasesOf = (method: string) => [...new Set(methods.get(method)!.flatMap((row) => row.release ?? []))];

/** `pool.connect((error, client, done) => ...)` and `pool.connect().then((client) => ...)`: only what is never given back is sure. */
function ofCallback(file: TsFile, call: CallExpression, acquire: string, of: DatabaseUse): Fact<ClientCheckout> | undefined {
  const chained = ts.isPropertyAccessExpression(call.parent) && call.parent.name.text === "then" && ts.isCallExpression(call.parent.parent) ? call.parent.parent : undefined;
  const fn = functionOf(file, (chained ?? call).arguments[0]);
  if (!fn || methods.get(acquire)!.some((row) => row.transaction)) return undefined;
  const parameter = fn.parameters[chained ? 0 : 1];
  if (!parameter || !ts.isIdentifier(parameter.name) || (!chained && !isUnused(file, fn, 2))) return undefined;
  const use = checkoutUse(file, parameter, parameter.name.text, fn, releasesOf(acquire));
  if (use.releases.length || use.escapes || use.passed || use.kept || chainsOn(chained)) return undefined;
  return { at: span(call.expression), value: { of, acquire, name: parameter.name.text, leak: "never", taken: span(call.expression), release: release(acquire, parameter.name.text) } };
}

/** A later step of the chain may give it back. */
function chainsOn(chained: CallExpression | undefined): boolean {
  return chained !== undefined && ts.isPropertyAccessExpression(chained.parent);
}

function ofVariable(file: TsFile, call: CallExpression, acquire: string, of: DatabaseUse): Fact<ClientCheckout> | undefined {
  const owner = enclosingFunction(call);
  const held = holder(call);
  const declared = held && declaration(file, held);
  if (!owner || !declared || !ts.isVariableDeclaration(declared) || enclosingFunction(declared) !== owner || isDisposed(declared)) return undefined;
  const name = held.text;
  const use = checkoutUse(file, declared, name, owner, releasesOf(acquire));
  if (use.escapes || use.kept) return undefined;
  const said = { of, acquire, name, taken: span(call), release: release(acquire, name) };
  const fix = (leak: ClientCheckout["leak"]) => {
    const edits = methods.get(acquire)!.some((row) => row.transaction) ? undefined : checkoutFix(file, call, declared, use.releases, `${asynchronous(acquire) ? "await " : ""}${said.release}()`, leak);
    return edits ? { edits } : {};
  };
  if (use.releases.length === 0) return use.passed || endsProcess(owner) ? undefined : { at: span(call), value: { ...said, leak: "never", ...fix("never") } };
  const opens = methods.get(acquire)!.flatMap((row) => row.opens ?? []);
  const [leak] = leaksOf({ owner, name, acquired: call, releases: use.releases, harmless: (node) => opensIt(node, name, opens) });
  if (!leak) return undefined;
  if (leak.is === "exit") return { at: leak.at === call ? span(call) : span(leak.at), value: { ...said, leak: "exit", ...fix("exit") } };
  const thrower = short(leak.at);
  const at = leak.where === "before-try" ? span(leak.at) : statement(leak.release);
  return { at, value: { ...said, leak: leak.where, ...(thrower ? { thrower } : {}), throws: span(leak.at), ...fix(leak.where) } };
}

/** The variable that an acquisition goes into: `const c = await ...`, or `c = await ...` as a statement. */
function holder(call: CallExpression) {
  let up: Node = call;
  while (ts.isAwaitExpression(up.parent) || ts.isParenthesizedExpression(up.parent) || ts.isAsExpression(up.parent) || ts.isNonNullExpression(up.parent)) up = up.parent;
  const { parent } = up;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  const assigned = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isExpressionStatement(parent.parent) && parent.right === up;
  return assigned && ts.isIdentifier(parent.left) ? parent.left : undefined;
}

/** `using` and `await using` give it back themselves. */
function isDisposed(declared: Node): boolean {
  return /^(await\s+)?using\b/.test(declared.parent.getText());
}

function opensIt(node: Node, name: string, opens: readonly string[]): boolean {
  const inner = ts.isAwaitExpression(node) ? bare(node.expression) : undefined;
  return inner !== undefined && ts.isCallExpression(inner) && opens.some((one) => inner.expression.getText() === `${name}.${one}`);
}

/** A program that ends here needs to give nothing back. */
function endsProcess(owner: FunctionLikeDeclaration): boolean {
  return /\bprocess\.exit\(/.test(owner.getText());
}

const asynchronous = (acquire: string) => methods.get(acquire)!.some((row) => row.asyncRelease);

function release(acquire: string, name: string): string {
  return `${name}.${methods.get(acquire)!.find((row) => row.release?.length)?.release?.[0] ?? "release"}`;
}

/** The whole call around a release. */
function statement(node: Node): Span {
  let up = node;
  while (up.parent && (ts.isPropertyAccessExpression(up.parent) || (ts.isCallExpression(up.parent) && up.parent.expression === up))) up = up.parent;
  return span(ts.isCallExpression(up.parent) ? up.parent : up);
}

/** The callee of an awaited call, when it reads well. */
function short(node: Node): string | undefined {
  let inner: Expression = ts.isAwaitExpression(node) ? bare(node.expression) : (node as Expression);
  if (ts.isTaggedTemplateExpression(inner)) inner = inner.tag;
  const text = (ts.isCallExpression(inner) ? inner.expression : inner).getText();
  return /^[\w$.?]{1,40}$/.test(text) ? text : undefined;
}
