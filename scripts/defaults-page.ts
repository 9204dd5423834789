// The page of every default that pitlint knows, from the tables under rules/defaults: what is assumed when nothing is set, and who says so.

import { readdirSync, readFileSync } from "node:fs";

/** Names of a row, in the order in which one is looked for. */
const names = ["library", "package", "object", "client", "prefix", "image", "option", "id", "kind", "callee", "keys", "made"];

const titles: Readonly<Record<string, string>> = {
  "async-clients": "Clients whose calls return promises", "database-packages": "Database packages", "database-transactions": "How transactions are run", "database-waits": "How long database clients wait",
  databases: "Pools, and what they hand out", "duration-fields": "Units of fields that hold a duration", "error-events": "Objects that throw when nobody listens to 'error'", "exporter-metrics": "Metrics of well-known exporters",
  "http-clients": "HTTP clients, and how long they wait", "ineffective-options": "Options that have no effect", "infrastructure-images": "Images of databases and brokers", "kafka-clients": "Kafka clients",
  "pool-sizes": "Sizes of connection pools", "process-local-stores": "Stores that live in one process", "request-clients": "Clients that are made once", retries: "Libraries that retry",
  "shutdown-libraries": "Libraries that shut down for you", "signal-sinks": "Functions that take an AbortSignal",
};

/** Markdown of docs/defaults.md. */
export function defaultsPage(): string {
  const tables = readdirSync("rules/defaults").filter((name) => name.endsWith(".json")).sort();
  const lines = ["# Defaults", "", "What pitlint knows of libraries and platforms: what holds when nothing is set, which options matter, and the source of each row. Names are patterns of `package#export`.", "Where a row is wrong for your version, please say so with the source.", ""];
  for (const file of tables) {
    const name = file.replace(/\.json$/, "");
    const rows = JSON.parse(readFileSync(`rules/defaults/${file}`, "utf8")) as unknown;
    lines.push(`## ${titles[name] ?? `${name[0]!.toUpperCase()}${name.slice(1).replaceAll("-", " ")}`}`, "");
    if (!Array.isArray(rows)) lines.push("```json", JSON.stringify(rows, null, 2), "```", "");
    else if (rows.every((one) => typeof one === "string")) lines.push(rows.map((one) => `\`${one}\``).join(", "), "");
    else lines.push("| what | known of it | source |", "| --- | --- | --- |", ...rows.map((one) => row(one as Readonly<Record<string, unknown>>)), "");
  }
  return lines.join("\n");
}

function row({ source, ...known }: Readonly<Record<string, unknown>>): string {
  const name = names.find((one) => known[one] !== undefined);
  const rest = Object.entries(known).filter(([key]) => key !== name).map(([key, value]) => `${key} ${code(value)}`);
  return `| ${name === undefined ? "" : code(known[name])} | ${rest.join("; ")} | ${typeof source === "string" ? source.replaceAll("|", "\\|") : ""} |`;
}

function code(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll("|", "\\|");
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
