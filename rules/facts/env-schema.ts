// Question: which environment variables does a schema insist on? Zod, envalid, Joi, t3-env and env-var.

import { canonical, made } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type Node } from "../../engine/typescript/compiler.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { bare } from "../../engine/typescript/scope.ts";
import { keyText } from "../../engine/typescript/value.ts";
import { isEnvironment } from "./process-env.ts";

type Read = readonly [name: string, node: Node, need: "schema" | "optional"];

export function* schemaReads(file: TsFile): Iterable<Read> {
  for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
    const [first, second] = call.arguments;
    const name = canonical(file, call.expression) ?? "";
    if (/^envalid#cleanEnv$/.test(name) && second) yield* keys(file, second, (one) => (/\b(default|devDefault|requiredWhen)\s*:/.test(one.getText()) ? "optional" : /^(envalid\.)?(str|num|bool|url|port|host|email|json)\(/.test(one.getText()) ? "schema" : undefined));
    else if (/^@t3-oss\/env-(core|nextjs)#createEnv$/.test(name) && first) {
      const server = property(file, first, "server");
      if (server) yield* keys(file, server, zodNeed);
    } else if (ts.isPropertyAccessExpression(call.expression)) yield* ofMethod(file, call, call.expression.name.text, call.expression.expression);
  }
}

function* ofMethod(file: TsFile, call: CallExpression, method: string, receiver: Expression): Iterable<Read> {
  const [first] = call.arguments;
  if (/^(safe)?[pP]arse(Async)?$/.test(method) && first && isEnvironment(file, first) && (!/^safe/.test(method) || fails.test(file.text))) {
    const shape = zodShape(file, receiver);
    if (shape) yield* keys(file, shape, zodNeed);
  } else if (/^validate(Async)?$/.test(method) && first && isEnvironment(file, first) && fails.test(file.text)) {
    const object = joiObject(file, receiver);
    if (object?.arguments[0]) yield* keys(file, object.arguments[0], joiNeed);
  } else if (/^(forRoot)$/.test(method) && canonical(file, receiver) === "@nestjs/config#ConfigModule" && first) {
    const schema = property(file, first, "validationSchema");
    const object = schema && joiObject(file, schema);
    if (object?.arguments[0]) yield* keys(file, object.arguments[0], joiNeed);
  } else if (method === "required" && ts.isCallExpression(receiver) && /^env-var#(default\.)?get$/.test(canonical(file, receiver.expression) ?? "")) {
    const name = receiver.arguments[0];
    if (call.arguments.length === 0 && name && ts.isStringLiteralLike(name)) yield [name.text, name, "schema"];
  }
}

const fails = /\bthrow\b|process\.exit\(\s*1/;
const joiNeed = (one: Expression) => (/\.required\(\s*\)/.test(one.getText()) && !/\.(default|when|optional)\(/.test(one.getText()) ? "schema" as const : "optional" as const);

/** The call of `Joi.object({...})`, below steps that leave its keys as they are. */
function joiObject(file: TsFile, node: Expression): CallExpression | undefined {
  let expr: Expression | undefined = made(file, node);
  for (let step = 0; expr && ts.isCallExpression(expr) && step < 12; step++) {
    if (/^(joi|@hapi\/joi)#((default|Joi)\.)?object$/.test(canonical(file, expr.expression) ?? "")) return expr;
    if (!ts.isPropertyAccessExpression(expr.expression) || !/^(unknown|options|prefs|preferences|required|label)$/.test(expr.expression.name.text)) return undefined;
    expr = made(file, expr.expression.expression);
  }
  return undefined;
}

/** The literal with the keys of `z.object({...})`, below steps that leave them as they are. */
function zodShape(file: TsFile, node: Expression): Expression | undefined {
  let expr: Expression | undefined = made(file, node);
  for (let step = 0; expr && ts.isCallExpression(expr) && step < 12; step++) {
    if (/^zod(\/\w+)?#(z\.)?(object|strictObject|looseObject)$/.test(canonical(file, expr.expression) ?? "")) return expr.arguments[0];
    if (!ts.isPropertyAccessExpression(expr.expression) || !/^(strict|strip|passthrough|loose|superRefine|refine|transform|readonly)$/.test(expr.expression.name.text)) return undefined;
    expr = made(file, expr.expression.expression);
  }
  return undefined;
}

/** What Zod does without a value; undefined where we do not see the whole type. */
function zodNeed(node: Expression): "schema" | "optional" | undefined {
  const text = node.getText();
  if (/\.(optional|default|nullish|catch|prefault|or)\s*\(|\b(preprocess|optional|nullish|any|unknown|undefined|union|never|void)\s*\(|stringbool/.test(text)) return "optional";
  // Coerced, nothing becomes `false` or NaN.
  return /^z\s*\.\s*(string|enum|url|email|number|coerce\s*\.\s*number|nativeEnum|literal)\b/.test(text) ? "schema" : undefined;
}

function* keys(file: TsFile, node: Expression, need: (one: Expression) => "schema" | "optional" | undefined): Iterable<Read> {
  const literal = made(file, node);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return;
  for (const one of literal.properties) {
    const name = ts.isPropertyAssignment(one) ? keyText(one.name) : undefined;
    if (name === undefined || !ts.isPropertyAssignment(one)) continue;
    const found = need(bare(made(file, one.initializer) ?? one.initializer));
    yield [name, one.name, found ?? "optional"];
  }
}

function property(file: TsFile, node: Expression, name: string): Expression | undefined {
  const literal = made(file, node);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return undefined;
  const found = literal.properties.find((one) => one.name && keyText(one.name) === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : found && ts.isShorthandPropertyAssignment(found) ? found.name : undefined;
}
