// The day of a run: read from the clock here, so that the engine needs none.

/** Today in UTC as `2027-03-01`: the same on every machine, whatever its time zone. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
