// Fact: a gRPC server of this process, and whether code that is not read may add services to it.

import { canonical } from "../../engine/typescript/binding.ts";
import { ts, type CallExpression, type Expression, type NewExpression } from "../../engine/typescript/compiler.ts";
import { nodes, span, type TsFile } from "../../engine/typescript/parse.ts";
import type { FactKind } from "../../engine/types.ts";

export interface GrpcServer {
  /** It is handed to a function of a package, or kept where other files reach it through one. */
  readonly open: boolean;
}

export const grpcServer: FactKind<GrpcServer> = {
  id: "grpc-server",
  title: "gRPC server",
  ts: {
    mentions: [["@grpc/grpc-js", "nice-grpc", "@nestjs/microservices"]],
    *find(file) {
      for (const made of nodes<NewExpression>(file, ts.SyntaxKind.NewExpression))
        if (canonical(file, made.expression) === "@grpc/grpc-js#Server") yield { at: span(made.expression), value: { open: handedOver(file, made) } };
      for (const call of nodes<CallExpression>(file, ts.SyntaxKind.CallExpression)) {
        const name = canonical(file, call.expression) ?? "";
        if (name === "nice-grpc#createServer") yield { at: span(call.expression), value: { open: handedOver(file, call) } };
        // Nest loads services from proto files and modules.
        else if (/#NestFactory\.createMicroservice$/.test(name) || name.endsWith("connectMicroservice")) yield { at: span(call.expression), value: { open: true } };
      }
    },
  },
};

function handedOver(file: TsFile, made: Expression): boolean {
  const holder = made.parent;
  if (ts.isCallExpression(holder) && holder.arguments.includes(made)) return true;
  if (!ts.isVariableDeclaration(holder) || !ts.isIdentifier(holder.name)) return !ts.isPropertyAccessExpression(holder) && !isField(holder);
  const name = holder.name.text;
  return [ts.SyntaxKind.CallExpression, ts.SyntaxKind.NewExpression].some((kind) =>
    nodes<CallExpression | NewExpression>(file, kind).some((call) => (call.arguments ?? []).some((one) => one.getText() === name) && isForeign(canonical(file, call.expression))));
}

/** A member of a class: its methods are read with it. */
function isField(node: Expression["parent"]): boolean {
  return ts.isPropertyDeclaration(node) || (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left) && node.left.expression.kind === ts.SyntaxKind.ThisKeyword);
}

/** Of a package: relative modules are read when they speak of health. */
function isForeign(name: string | undefined): boolean {
  return name === undefined || !/^(\.|#|@grpc\/grpc-js#|nice-grpc#)/.test(name);
}
