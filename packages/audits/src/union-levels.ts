import { levelOrder } from "@assay/dataset";

/**
 * Levels of two dictionaries as one, in the order that dictionaries have (see CodedColumn): by number where every level
 * is one, else by code point. Equal lists come back as they are, so that bands keep their order.
 */
export function unionLevels(a: readonly string[], b: readonly string[]): readonly string[] {
  if (sameLevels(a, b)) return a;
  const levels = [...new Set([...a, ...b])];
  return Array.from(levelOrder(levels), (index) => levels[index] ?? "");
}

export function sameLevels(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((level, index) => level === b[index]));
}

/** Code over `from` → code over `to`; 0 stays missing. */
export function codeMap(from: readonly string[], to: readonly string[]): Uint32Array {
  const codeOf = new Map(to.map((level, index) => [level, index + 1]));
  return Uint32Array.from([0, ...from.map((level) => codeOf.get(level) ?? 0)]);
}
