// Question: has a value as many values as there are requests, users or errors? Follows names, parts of texts and fallbacks within one file; knows no metric.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type BindingElement, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";

/** `id`: of a user, session, request or trace. `other`: of something else, an address, a time, the text of an error. `tenant`: few in most systems. */
export type Growth = "id" | "url" | "other" | "tenant";

/** How a name alone tells that its values grow without bound. */
export function growthOfName(name: string): Growth | undefined {
  if (/^(.*_)?(user|session|request|trace|span|correlation)_?id$/i.test(name) || /(user|session|request|trace|span|correlation)Id$/.test(name)) return "id";
  if (/^tenant_?id$/i.test(name)) return "tenant";
  if (/^(account|order|device|message|job|customer|task|transaction|payment|cart|invoice|visitor)_?id$|^(.*_)?e?mail(_?address)?$|^(.*_)?(uuid|guid)$|^((access|auth|id|session|refresh)_?)?token$|^(.*_)?timestamp$|_hash$|^(tx|txn)(_?(id|hash))?$|_address$/i.test(name)) return "other";
  return /(Email|Uuid|UUID|Hash|TxId|IpAddress|walletAddress|remoteAddress)$/.test(name) ? "other" : undefined;
}

const requests = /^(_?req|request|ctx|context|c|event|koaCtx|httpRequest|incoming)$/;
const headers = /^(user-agent|referer|cookie|authorization|x-forwarded-for|x-real-ip|forwarded|traceparent|origin|.*(request|trace|correlation|session|user|device)-id|.*-token)$/i;
/** Calls that leave as many values as there were. */
const keeps = /^(split|slice|substring|substr|trim|toLowerCase|toUpperCase|toString|toISOString|at|pop|shift|concat|toHexString|toJSON)$/;
const randoms = /^(crypto#(randomUUID|webcrypto\.randomUUID)|#crypto\.randomUUID|uuid#(v1|v4|v6|v7)|nanoid#nanoid|ulid#ulid|#Date\.now|#performance\.now|perf_hooks#performance\.now|#Math\.random)$/;

/** Undefined when the values are few, or when it cannot be told. */
export function growthOf(file: TsFile, node: Expression): Growth | undefined {
  const open: Expression[] = [node];
  const seen = new Set<Node>();
  for (let next = open.pop(); next && seen.size < 60; next = open.pop()) {
    const expr = bare(next);
    if (seen.has(expr)) continue;
    seen.add(expr);
    const found = growth(file, expr, open);
    if (found) return found;
  }
  return undefined;
}

function growth(file: TsFile, expr: Expression, open: Expression[]): Growth | undefined {
  if (ts.isIdentifier(expr)) return ofName(file, expr, expr.text, open);
  if (ts.isTemplateExpression(expr)) for (const part of expr.templateSpans) open.push(part.expression);
  else if (ts.isConditionalExpression(expr)) open.push(expr.whenTrue, expr.whenFalse);
  else if (ts.isBinaryExpression(expr)) {
    const { SyntaxKind } = ts;
    if ([SyntaxKind.PlusToken, SyntaxKind.QuestionQuestionToken, SyntaxKind.BarBarToken].includes(expr.operatorToken.kind)) open.push(expr.left, expr.right);
  } else if (ts.isElementAccessExpression(expr)) {
    if (/\bheaders$/.test(expr.expression.getText())) return ts.isStringLiteralLike(expr.argumentExpression) && headers.test(expr.argumentExpression.text) ? "other" : undefined;
    if (ts.isStringLiteralLike(expr.argumentExpression)) return growthOfName(expr.argumentExpression.text);
    open.push(expr.expression);
  } else if (ts.isPropertyAccessExpression(expr)) return ofProperty(file, expr.expression, expr.name.text);
  else if (ts.isCallExpression(expr)) {
    if (randoms.test(canonical(file, expr.expression) ?? "")) return "other";
    if (canonical(file, expr.expression) === "#String" && expr.arguments[0]) open.push(expr.arguments[0]);
    else if (ts.isPropertyAccessExpression(expr.expression)) {
      const { name, expression: owner } = expr.expression;
      const [first] = expr.arguments;
      if (/^(get|header)$/.test(name.text) && first && ts.isStringLiteralLike(first) && (requests.test(rootText(owner)) || /headers$/.test(owner.getText()))) return headers.test(first.text) ? "other" : undefined;
      if (name.text === "toISOString" && ts.isNewExpression(bare(owner))) return "other";
      if (keeps.test(name.text)) open.push(owner);
    }
  }
  return undefined;
}

function ofName(file: TsFile, name: Expression, text: string, open: Expression[]): Growth | undefined {
  const declared = ts.isIdentifier(name) ? declaration(file, name) : undefined;
  if (!declared) return undefined;
  if (ts.isBindingElement(declared)) return ofBinding(file, declared, text, open);
  const only = onlyValue(file, declared);
  if (!only) return ts.isParameter(declared) || ts.isVariableDeclaration(declared) ? growthOfName(text) : undefined;
  const value = bare(only);
  if (ts.isStringLiteralLike(value) || ts.isNumericLiteral(value)) return undefined;
  open.push(value);
  // What a mapper made of it has a name of its own choice.
  return ts.isCallExpression(value) && !/^(get|fetch|find|read|extract|create|generate|current)/i.test(calledName(value.expression)) ? undefined : growthOfName(text);
}

const calledName = (callee: Expression) => (ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText());

function ofBinding(file: TsFile, element: BindingElement, text: string, open: Expression[]): Growth | undefined {
  const holder = element.parent.parent;
  if (ts.isArrayBindingPattern(element.parent)) {
    if (ts.isVariableDeclaration(holder) && holder.initializer) open.push(holder.initializer);
    return growthOfName(text);
  }
  const key = keyText(element.propertyName ?? element.name) ?? text;
  return (ts.isVariableDeclaration(holder) && holder.initializer ? ofProperty(file, holder.initializer, key) : undefined) ?? growthOfName(key) ?? growthOfName(text);
}

/** `req.url`, `req.ip`, `err.message`, `new URL(req.url).pathname`, `user.id`, and names that tell. */
function ofProperty(file: TsFile, owner: Expression, key: string): Growth | undefined {
  const text = owner.getText().replace(/\?/g, "");
  const inner = bare(owner);
  if (/^(url|originalUrl|path|pathname|rawPath|rawUrl|href)$/.test(key)) {
    if (/\b(route|routeOptions|routerPath|routeConfig|matched)$/.test(text)) return undefined;
    if (requests.test(rootText(owner)) && /^(_?req|request|ctx|koaCtx|httpRequest|incoming|\w+\.(req|request))(\.(req|request|raw|nextUrl|URL))*$/.test(text)) return "url";
    const made = ts.isIdentifier(inner) ? onlyOf(file, inner) : inner;
    return made && ts.isNewExpression(made) && canonical(file, made.expression) === "#URL" && made.arguments?.[0] && growthOf(file, made.arguments[0]) === "url" ? "url" : undefined;
  }
  if (key === "ip" || key === "remoteAddress") return requests.test(rootText(owner)) || /socket|connection/.test(text) ? "other" : undefined;
  if (key === "message" || key === "stack") return /(^|\.)(e|ex|err|error|exception|cause|reason)$/i.test(text) ? "other" : undefined;
  if (key === "id" && /(^|\.)(user|session|currentUser|req|request)$/i.test(text)) return "id";
  if (key === "id" && /(^|\.)(params|order|account|customer|device|job|message|task|payment)$/i.test(text)) return "other";
  return growthOfName(key);
}

function onlyOf(file: TsFile, name: Expression): Expression | undefined {
  const declared = ts.isIdentifier(name) ? declaration(file, name) : undefined;
  const only = declared && onlyValue(file, declared);
  return only && bare(only);
}

function rootText(node: Expression): string {
  let root = bare(node);
  while (ts.isPropertyAccessExpression(root)) root = bare(root.expression);
  return root.getText();
}
