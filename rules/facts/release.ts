// Question: is an installed release old enough, or new enough? Unknown releases are neither.

/** True when the version is known and not below the other. */
export function atLeast(version: string | undefined, least: string): boolean {
  return version !== undefined && compare(version, least) >= 0;
}

/** True when the version is known and below the other. */
export function below(version: string | undefined, least: string): boolean {
  return version !== undefined && compare(version, least) < 0;
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => one.split(/[.+-]/).slice(0, 3).map(Number)) as [number[], number[]];
  for (let index = 0; index < 3; index++) {
    const by = (left[index] || 0) - (right[index] || 0);
    if (by !== 0) return by;
  }
  return 0;
}
