// Question: can a file hold a handler of requests, messages or jobs? Told by words, before it is parsed.

import { imports } from "../../engine/mention.ts";
import type { Mentions } from "../../engine/types.ts";

/** Words of files that hold a handler, as narrow as `handlers` allows: a library counts where it is imported, an event where it is named. */
export const handlerWords: Mentions[number] = [
  ...imports("express", "express-serve-static-core", "koa-router", "@koa/router", "hono", "polka", "restify", "find-my-way", "router", "bull", "redis", "ioredis", "mqtt", "nats", "@nats-io/*", "ws", "amqplib", "@google-cloud/pubsub", "pg"),
  ...['"', "'", "`"].map((quote) => `${quote}data${quote}`),
  "createServer", "createSecureServer", "fastify", "Fastify", "addService", "nice-grpc", "@connectrpc/connect", "@bufbuild/connect", "socket.io", "bullmq", "WorkerHost", ".consume", "eachMessage", "eachBatch", "sqs-consumer", "kafka", "@confluentinc/", "pulsar-client",
  "@Get", "@Post", "@Put", "@Patch", "@Delete", "@All", "@MessagePattern", "@EventPattern", "@GrpcMethod", "@GrpcStreamMethod", "@Process", "@SubscribeMessage", "@RabbitSubscribe", "@RabbitRPC", "@SqsMessageHandler", "@OnQueue",
];
