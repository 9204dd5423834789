// A receiver without a size limit holds whatever it is sent: one message can take the whole heap.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { size } from "../../engine/quantity.ts";
import { messageLimit, type MessageLimit } from "../facts/message-limit.ts";
import type { Finding, Fix, Linked, Rule } from "../../engine/types.ts";

/** More than this per message is as good as no limit: a handful of calls at once fill the default heap (bytes). */
const large = 64 * 1024 * 1024;

export const messageSizeUnbounded: Rule = {
  id: "grpc/message-size-unbounded",
  title: "Received messages have no size limit",
  why: `A message is held in memory as a whole before anybody sees it. grpc-js takes 4 MiB by default
(https://github.com/grpc/grpc-node/blob/master/packages/grpc-js/src/constants.ts); -1 takes away that limit, and one message can exhaust the heap of a
process that serves everyone. Connect reads up to 4 GiB unless readMaxBytes says less (https://connectrpc.com/docs/node/server-plugins).
Large answers belong into a stream.`,
  check: {
    ts: {
      reads: [messageLimit],
      *find(file, facts) {
        for (const limit of facts.in(file.path, messageLimit)) {
          const found = finding(limit);
          if (found) yield found;
        }
      },
    },
  },
  examples: [
    {
      bad: files`
import { Server } from "@grpc/grpc-js";
export const server = new Server({ "grpc.max_receive_message_length": -1 });
                                                                      ^^ warning: No limit: messages of any size are taken into memory, the default is 4 MiB
`,
      fixed: files`
import { Server } from "@grpc/grpc-js";
export const server = new Server({ "grpc.max_receive_message_length": 16 * 1024 * 1024 });
`,
    },
    {
      good: files`
import { Server } from "@grpc/grpc-js";
export const server = new Server({ "grpc.max_receive_message_length": 16 * 1024 * 1024, "grpc.max_send_message_length": -1 });
`,
    },
  ],
};

function finding({ at, value: { library, bytes, slot } }: Linked<MessageLimit>): Finding | undefined {
  const fix = (edits: Fix["edits"]): readonly Fix[] => [{ title: "Limit messages to 16 MiB", safe: false, edits }];
  if ("absent" in bytes && library === "Connect")
    return {
      at,
      message: say`No readMaxBytes: Connect reads messages of up to 4 GiB into memory`,
      variant: "connect",
      ...(slot ? { fixes: fix([{ at: slot.at, text: `${slot.before}readMaxBytes: 16 * 1024 * 1024${slot.after}` }]) } : {}),
    };
  if (!("known" in bytes) || (bytes.known !== -1 && bytes.known <= large)) return undefined;
  const message = bytes.known === -1 ? say`No limit: messages of any size are taken into memory, the default is 4 MiB` : say`Messages of up to ${size(bytes.known)} are taken into memory: the default is 4 MiB`;
  return { at, message, fixes: fix([{ at, text: "16 * 1024 * 1024" }]) };
}
