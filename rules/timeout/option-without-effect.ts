// Somebody set a limit, and the library never looks at it: everybody believes that there is a timeout.

import { files } from "../../engine/example.ts";
import { say } from "../../engine/message.ts";
import { duration } from "../../engine/quantity.ts";
import { ineffectiveOption } from "../facts/ineffective-option.ts";
import { atLeast, below } from "../facts/release.ts";
import type { Facts, Linked, Rule } from "../../engine/types.ts";

export const optionWithoutEffect: Rule = {
  id: "timeout/option-without-effect",
  title: "Option without effect",
  why: `The code says that there is a timeout or a limit, and the installed library ignores the option: nothing ends the call when its peer hangs, and
nobody looks there, because the number stands in the code. fetch() has no timeout option (https://developer.mozilla.org/en-US/docs/Web/API/RequestInit);
the AWS SDK only logs a warning since @smithy/node-http-handler 4.4.0, unless throwOnRequestTimeout is set; mongodb dropped timeoutMS in 6.22 and 7.8;
grpc-js obeys the options in its list and no others (https://github.com/grpc/grpc-node/tree/master/packages/grpc-js#supported-channel-options).
Where the effect depends on the release and no lockfile tells it, the finding is a hint to look.`,
  check: {
    ts: {
      reads: [ineffectiveOption],
      *find({ path }, facts) {
        for (const found of facts.in(path, ineffectiveOption)) {
          const { option, value, says, versions, fix } = found.value;
          const proof = versions ? installed(found, versions, facts) : "proven";
          if (proof === "otherwise") continue;
          const message = value && "known" in value ? say`${option} of ${duration(value.known)} has no effect: ${says}` : say`${option} has no effect: ${says}`;
          yield { at: found.at, message, ...(proof === "unknown" ? { variant: "unproven" } : {}), ...(fix ? { fixes: [fix] } : {}) };
        }
      },
    },
  },
  examples: [
    {
      bad: files`
export async function stock(id: string) {
  return fetch("http://stock/items/" + id, { method: "GET", timeout: 2_000 } as RequestInit);
                                                            ^^^^^^^^^^^^^^ timeout of 2 s has no effect: fetch() ignores it and may take 300 s
}
`,
      fixed: files`
export async function stock(id: string) {
  return fetch("http://stock/items/" + id, { method: "GET", signal: AbortSignal.timeout(2_000) } as RequestInit);
}
`,
    },
    {
      bad: files`
//- package.json
{ "dependencies": { "@aws-sdk/client-s3": "^3.920.0" } }
//- src/bucket.ts
import { S3Client } from "@aws-sdk/client-s3";
export const bucket = new S3Client({ requestHandler: { requestTimeout: 3_000 } });
                                                       ^^^^^^^^^^^^^^^^^^^^^ error: requestTimeout of 3 s has no effect: the client logs a warning and goes on waiting
`,
      fixed: files`
//- package.json
{ "dependencies": { "@aws-sdk/client-s3": "^3.920.0" } }
//- src/bucket.ts
import { S3Client } from "@aws-sdk/client-s3";
export const bucket = new S3Client({ requestHandler: { requestTimeout: 3_000, throwOnRequestTimeout: true } });
`,
    },
    {
      good: files`
//- package.json
{ "dependencies": { "node-fetch": "^2.7.0", "axios": "1.7.0" } }
//- src/stock.ts
import fetch from "node-fetch";
import axios from "axios";
export const stock = (id: string) => fetch("http://stock/items/" + id, { timeout: 2_000 });
export const prices = (id: string) => axios.get("http://prices/items/" + id, { timeout: 2_000 });
`,
    },
  ],
};

/** Whether the installed release is one of those that ignore the option. The first package whose release is known decides. */
function installed(found: Linked<unknown>, versions: readonly (readonly string[])[], facts: Facts): "proven" | "unknown" | "otherwise" {
  let known = false;
  for (const [pkg, first, next] of versions) {
    const version = facts.version(found, pkg!);
    if (version === undefined) continue;
    if (atLeast(version, first!) && !(next !== undefined && !below(version, next))) return "proven";
    known = true;
  }
  return known ? "otherwise" : "unknown";
}
