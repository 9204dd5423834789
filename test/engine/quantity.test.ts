// Durations, sizes and counts: every dialect by its own documentation, and round trips for all values.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { count, duration, parseDuration, parseSize, respell, size, type Dialect, type SizeDialect } from "../../engine/quantity.ts";

const read: readonly (readonly [Dialect, Readonly<Record<string, number>>, readonly string[]])[] = [
  ["ms", { "30s": 30e3, "5 minutes": 300e3, "1d": 86400e3, "2 hrs": 7200e3, "1.5h": 5400e3, ".5s": 500, "100": 100, "-3s": -3e3, "1 WEEK": 604800e3, "1y": 31557600e3 }, ["", "s", "1h30m", "30 parsecs", "PT30S", "1 month", " 30s", "1_000"]],
  ["go", { "1h30m": 5400e3, "1.5s": 1500, "1.1s": 1100, "300ms": 300, "2us": 0.002, "2µs": 0.002, "100ns": 0.0001, ".5s": 500, "1.s": 1000, "0": 0 }, ["", "10", "1d", "1h 30m", "1,5s", "s", "30S"]],
  ["compose", { "1m30s": 90e3, "2.5s": 2500, "5h34m56s": 20096e3, "10ms": 10 }, ["10", "", "0", "1w", "1d"]],
  ["prometheus", { "5m": 300e3, "1h30m": 5400e3, "1d12h": 129600e3, "1y": 31536000e3, "15ms": 15, "1w": 604800e3, "0": 0 }, ["", "1.5s", "30", "30m1h", "1s1s", "5min"]],
  ["iso", { PT30S: 30e3, "PT1.5S": 1500, P1DT2H: 93600e3, PT1H30M: 5400e3, P2W: 1209600e3, pt20s: 20e3 }, ["", "P", "PT", "P1DT", "30S", "P1M", "P1Y", "PT1S1M", "PT"]],
  ["spring", { "30s": 30e3, "10MS": 10, "2d": 172800e3, PT30S: 30e3 }, ["30", "1.5s", "1h30m", "", "3w"]],
  ["istio", { "1h": 3600e3, "1m": 60e3, "1s": 1e3, "1ms": 1, "0.5s": 500, "1m30s": 90e3 }, ["1", "1d", "1us", ""]],
  ["envoy", { "0.5s": 500, "30s": 30e3, "1.000000001s": 1000.000001 }, ["500ms", "1m", "30", "", ".5s"]],
  ["bare", {}, ["30", "30s", ""]],
];

describe("parseDuration", () => {
  for (const [dialect, good, bad] of read) {
    it(`reads ${dialect}`, () => assert.deepEqual(Object.fromEntries(Object.keys(good).map((text) => [text, parseDuration(text, dialect)])), good));
    it(`refuses what ${dialect} refuses`, () => assert.deepEqual(bad.filter((text) => parseDuration(text, dialect) !== undefined), []));
  }

  it("reads a bare number only where something gives its unit", () => {
    assert.equal(parseDuration(30, "bare", 1000), 30e3);
    assert.equal(parseDuration("30", "bare", 1000), 30e3);
    assert.equal(parseDuration("30", "spring", 1), 30);
    assert.equal(parseDuration(30, "spring", 1000), 30e3);
    assert.equal(parseDuration("30s", "spring", 1), 30e3);
    assert.equal(parseDuration(30, "ms"), 30);
    assert.equal(parseDuration(30e9, "go"), 30e3);
    for (const dialect of ["compose", "prometheus", "iso", "spring", "istio", "envoy", "bare"] as const) assert.equal(parseDuration(30, dialect), undefined, dialect);
  });

  it("answers any text with a finite number or nothing", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\dPTHMSWDhmsd. -]{1,120}$/)), fc.constantFrom(...read.map(([dialect]) => dialect)), (text, dialect) => {
      const ms = parseDuration(text, dialect);
      assert.ok(ms === undefined || Number.isFinite(ms));
    }));
    assert.equal(parseDuration("9".repeat(400) + "s", "go"), undefined);
  });
});

describe("duration", () => {
  it("prints one compact spelling", () => {
    const spelled = { 0: "0 ms", 250: "250 ms", 1500: "1.5 s", 45_000: "45 s", 90_000: "90 s", 300_000: "5 min", 5_400_000: "1 h 30 min", 4_005_000: "1 h 6 min 45 s", 121_001: "2 min 1.001 s" };
    assert.deepEqual(Object.fromEntries(Object.keys(spelled).map((ms) => [ms, duration(Number(ms))])), spelled);
    assert.equal(duration(0.25), "0.25 ms");
    assert.equal(duration(Infinity), "no limit");
    assert.equal(duration(-300_000), "-5 min");
  });

  it("carries when it rounds", () => {
    assert.equal(duration(179_999.9999), "3 min");
    assert.equal(duration(999.9999), "1 s");
  });

  it("loses nothing down to the microsecond", () => {
    const unit = { ms: 1, s: 1e3, min: 60e3, h: 3600e3 } as Readonly<Record<string, number>>;
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), (us) => {
      const back = duration(us / 1000).split(/ (?=\d)/).reduce((sum, part) => sum + Number(part.split(" ")[0]) * unit[part.split(" ")[1]!]!, 0);
      assert.ok(Math.abs(back - us / 1000) < 0.0005, `${us} us printed as ${duration(us / 1000)}`);
    }));
  });
});

