// Runs a script in this process as if it had been started directly, and writes what the process used to a file when it ends.

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , to, script] = process.argv;
process.argv.splice(1, 2);
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(to, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024 }));
});
await import(pathToFileURL(script).href);
