// Repeatable randomness and text mutations: the same seed gives the same texts.

/** Numbers from 0 up to a bound, from a seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = (seed * 0x9e3779b1) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const tokens = [
  "{", "}", "[", "]", "(", ")", "<", ">", "`", "${", '"', "'", "//", "/*", "*/", ";", ",", ":", "?", "=>", "=", "...", "await ", "async ", "function ", "class ", "new ", "this", "return ", "import ", "export ", "const ", "of ", "signal", "timeout", "0", "-1", "1e999", "0x", "30s", "30_000",
  "\n", "\r\n", "\r", "\t", "  ", "- ", "? ", ": ", "---\n", "...\n", "&a ", "*a ", "!a ", "!!js/function ", "<<: *a\n", "|\n", ">-\n", "# ", "%YAML 1.2\n", "{{ ", " }}", "{{- if .Values.a }}", "{{ end }}", "{{ include \"a\" . }}", ".Values", "null", "~", "true", "NaN", "__proto__", "constructor", "toString", "\u0000", "\u2028", "\ufeff", "\ud800", "😀", "é", "/", "..", "$", "%", "@", "|", "\\",
];

/** A text with one to four small damages; `other` lends pieces. */
export function mutated(pick: (below: number) => number, text: string, other: string): string {
  let now = text;
  for (let rounds = 1 + pick(4); rounds > 0; rounds--) {
    const at = pick(now.length + 1);
    const length = pick(8) === 0 ? pick(200) : pick(6);
    const piece = other.slice(pick(other.length + 1)).slice(0, pick(120));
    const put = [() => "", () => tokens[pick(tokens.length)]!, () => String.fromCharCode(pick(128)), () => piece, () => now.slice(at, at + length).repeat(2), () => tokens[pick(tokens.length)]!.repeat(1 + pick(20))][pick(6)]!();
    now = now.slice(0, at) + put + now.slice(at + (pick(2) === 0 ? length : 0));
  }
  return now;
}
