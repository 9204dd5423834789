// Answers about objects that never change, such as documents of YAML: kept from pass to pass for as long as the object lives and what else they rest on is the same.

/** The answer to a question about an object. Computed anew when one of the things that it rests on besides (`given`) is another than last time. */
export type Kept = <T>(about: object, question: string, given: readonly unknown[], compute: () => T) => T;

/** A memory without answers. */
export function kept(): Kept {
  const known = new WeakMap<object, Map<string, { readonly given: readonly unknown[]; readonly answer: unknown }>>();
  return <T>(about: object, question: string, given: readonly unknown[], compute: () => T): T => {
    const answers = known.get(about) ?? new Map<string, { readonly given: readonly unknown[]; readonly answer: unknown }>();
    known.set(about, answers);
    const last = answers.get(question);
    if (last && last.given.length === given.length && last.given.every((one, at) => one === given[at])) return last.answer as T;
    const answer = compute();
    answers.set(question, { given, answer });
    return answer;
  };
}
