// Lists by key, in the order of their members. Computes only.

/** The members of a list by what `keyOf` says of them. */
export function grouped<K, T>(list: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) append(groups, keyOf(one), one);
  return groups;
}

/** The members of a list by each of their keys, once under each. */
export function indexed<K, T>(list: Iterable<T>, keysOf: (one: T) => Iterable<K>): Map<K, T[]> {
  const index = new Map<K, T[]>();
  for (const one of list) for (const key of new Set(keysOf(one))) append(index, key, one);
  return index;
}

/** Adds to the list of a key. A list that is copied for each member costs the square of its length. */
export function append<K, T>(groups: Map<K, T[]>, key: K, one: T): void {
  const group = groups.get(key);
  if (group) group.push(one);
  else groups.set(key, [one]);
}
