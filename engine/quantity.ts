// Durations: parses every dialect that services and manifests use, prints one. Never guesses a unit.

/** Who wrote the duration, and so how its text is read. "ms": npm `ms`. */
export type Dialect = "ms" | "go" | "prometheus" | "iso" | "istio";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6, us: 1e-3, "µs": 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3, w: 604800e3, y: 31557600e3,
};
const words: readonly (readonly [RegExp, number])[] = [
  [/^(milliseconds?|msecs?|ms)$/i, 1], [/^(seconds?|secs?|s)$/i, 1e3], [/^(minutes?|mins?|m)$/i, 60e3],
  [/^(hours?|hrs?|h)$/i, 3600e3], [/^(days?|d)$/i, 86400e3], [/^(weeks?|w)$/i, 604800e3], [/^(years?|yrs?|y)$/i, 31557600e3],
];
const units: Readonly<Record<"go" | "prometheus" | "istio", RegExp>> = {
  go: /^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)/, prometheus: /^\d+(?:ms|s|m|h|d|w|y)/, istio: /^(?:\d+(?:\.\d+)?)(?:ms|s|m|h)/,
};

/** Milliseconds; undefined for anything the dialect does not allow, a bare number included (but "ms" reads it as milliseconds). */
export function parseDuration(text: string, dialect: Dialect): number | undefined {
  const trimmed = text.trim();
  if (dialect === "ms") return npmMs(trimmed);
  if (dialect === "iso") return iso(trimmed);
  let rest = trimmed;
  let total = 0;
  while (rest) {
    const [token] = units[dialect].exec(rest) ?? [];
    if (!token) return undefined;
    const unit = /[^\d.]+$/.exec(token)![0];
    total += Number(token.slice(0, -unit.length)) * unitMs[unit]!;
    rest = rest.slice(token.length);
  }
  return trimmed ? total : undefined;
}

function npmMs(text: string): number | undefined {
  const match = /^(-?\d*\.?\d+) *([a-z]+)?$/i.exec(text);
  if (!match) return undefined;
  const unit = match[2] === undefined ? 1 : words.find(([word]) => word.test(match[2]!))?.[1];
  return unit === undefined ? undefined : Number(match[1]) * unit;
}

function iso(text: string): number | undefined {
  const match = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  if (!match || /^P(T)?$/i.test(text)) return undefined;
  const [, days, hours, minutes, seconds] = match.map((one) => Number(one ?? 0));
  return days! * 86400e3 + hours! * 3600e3 + minutes! * 60e3 + seconds! * 1e3;
}

/** One spelling for people: `45 s`, `1.5 s`, `250 ms`, `5 min`, `1 h 30 min`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "no limit";
  if (Math.abs(ms) < 1000) return `${round(ms)} ms`;
  if (ms < 120_000) return `${round(ms / 1000)} s`;
  const parts: string[] = [];
  let rest = ms;
  for (const [name, unit] of [["h", 3600e3], ["min", 60e3]] as const) {
    const count = Math.floor(rest / unit);
    if (count) parts.push(`${count} ${name}`);
    rest -= count * unit;
  }
  if (rest) parts.push(`${round(rest / 1000)} s`);
  return parts.join(" ");
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** A new duration in the spelling of an old one: `30s` -> `25s`, `45_000` -> `25_000`, `45 * 1000` -> `25 * 1000`. Undefined where it cannot be. */
export function respell(original: string, ms: number): string | undefined {
  const quoted = /^(["'`])(.*)\1$/s.exec(original);
  if (quoted) {
    const inner = respell(quoted[2]!, ms);
    return inner === undefined ? undefined : quoted[1]! + inner + quoted[1]!;
  }
  const factor = /^(\d[\d_]*)(\s*\*\s*1_?000)$/.exec(original);
  if (factor) return ms % 1000 === 0 ? `${grouped(ms / 1000, factor[1]!)}${factor[2]}` : undefined;
  if (/^\d[\d_]*$/.test(original)) return grouped(ms, original);
  const simple = /^(\d+(?:\.\d+)?)(\s*)(ms|s|m|h|d|seconds?|minutes?)$/.exec(original);
  if (simple) {
    const unit = unitMs[simple[3]!] ?? words.find(([word]) => word.test(simple[3]!))![1];
    if (ms % unit === 0) return `${ms / unit}${simple[2]}${simple[3]}`;
    return ms % 1000 === 0 ? `${ms / 1000}${simple[2]}s` : `${ms}${simple[2]}ms`;
  }
  if (/^PT[\dHMS.]+$/i.test(original)) return ms % 1000 === 0 ? `PT${ms / 1000}S` : undefined;
  return undefined;
}

function grouped(value: number, like: string): string {
  return like.includes("_") ? String(value).replace(/\B(?=(\d{3})+$)/g, "_") : String(value);
}