describe("respell", () => {
  const table: readonly (readonly [string, number, string])[] = [
    ["30s", 25_000, "25s"], ["30s", 1500, "1500ms"], ["1m", 45_000, "45s"], ["1h30m", 4_500_000, "1h15m"], ["1m30s", 250, "250ms"], ["1h30m", 0, "0s"], ["2.5s", 2_000, "2s"],
    ["45_000", 25_000, "25_000"], ["45000", 25_000, "25000"], ["45_000", 900, "900"], ["45 * 1000", 25_000, "25 * 1000"], ["45*1_000", 25_000, "25*1_000"], ["10 * 60 * 1000", 300_000, "5 * 60 * 1000"],
    ["PT30S", 25_000, "PT25S"], ["PT30S", 1500, "PT1.5S"], ["PT5M", 45_000, "PT45S"], ['"30s"', 25_000, '"25s"'], ["'30s'", 25_000, "'25s'"],
    ["5 minutes", 45_000, "45 s"], ["2 minutes", 60_000, "1 minute"], ["1 hour", 7_200_000, "2 hours"], ["30 seconds", 25_000, "25 seconds"], ["1d", 172_800_000, "2d"],
  ];
  for (const [old, ms, expected] of table) it(`${old} -> ${expected}`, () => assert.equal(respell(old, ms), expected));

  it("writes a bare number in its unit", () => {
    assert.equal(respell("30", 25_000), "25000");
    assert.equal(respell("30", 25_000, 1000), "25");
    assert.equal(respell("30", 25_500, 1000), undefined);
  });

  it("writes nothing where it does not understand or cannot hold the value", () => {
    for (const old of ["", "TIMEOUT", "0x10", "1e3", "1.5", "010", "PTS", "1y", "10 * X", "30 parsecs", "`${n}s`", "'30s\"", "5us"]) assert.equal(respell(old, 1000), undefined, old);
    for (const ms of [NaN, Infinity, -1, 2500.5]) assert.equal(respell("30s", ms), undefined, String(ms));
    assert.equal(respell("45 * 1000", 1500), undefined);
  });

  const readers: readonly (readonly [string, (text: string) => number | undefined])[] = [
    ["30s", (text) => parseDuration(text, "go")], ["1h30m", (text) => parseDuration(text, "go")], ["1h30m", (text) => parseDuration(text, "prometheus")], ["1d", (text) => parseDuration(text, "prometheus")],
    ["30s", (text) => parseDuration(text, "istio")], ["1m30s", (text) => parseDuration(text, "compose")], ["30s", (text) => parseDuration(text, "spring")], ["PT30S", (text) => parseDuration(text, "iso")],
    ["5 minutes", (text) => parseDuration(text, "ms")], ["'30s'", (text) => parseDuration(text.slice(1, -1), "ms")], ["45_000", (text) => Number(text.replaceAll("_", ""))],
    ["30", (text) => parseDuration(text, "bare", 1)],
  ];
  for (const [old, back] of readers)
    it(`what replaces ${old} reads as the new value`, () => {
      fc.assert(fc.property(fc.integer({ min: 1, max: 1e10 }), (ms) => assert.equal(back(respell(old, ms)!), ms)));
    });
});

describe("sizes and counts", () => {
  const sizes: readonly (readonly [SizeDialect, Readonly<Record<string, number>>, readonly string[]])[] = [
    ["k8s", { "512Mi": 512 * 1024 ** 2, "1Gi": 1024 ** 3, "1.5Gi": 1.5 * 1024 ** 3, "1M": 1e6, "1k": 1e3, "128974848": 128974848, "129e6": 129e6, "500m": 0.5, "128974848000m": 128974848, "250u": 0.00025, "1E": 1e18 }, ["", "1K", "1mi", "1 Gi", "1GB", "1ki", "Mi"]],
    ["compose", { "512m": 512 * 1024 ** 2, "1g": 1024 ** 3, "50kb": 51200, "2048": 2048, "300b": 300 }, ["", "1Mi", "m"]],
    ["nginx", { "1m": 1024 ** 2, "8k": 8192, "0": 0, "1G": 1024 ** 3 }, ["1mb", "1.5m", "", "1t"]],
    ["bytes", { "100kb": 102400, "1MB": 1024 ** 2, "1.5 gb": 1.5 * 1024 ** 3, "500": 500 }, ["1m", "", "kb"]],
    ["mebibytes", { "256": 256 * 1024 ** 2 }, ["256m", ""]],
  ];
  for (const [dialect, good, bad] of sizes)
    it(`reads ${dialect}`, () => {
      assert.deepEqual(Object.fromEntries(Object.keys(good).map((text) => [text, parseSize(text, dialect)])), good);
      assert.deepEqual(bad.filter((text) => parseSize(text, dialect) !== undefined), []);
    });

  it("prints a size in the system that is shorter, never with a digit lost", () => {
    for (const [bytes, expected] of [[0, "0 B"], [500, "500 B"], [1000, "1 kB"], [1024, "1 KiB"], [102400, "100 KiB"], [1_000_000, "1 MB"], [512 * 1024 ** 2, "512 MiB"], [1.5 * 1024 ** 3, "1.5 GiB"], [Infinity, "no limit"]] as const) assert.equal(size(bytes), expected);
    const kubernetes = (text: string) => parseSize(text.replace(/ ?B$/, "").replace(/ (.*?)B?$/, "$1"), "k8s");
    fc.assert(fc.property(fc.integer({ min: 1, max: 2000 }), fc.constantFrom(1, 1000, 1024, 1e6, 1024 ** 2, 1e9, 1024 ** 3), (value, unit) => assert.equal(kubernetes(size(value * unit)), value * unit)));
  });

  it("prints a count", () => {
    assert.equal(count(1, "replica"), "1 replica");
    assert.equal(count(0, "replica"), "0 replicas");
    assert.equal(count(12_000, "query", "queries"), "12,000 queries");
    assert.equal(count(1.5, "core"), "1.5 cores");
  });
});
