/**
 * Levels of two dictionaries as one, in the order that dictionaries have (see CodedColumn): by number where every level
 * is one, else by code point. Equal lists come back as they are, so that bands keep their order.
 */
export function unionLevels(a: readonly string[], b: readonly string[]): readonly string[] {
  if (sameLevels(a, b)) return a;
  const levels = [...new Set([...a, ...b])];
  const isNumeric = levels.every((level) => !Number.isNaN(levelNumber(level)));
  return levels.sort(
    isNumeric ? (x, y) => levelNumber(x) - levelNumber(y) || byCodePoint(x, y) : (x, y) => byCodePoint(x, y),
  );
}

export function sameLevels(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((level, index) => level === b[index]));
}

/** Code over `from` → code over `to`; 0 stays missing. */
export function codeMap(from: readonly string[], to: readonly string[]): Uint32Array {
  const codeOf = new Map(to.map((level, index) => [level, index + 1]));
  return Uint32Array.from([0, ...from.map((level) => codeOf.get(level) ?? 0)]);
}

/** The number a level is written as, else NaN. */
export function levelNumber(level: string): number {
  return level.trim() === "" ? Number.NaN : Number(level);
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
