// A deadline in the metadata of an RPC is a header like any other: grpc-js does not obey it.

import { files } from "../../engine/example.ts";
import { imports } from "../../engine/mention.ts";
import { say } from "../../engine/message.ts";
import { span } from "../../engine/typescript/parse.ts";
import { metadataDeadlines } from "../facts/metadata-deadline.ts";
import type { Rule } from "../../engine/types.ts";

export const deadlineInMetadata: Rule = {
  id: "grpc/deadline-in-metadata",
  title: "Deadline is written into metadata",
  why: `grpc-js reads the deadline of a call from its options and from nowhere else. In metadata it is sent as a header, and the client goes on waiting without a limit:
https://github.com/grpc/grpc-node/issues/541. Even \`grpc-timeout\`, which servers read, does not end the call in the client.`,
  check: {
    ts: {
      mentions: [imports("@grpc/grpc-js", "grpc"), ["deadline", "Deadline", "DEADLINE", "timeout", "Timeout", "TIMEOUT"]],
      *find(file) {
        for (const { call, key, edits } of metadataDeadlines(file))
          yield {
            at: span(call),
            message: say`Metadata ${key} does not limit the call: grpc-js takes the deadline from the call options`,
            ...(key === "timeout" ? { variant: "timeout" } : {}),
            ...(edits ? { fixes: [{ title: "Move the deadline into the call options", safe: false, edits }] } : {}),
          };
      },
    },
  },
  examples: [
    {
      bad: files`
import { Metadata } from "@grpc/grpc-js";
import { orders } from "./clients";
export function find(id: string, done: (error: Error | null) => void) {
  const metadata = new Metadata();
  metadata.set("deadline", String(Date.now() + 5_000));
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: Metadata deadline does not limit the call: grpc-js takes the deadline from the call options
  orders.find({ id }, metadata, (error) => done(error));
}
`,
      fixed: files`
import { Metadata } from "@grpc/grpc-js";
import { orders } from "./clients";
export function find(id: string, done: (error: Error | null) => void) {
  const metadata = new Metadata();
  orders.find({ id }, metadata, { deadline: Date.now() + 5_000 }, (error) => done(error));
}
`,
    },
    {
      good: files`
import { Metadata } from "@grpc/grpc-js";
import { orders } from "./clients";
export function find(id: string, done: (error: Error | null) => void) {
  const metadata = new Metadata();
  metadata.set("x-request-id", id);
  orders.find({ id }, metadata, { deadline: Date.now() + 5_000 }, done);
}
`,
    },
  ],
};
