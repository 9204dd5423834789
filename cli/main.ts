// The command line: reads the arguments, runs one command, sets the exit code. The only file that exits.

import { parseArguments, UsageError } from "./arguments.ts";
import { usage } from "./usage.ts";

/** Exit codes: 0 clean and complete, 1 a finding of warning or above, 2 usage or configuration, 3 incomplete or internal error, 130 interrupted. */
async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) return void process.stdout.write(usage), 0;
  switch (args.command) {
    case "lint": return (await import("./commands/lint.ts")).lint(args);
    case "baseline": return (await import("./commands/baseline.ts")).baseline(args);
    case "init": return (await import("./commands/init.ts")).init(args);
    case "doctor": return (await import("./commands/doctor.ts")).doctor(args);
    case "packs": return (await import("./commands/packs.ts")).packsCommand(args);
    case "explain-change": return (await import("./commands/explain-change.ts")).explainChange(args);
    case "rules": return (await import("./commands/rules.ts")).rules(args);
    case "explain": return (await import("./commands/explain.ts")).explain(args);
    case "services": return (await import("./commands/services.ts")).services(args);
    case "facts": return args.out === undefined ? (await import("./commands/facts.ts")).facts(args) : (await import("./commands/shard.ts")).shard(args);
    case "join": return (await import("./commands/join.ts")).join(args);
    // The server is a front door of its own: a file beside this one in dist, not a part of the command line.
    case "lsp": return await import(new URL("./server.js", import.meta.url).href), 0;
    case "version": return (await import("./commands/version.ts")).version();
  }
}

process.on("SIGINT", () => process.exit(130));
// A reader that goes away (`| head`) ends the run quietly; the exit code is the one a finished run would not contradict.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 3));

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) {
      process.stderr.write(`pitlint: ${error.message}\n`);
      process.exitCode = 2;
      return;
    }
    process.stderr.write(`pitlint: internal error, please report it: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 3;
  },
);
