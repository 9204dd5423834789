// The page of services: which are linked, on what evidence, and what is not.

import { say } from "../../engine/message.ts";
import { plain } from "../markdown.ts";
import type { Page } from "../protocol.ts";
import type { Server } from "../server.ts";

/** Every link with its evidence, and everything that was not linked with the reason. */
export function servicesPage(server: Server): Page {
  const { say: spoken } = server.terms;
  const title = spoken(say`Services`);
  const lines = [`# ${title}`];
  for (const { folder, result: { summary: { linked, unlinked } } } of server.workspace.views) {
    if (server.workspace.views.length > 1) lines.push("", `## ${plain(folder.root)}`);
    for (const source of [...new Set(linked.map((one) => one.source))].sort()) {
      const links = linked.filter((one) => one.source === source);
      lines.push("", `### ${plain(links[0]!.service)} (${plain(source || ".")})`, "", ...links.map((one) => `- ${plain(one.target)}: ${plain(one.evidence)}`));
    }
    if (unlinked.length) lines.push("", `### ${spoken(say`Not linked`)}`, "", ...unlinked.map((one) => `- ${plain(one.name)}: ${plain(one.reason)}`));
    if (linked.length + unlinked.length === 0) lines.push("", spoken(say`No package and no workload was found`));
  }
  return { title, markdown: `${lines.join("\n")}\n` };
}
