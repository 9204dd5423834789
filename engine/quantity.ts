// Durations, sizes, counts: parses every dialect that services and manifests use, prints one. Never guesses a unit.

/**
 * Who reads the duration, and so how its text is read.
 * - "ms": npm `ms` (`30s`, `5 minutes`, `1d`; a bare number is milliseconds: https://github.com/vercel/ms)
 * - "go": `time.ParseDuration` (`1h30m`, `1.5s`; a YAML or JSON number is nanoseconds: https://pkg.go.dev/time#ParseDuration)
 * - "compose": Compose files (`1m30s`, unit mandatory: https://docs.docker.com/reference/compose-file/extension/#specifying-durations)
 * - "prometheus": whole numbers, units once each from large to small (https://prometheus.io/docs/prometheus/latest/configuration/configuration/)
 * - "iso": ISO 8601 without months and years (`PT30S`, `P1DT2H`)
 * - "spring": one whole number and unit, or ISO 8601 (https://docs.spring.io/spring-boot/reference/features/external-config.html)
 * - "istio": `1h`, `1m`, `1s`, `1ms` and their sums
 * - "envoy": protobuf JSON, decimal seconds (`0.5s`; `500ms` is invalid)
 * - "bare": a number whose unit the field gives (Kubernetes `*Seconds`)
 */
export type Dialect = "ms" | "go" | "compose" | "prometheus" | "iso" | "spring" | "istio" | "envoy" | "bare";

/** Milliseconds in a unit. */
const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6, us: 1e-3, "µs": 1e-3, "μs": 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3, w: 604800e3, y: 365 * 86400e3,
};
/** npm `ms`: its year has 365.25 days. */
const words: readonly (readonly [RegExp, number])[] = [
  [/^(milliseconds?|msecs?|ms)$/i, 1], [/^(seconds?|secs?|s)$/i, 1e3], [/^(minutes?|mins?|m)$/i, 60e3],
  [/^(hours?|hrs?|h)$/i, 3600e3], [/^(days?|d)$/i, 86400e3], [/^(weeks?|w)$/i, 604800e3], [/^(years?|yrs?|y)$/i, 31557600e3],
];
const terms = {
  go: /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y,
  compose: /(\d+(?:\.\d+)?)(us|ms|s|m|h)/y,
  istio: /(\d+(?:\.\d+)?)(ms|s|m|h)/y,
} as const;

/**
 * Milliseconds; undefined for anything the dialect does not allow.
 * A bare number is read where the dialect gives it a unit ("ms": milliseconds; "go": nanoseconds, when it is no text) or where
 * `unit`, the milliseconds of one unit of the field, does ("bare", "spring": `@DurationUnit`); zero needs none in "go" and "prometheus".
 */
export function parseDuration(value: string | number, dialect: Dialect, unit?: number): number | undefined {
  if (typeof value === "number") {
    const each = dialect === "ms" ? 1 : dialect === "go" ? 1e-6 : dialect === "bare" || dialect === "spring" ? unit : undefined;
    return each === undefined ? undefined : exact(value * each);
  }
  // A longer text is no duration; npm `ms` draws the same line.
  if (value.length > 100) return undefined;
  switch (dialect) {
    case "ms": return npmMs(value);
    case "iso": return iso(value);
    case "envoy": return matched(/^(\d+(?:\.\d{1,9})?)s$/, value, 1e3);
    case "bare": return unit === undefined ? undefined : matched(/^(\d+(?:\.\d+)?)$/, value, unit);
    case "prometheus": return prometheus(value);
    case "spring": return spring(value, unit);
    default: return sum(value, dialect);
  }
}

function matched(shape: RegExp, text: string, each: number): number | undefined {
  const number = shape.exec(text)?.[1];
  return number === undefined ? undefined : exact(Number(number) * each);
}

/** Terms without blanks between them: `1h30m`. */
function sum(text: string, dialect: keyof typeof terms): number | undefined {
  if (text === "0" && dialect === "go") return 0;
  const term = new RegExp(terms[dialect]);
  let total = 0;
  while (term.lastIndex < text.length) {
    const match = term.exec(text);
    if (!match) return undefined;
    total += Number(match[1]) * unitMs[match[2]!]!;
  }
  return text ? exact(total) : undefined;
}

