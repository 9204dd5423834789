// What a suppression says, wherever it stands: `<rule>[, <rule>] [until <date>] [owner <name>] -- <reason>`. Reads text only.

export interface Clause {
  /** Rules in order, each once, with their offsets in the clause. */
  readonly rules: readonly { readonly id: string; readonly start: number }[];
  readonly reason: string;
  /** Last day on which it silences: `2027-03-01`. */
  readonly until?: string;
  readonly owner?: string;
  /** Why it silences nothing; an unknown rule is the caller's question. */
  readonly wrong: readonly string[];
}

/** Reads a clause. `name` is what stands in front of it, for messages. */
export function clauseOf(text: string, name: string): Clause {
  const cut = text.search(/(?<!\S)--(?!\S)/);
  const head = cut < 0 ? text : text.slice(0, cut);
  const reason = cut < 0 ? "" : text.slice(cut + 2).replace(/\s+(?:\*\s)?\s*/g, " ").trim();
  const rules: { id: string; start: number }[] = [];
  const wrong: string[] = [];
  const said: { until?: string; owner?: string } = {};
  // The star begins a line of a block comment.
  const words = [...head.matchAll(/[^\s,]+|,/g)].map((one) => ({ word: one[0], start: one.index })).filter(({ word }) => word !== "*");
  for (let at = 0, open = true; at < words.length; at++) {
    const { word, start } = words[at]!;
    if (word === ",") open = true;
    else if ((word === "until" || word === "owner") && rules.length > 0) said[word] = words[++at]?.word ?? "";
    else if (!open) wrong.push(`cannot read "${word}"; expected until <date>, owner <name> or -- <reason>`);
    else {
      open = false;
      if (!rules.some((one) => one.id === word)) rules.push({ id: word, start });
    }
  }
  if (said.until !== undefined && !isDate(said.until)) wrong.push(`"${said.until}" is no date; expected until 2027-03-01`);
  if (said.owner === "") wrong.push("names no owner; expected owner @team");
  if (rules.length === 0) wrong.push(`names no rule; expected ${name} <rule> -- <reason>`);
  // What the editor puts in is no reason yet.
  if (reason === "" || /^<[^>]*>$/.test(reason)) wrong.push(`gives no reason; expected ${name} ${rules.map((one) => one.id).join(", ") || "<rule>"} -- <reason>`);
  return { rules, reason, wrong, ...said };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
