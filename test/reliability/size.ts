// How big a reliability test runs: small with every change, whole on demand (`PITLINT_N=1`), from another seed with PITLINT_SEED.

/** True where the sizes that docs/reliability.md promises are asked for. */
export const whole = process.env["PITLINT_N"] === "1";

/** The number for every change, or the one on demand. */
export const size = (change: number, demand: number): number => (whole ? demand : change);

/** Where the random tests begin: print it with every failure, give it again to see the same. */
export const firstSeed = Number(process.env["PITLINT_SEED"] ?? 1);
