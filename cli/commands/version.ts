// `pitlint --version`.

import { toolVersion } from "../../host/version.ts";

export function version(): number {
  process.stdout.write(`${toolVersion()}\n`);
  return 0;
}