function prometheus(text: string): number | undefined {
  if (text === "0") return 0;
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (!match || !text) return undefined;
  return exact(["y", "w", "d", "h", "m", "s", "ms"].reduce((total, name, index) => total + Number(match[index + 1] ?? 0) * unitMs[name]!, 0));
}

function spring(text: string, unit: number | undefined): number | undefined {
  if (/^[pP]/.test(text)) return iso(text);
  const match = /^(\d+)(ns|us|ms|s|m|h|d)?$/i.exec(text);
  const each = match?.[2] === undefined ? unit : unitMs[match[2].toLowerCase()];
  return match && each !== undefined ? exact(Number(match[1]) * each) : undefined;
}

function npmMs(text: string): number | undefined {
  const match = /^(-?(?:\d+(?:\.\d+)?|\.\d+)) *([a-z]+)?$/i.exec(text);
  if (!match) return undefined;
  const unit = match[2] === undefined ? 1 : words.find(([word]) => word.test(match[2]!))?.[1];
  return unit === undefined ? undefined : exact(Number(match[1]) * unit);
}

function iso(text: string): number | undefined {
  const match = /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text);
  if (!match || text.length < 3) return undefined;
  return exact(["w", "d", "h", "m", "s"].reduce((total, name, index) => total + Number(match[index + 1] ?? 0) * unitMs[name]!, 0));
}

