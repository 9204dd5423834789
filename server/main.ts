// Entry of the language server: on standard input and output, or on the channel an editor opens.

import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { toolVersion } from "../host/version.ts";
import { faultsOf } from "./faults.ts";
import { frameGuard } from "./frame-guard.ts";
import { serve } from "./server.ts";

const connection = createConnection(ProposedFeatures.all);
const faults = faultsOf(connection, toolVersion());

// The library logs a message that is none, whole, behind a line that says so. What an editor sends holds documents, and logs hold none.
const { console } = connection;
const say = console.error.bind(console);
console.error = (message) => say(message.replace(/^(Received [^\n]*)\n[^]*$/, "$1"));

// A fault in a timer or a promise must not end the session; it is said, never swallowed.
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error: unknown) => faults.log("what nobody waits for", error));

// A stream that cannot be read any more would leave a server that never answers: it ends, with the reason.
if (process.argv.includes("--stdio"))
  process.stdin.on("data", frameGuard((reason) => {
    process.stderr.write(`pitlint: cannot read the editor's messages: ${reason}\n`);
    process.exit(1);
  }));

serve(connection, toolVersion());
connection.listen();
