// A copy of the example system, and the finding in it that stands in two files.

import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Diagnostic } from "vscode-languageserver-protocol/node";

export const rule = "registry/server-timeout-exceeds-ttl";
export const server = "gateway/src/server.ts";
export const consul = "consul/gateway.yaml";
export const has = (found: readonly Diagnostic[]) => found.some((one) => one.code === rule);

export function shop(): string {
  const root = join(mkdtempSync(join(tmpdir(), "pitlint-shop-")), "shop");
  cpSync("examples/shop", root, { recursive: true });
  return root;
}
