// Writes XML 1.0: whatever a text holds, the document stays well-formed. Knows no format.

/** An element; children are elements or, as `content` makes it, text. Attributes that are undefined are left out. */
export function element(name: string, attributes: Readonly<Record<string, string | number | undefined>>, children: readonly string[] = []): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escaped(String(value))}"`])).join("");
  return children.length ? `<${name}${written}>${children.join("")}</${name}>` : `<${name}${written}/>`;
}

/** Text between two tags. */
export const content = (text: string): string => escaped(text).replaceAll("&#10;", "\n").replaceAll("&#9;", "\t");

/** A whole document with this root. */
export const document = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;" };

/** Characters that XML has no way to write become U+FFFD: https://www.w3.org/TR/xml/#charsets */
function escaped(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd").replace(/[&<>"'\n\r\t]/g, (one) => entities[one]!);
}
