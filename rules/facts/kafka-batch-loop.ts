// Fact: a loop of an `eachBatch` handler that awaits and gives the consumer no sign of life.

import { consumerRefOf } from "./kafka-handler.ts";
import { kafkaHandlerMentions, kafkaHandlers, callsOf, calledFunction, type LocalHandler } from "./kafka-handler.ts";
import type { KafkaSource } from "./kafka-client.ts";
import { callOf, keepsBooks, payloadOf } from "./kafka-payload.ts";
import { ts, type Node, type Statement } from "../../engine/typescript/compiler.ts";
import { enclosingFunction } from "../../engine/typescript/handler.ts";
import { indentOf, lineBreak } from "../../engine/typescript/option.ts";
import { nodes, type TsFile } from "../../engine/typescript/parse.ts";
import { visible } from "../../engine/typescript/scope.ts";
import type { Edit, FactKind, Ref } from "../../engine/types.ts";
