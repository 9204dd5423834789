// Question: under which id does a service register itself, and is it the same in every replica? Sees Consul, Eureka and Nacos clients. States no fact itself.

import { canonical, importOf } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression, type Node } from "../../engine/typescript/compiler.ts";
import { option, type Option } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { receiverOf } from "../../engine/typescript/receiver.ts";
import { bare, declaration, onlyValue } from "../../engine/typescript/scope.ts";

export interface Registration {
  readonly registry: "Consul" | "Eureka" | "Nacos";
  /** `id`: the id is written and the same everywhere. `name`: none is written, the name stands for it. `address`: every replica gives a loopback address. */
  readonly same: "id" | "name" | "address";
  /** The text that is the same. */
  readonly node: Expression;
  readonly site: CallExpression | NewExpression;
  /** The literal in which the id is missing. */
  readonly into?: Expression;
}

/** Registrations that collide as soon as there are two replicas. */
export function* registrations(file: TsFile): Iterable<Registration> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const callee = call.expression;
    const [first, second] = call.arguments;
    if (!ts.isPropertyAccessExpression(callee) || !first) continue;
    if (callee.name.text === "register" && isConsul(file, callee.expression)) {
      const found = consul(file, call, first);
      if (found) yield found;
    } else if (callee.name.text === "registerInstance" && second && classOf(file, callee.expression) === "nacos#NacosNamingClient") {
      const ip = option(file, second, "ip");
      if (ip.is === "present" && literal(ip) && option(file, second, "instanceId").is === "absent") yield { registry: "Nacos", same: isLoopback(ip) ? "address" : "id", node: ip.node, site: call };
    }
  }
  for (const site of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression)) {
    if (!/^eureka-js-client#(Eureka|default)?$/.test(canonical(file, site.expression) ?? "") || !site.arguments?.[0]) continue;
    const [options] = site.arguments;
    const id = option(file, options, "instance.instanceId");
    const host = option(file, options, "instance.hostName");
    if (id.is === "present" && isSame(file, id.node)) yield { registry: "Eureka", same: "id", node: id.node, site };
    else if (id.is === "absent" && host.is === "present" && literal(host)) yield { registry: "Eureka", same: isLoopback(host) ? "address" : "id", node: host.node, site };
  }
}

/** `consul.agent.service`: a client of the package consul, or a value of that shape that bears its name. */
function isConsul(file: TsFile, node: Expression): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "service" || !ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== "agent") return false;
  const root = node.expression.expression;
  return /^consul#/.test(classOf(file, root) ?? "") || /[cC]onsul/.test(root.getText());
}

/** Canonical name of what made a value, or of its declared type. */
function classOf(file: TsFile, node: Expression): string | undefined {
  const { made, type } = receiverOf(file, node);
  return made && (ts.isNewExpression(made) || ts.isCallExpression(made)) ? canonical(file, made.expression) : type;
}

function consul(file: TsFile, site: CallExpression, first: Expression): Registration | undefined {
  const base = { registry: "Consul", site } as const;
  if (ts.isStringLiteralLike(bare(first))) return { ...base, same: "name", node: first };
  const id = either(["id", "ID", "Id"].map((name) => option(file, first, name)));
  if (id.is === "present") return isSame(file, id.node) ? { ...base, same: "id", node: id.node } : loopback();
  const name = either(["name", "Name"].map((one) => option(file, first, one)));
  if (id.is === "unknown" || name.is !== "present") return undefined;
  return isSame(file, name.node) ? { ...base, same: "name", node: name.node, into: first } : loopback();

  function loopback(): Registration | undefined {
    const address = either(["address", "Address"].map((one) => option(file, first, one)));
    return address.is === "present" && isLoopback(address) ? { ...base, same: "address", node: address.node } : undefined;
  }
}

function either(found: readonly Option[]): Option {
  return found.find((one) => one.is === "present") ?? found.find((one) => one.is === "unknown") ?? { is: "absent" };
}

const literal = (found: Option) => found.is === "present" && "known" in found.value && found.value.by === "text" && typeof found.value.known === "string";
const isLoopback = (found: Option) => literal(found) && found.is === "present" && "known" in found.value && /^(localhost$|127\.|::1$)/.test(String(found.value.known));

/** Names of settings that all replicas share: the service's name, its port, its environment. */
const shared = /^(service|app|application)?_?name$|^((http|grpc|service|server|app|api|listen|rpc)_?)?port$|^(version|region|env|environment|node_env|npm_package_name|npm_package_version)$|service_?name$/i;

/** Made of constants and shared settings alone. Whatever is not understood may differ. */
function isSame(file: TsFile, node: Expression): boolean {
  const open: Node[] = [node];
  for (let one = open.pop(), step = 0; one; one = open.pop(), step++) {
    if (step > 100) return false;
    const expr = ts.isExpression(one) ? bare(one) : one;
    if (ts.isStringLiteralLike(expr) || ts.isNumericLiteral(expr)) continue;
    if (ts.isTemplateExpression(expr)) for (const part of expr.templateSpans) open.push(part.expression);
    else if (ts.isBinaryExpression(expr)) open.push(expr.left, expr.right);
    else if (ts.isPropertyAccessExpression(expr)) {
      if (!shared.test(expr.name.text) || /host|pod|instance|task|node\b/i.test(expr.expression.getText().replace(/process\.env$/, "")) || ts.isCallExpression(expr.expression)) return false;
    } else if (ts.isIdentifier(expr)) {
      const declared = declaration(file, expr);
      const only = declared && onlyValue(file, declared);
      if (only) open.push(only);
      else if (!declared || !shared.test(expr.text) || !(ts.isParameter(declared) || ts.isBindingElement(declared) || importOf(declared))) return false;
      // A parameter that is called an id may well be one.
      else if (/id$/i.test(expr.text)) return false;
    } else if (ts.isCallExpression(expr) && /^#(Number|String|parseInt)$/.test(canonical(file, expr.expression) ?? "") && expr.arguments[0]) open.push(expr.arguments[0]);
    else return false;
  }
  return true;
}