/** Without the noise of binary fractions (1.1 s is 1100 ms); undefined for what no number holds. */
function exact(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

/** One spelling for people: `45 s`, `1.5 s`, `250 ms`, `5 min`, `1 h 30 min`; to the microsecond. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "no limit";
  const value = round(ms);
  if (value < 0) return `-${duration(-value)}`;
  if (value < 1000) return `${value} ms`;
  if (value < 120_000) return `${round6(value / 1000)} s`;
  const parts: string[] = [];
  let rest = value;
  for (const [name, unit] of [["h", 3600e3], ["min", 60e3]] as const) {
    const whole = Math.floor(rest / unit);
    if (whole) parts.push(`${whole} ${name}`);
    rest = round(rest - whole * unit);
  }
  if (rest) parts.push(`${round6(rest / 1000)} s`);
  return parts.join(" ");
}

const round = (value: number) => Math.round(value * 1000) / 1000;
const round6 = (value: number) => Math.round(value * 1e6) / 1e6;

/**
 * A new duration (ms) in the spelling of an old one: `30s` -> `25s`, `45_000` -> `25_000`, `45 * 1000` -> `25 * 1000`, `PT30S` -> `PT25S`, quotes kept.
 * A bare number is written in `unit` (ms of one unit; 1 when not given). Undefined where the spelling cannot hold the value, or the old text is not understood.
 */
export function respell(original: string, ms: number, unit = 1): string | undefined {
  if (!Number.isSafeInteger(ms) || ms < 0) return undefined;
  const quoted = /^(["'`])(.*)\1$/s.exec(original);
  if (quoted) {
    const inner = respell(quoted[2]!, ms, unit);
    return inner === undefined ? undefined : quoted[1]! + inner + quoted[1]!;
  }
  if (/^[1-9][\d_]*$|^0$/.test(original)) return whole(ms / unit, original);
  const factor = /^(\d[\d_]*)((?:\s*\*\s*[1-9][\d_]*)+)$/.exec(original);
  if (factor) {
    const rest = factor[2]!.split("*").slice(1).reduce((product, one) => product * Number(one.trim().replaceAll("_", "")), unit);
    const first = whole(ms / rest, factor[1]!);
    return first === undefined ? undefined : first + factor[2]!;
  }
  if (/^P/i.test(original)) return iso(original) === undefined ? undefined : `PT${ms / 1000}S`;
  return respellTerms(original, ms);
}

/** `30s`, `5 minutes`, `1h30m`. Written in whole numbers, which every dialect that knows the unit allows. */
function respellTerms(original: string, ms: number): string | undefined {
  const simple = /^\d+(?:\.\d+)?( *)([a-z]+)$/i.exec(original);
  if (simple) {
    const [, blank, name] = simple;
    const each = words.find(([word]) => word.test(name!))?.[1];
    // A year differs between dialects.
    if (each === undefined || each > 604800e3) return undefined;
    if (ms % each === 0) return `${ms / each}${blank}${numbered(name!, ms / each)}`;
    return ms % 1000 === 0 ? `${ms / 1000}${blank}s` : `${ms}${blank}ms`;
  }
  if (sum(original, "go") === undefined || /[nuµμ]s/.test(original)) return undefined;
  const written = (["h", "m", "s", "ms"] as const).reduce((done, name) => {
    const whole = Math.floor(done.rest / unitMs[name]!);
    return { text: whole ? `${done.text}${whole}${name}` : done.text, rest: done.rest - whole * unitMs[name]! };
  }, { text: "", rest: ms }).text;
  return written || "0s";
}

/** `minute` or `minutes`; abbreviations have one form. */
function numbered(name: string, count: number): string {
  if (!/^(millisecond|second|minute|hour|day|week)s?$/i.test(name)) return name;
  return name.replace(/s$/i, "") + (count === 1 ? "" : "s");
}

function whole(value: number, like: string): string | undefined {
  if (!Number.isSafeInteger(value)) return undefined;
  return like.includes("_") ? grouped(value, "_") : String(value);
}

const grouped = (value: number, mark: string) => String(value).replace(/\B(?=(\d{3}){1,7}$)/g, mark);

/**
 * Who reads the size. "k8s": quantities, `Mi` is 1024², `M` 1000², `m` a thousandth (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/);
 * "compose": 1024-based, `512m`, `1gb`; "nginx": 1024-based, `1m`; "bytes": npm `bytes`, 1024-based, `100kb`; "mebibytes": Node's `--max-old-space-size`.
 */
export type SizeDialect = "k8s" | "compose" | "nginx" | "bytes" | "mebibytes";

const sizes: Readonly<Record<Exclude<SizeDialect, "k8s">, { readonly shape: RegExp; readonly unit: number }>> = {
  compose: { shape: /^(\d+(?:\.\d+)?) ?([kmgt]?)b?$/i, unit: 1 },
  nginx: { shape: /^(\d+)([kmg]?)$/i, unit: 1 },
  bytes: { shape: /^(\d+(?:\.\d+)?) *(?:([kmgtp]?)b)?$/i, unit: 1 },
  mebibytes: { shape: /^(\d+)()$/, unit: 1024 ** 2 },
};

/** Bytes; undefined for anything the dialect does not allow. A bare number is bytes, but mebibytes in the dialect of that name. */
export function parseSize(value: string | number, dialect: SizeDialect): number | undefined {
  const text = String(value);
  if (dialect === "k8s") return quantity(text);
  const { shape, unit } = sizes[dialect];
  const match = shape.exec(text);
  return match ? exact(Number(match[1]) * unit * 1024 ** " kmgtp".indexOf((match[2] || " ").toLowerCase())) : undefined;
}

/** A Kubernetes quantity, also of CPU: `500m` is 0.5. */
function quantity(text: string): number | undefined {
  const match = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([KMGTPE]i)|([munkMGTPE])|[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [, number, binary, decimal, exponent] = match;
  const scale = binary ? 1024 ** " KMGTPE".indexOf(binary[0]!) : decimal ? 1000 ** ("num kMGTPE".indexOf(decimal) - 3) : 10 ** Number(exponent ?? 0);
  return exact(Number(number) * scale);
}

/** The shortest exact spelling with at most three decimals: `512 MiB`, `1 MB`, `1.5 GiB`, `500 B`. */
export function size(bytes: number): string {
  if (!Number.isFinite(bytes)) return "no limit";
  if (bytes < 0) return `-${size(-bytes)}`;
  const spelled = [`${bytes} B`];
  for (const [base, prefixes, suffix] of [[1000, "kMGTP", "B"], [1024, "KMGTP", "iB"]] as const)
    for (const [index, prefix] of [...prefixes].entries()) {
      const value = round(bytes / base ** (index + 1));
      if (value >= 1 && value * base ** (index + 1) === bytes) spelled.push(`${value} ${prefix}${suffix}`);
    }
  const digits = (text: string) => text.indexOf(" ");
  return spelled.reduce((best, one) => (digits(one) <= digits(best) ? one : best));
}

/** A number and what it counts: `1 replica`, `3 replicas`, `12,000 requests`. `many` where the plural is no `s`. */
export function count(value: number, one: string, many = `${one}s`): string {
  const [integer, fraction] = String(round(value)).split(".");
  return `${grouped(Number(integer), ",")}${fraction ? `.${fraction}` : ""} ${value === 1 ? one : many}`;
}
