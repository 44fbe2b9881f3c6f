/** Where two arrays differ first, in words; null where they are equal. Quick where a diff of thousands is not. */
export function firstDifference(actual: ArrayLike<unknown>, expected: ArrayLike<unknown>): string | null {
  if (actual.length !== expected.length) return `${actual.length} values, expected ${expected.length}`;
  for (let index = 0; index < actual.length; index++) {
    if (!Object.is(actual[index], expected[index])) {
      return `[${index}] is ${String(actual[index])}, expected ${String(expected[index])}`;
    }
  }
  return null;
}
