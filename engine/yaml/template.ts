// Which texts are templates that only become YAML when rendered. Reads lines; parses nothing.

/**
 * Whether `{{` or `{%` makes this text a template: any in a `templates` folder, elsewhere one that stands where a key, an item
 * or a value begins. In quotes, in block scalars and inside a longer plain value they are ordinary text (`summary: "{{ $labels.job }}"`).
 */
export function isTemplate(path: string, text: string): boolean {
  if (!text.includes("{{") && !text.includes("{%")) return false;
  const folders = path.replaceAll("\\", "/").split("/").slice(0, -1);
  return (text.includes("{{") && folders.includes("templates")) || hasAction(text);
}

/** Whether a file may be a template of a chart: `templates/…` without partials and notes. Whether there is a chart, only other files tell. */
export function isChartTemplate(path: string): boolean {
  const folders = path.replaceAll("\\", "/").split("/");
  const name = folders.pop() ?? "";
  return folders.includes("templates") && /\.ya?ml$/.test(name) && !name.startsWith("_");
}

function hasAction(text: string): boolean {
  let quote = "";
  // Lines indented more than this belong to the scalar that began above.
  let inside = Number.POSITIVE_INFINITY;
  for (const line of text.split(/\r\n|[\r\n]/)) {
    if (quote !== "") {
      if (closes(line, quote)) quote = "";
      continue;
    }
    const indent = line.length - line.trimStart().length;
    if (indent === line.length || indent > inside) continue;
    inside = Number.POSITIVE_INFINITY;
    const { column, value } = valueOf(line);
    if (/^\{[{%]/.test(value)) return true;
    if (/^["']/.test(value)) quote = closes(value.slice(1), value.charAt(0)) ? "" : value.charAt(0);
    else if (value !== "" && !/^[#[{]/.test(value)) inside = column;
  }
  return false;
}

/** What stands on a line after its dashes and its key, and the column that continuation lines must exceed. */
function valueOf(line: string): { readonly column: number; readonly value: string } {
  let start = line.length - line.trimStart().length;
  let column = start - 1;
  while (/^-\s/.test(line.slice(start, start + 2))) {
    column = start;
    start += 1;
    while (line[start] === " ") start += 1;
  }
  const rest = line.slice(start);
  const keyEnd = endOfKey(rest);
  if (keyEnd === 0) return { column, value: withoutProperties(rest) };
  return { column: start, value: withoutProperties(rest.slice(keyEnd).trimStart()) };
}

/** Offset behind the colon, 0 when the text does not begin with a key. */
function endOfKey(rest: string): number {
  if (/^[#{[]/.test(rest)) return 0;
  const quoted = /^["']/.test(rest) ? rest.indexOf(rest.charAt(0), 1) + 1 : 0;
  const colon = rest.slice(quoted).search(/:(?:\s|$)/);
  if (colon < 0 || (quoted > 0 && rest.slice(quoted, quoted + colon).trim() !== "")) return 0;
  return quoted + colon + 1;
}

function withoutProperties(value: string): string {
  let rest = value;
  while (/^[&!]/.test(rest)) {
    const space = rest.search(/\s/);
    if (space < 0) return "";
    rest = rest.slice(space).trimStart();
  }
  return rest;
}

function closes(line: string, quote: string): boolean {
  if (quote === "'") return line.replaceAll("''", "").includes("'");
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === '"') return true;
  }
  return false;
}
