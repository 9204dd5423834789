// Question: is this expression a channel of RabbitMQ? By its making, its type, or the only broker library that the file imports.

import { declaredType } from "../../engine/typescript/binding.ts";
import type { Expression } from "../../engine/typescript/compiler.ts";
import { originOf } from "../../engine/typescript/handler.ts";
import type { TsFile } from "../../engine/typescript/parse.ts";

const libraries = /^(amqplib|amqplib\/callback_api|amqp-connection-manager)#/;

/** True for a channel of amqplib or amqp-connection-manager. */
export function isAmqp(file: TsFile, channel: Expression): boolean {
  return libraries.test(originOf(file, channel) ?? declaredType(file, channel) ?? "") || /["'](amqplib|amqplib\/callback_api|amqp-connection-manager)["']/.test(file.text);
}
