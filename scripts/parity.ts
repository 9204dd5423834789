// `tsx scripts/parity.ts <folder>...`: lints each folder with the command line and with the language server, and prints what differs. Each is the root of its repository.

import { existsSync, realpathSync } from "node:fs";
import { parityOf } from "../test/server/parity-of.ts";

const folders = process.argv.slice(2);
if (folders.length === 0 || !folders.every((one) => existsSync(one))) {
  console.error("usage: tsx scripts/parity.ts <folder>...");
  process.exit(2);
}
for (const folder of folders) {
  const { cli, server, mirrors, problems, differences } = await parityOf(realpathSync(folder));
  console.log(`${folder}: ${cli.length} findings on the command line, ${server.length} in the editor, which shows ${mirrors} at their other end too; ${problems} problems; ${differences.length} differences`);
  for (const one of differences) console.log(`  ${one}`);
  if (differences.length) process.exitCode = 1;
}
