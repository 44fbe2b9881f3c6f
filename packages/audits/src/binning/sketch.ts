import { type CodedColumn, compareCodePoints, type NumberColumn } from "@assay/dataset";
import { countKeys, foldSorted, type KeyCounts, mergeKeys } from "./key-counts.ts";
import { keyPrefix } from "./ordered-key.ts";

/** More different values than this are not listed: numbers fall to a histogram of keys, texts are given up. */
export const mostValues = 65_536;

/**
 * What the first round tells of a feature. Which kind it is depends on all rows alone, never on how they were split:
 * any part with too many values makes the whole have too many.
 */
export type Sketch =
  /** Every value of a number column. */
  | { readonly kind: "values"; readonly counts: KeyCounts }
  /** The first 16-bit digit of every value's ordered key. */
  | { readonly kind: "digits"; readonly counts: KeyCounts }
  | { readonly kind: "texts"; readonly texts: readonly string[]; readonly rows: readonly number[] }
  | { readonly kind: "too-many" };

/** Rows of a step that have a decision, and how many people each stands for (null: one). */
export interface Decided {
  readonly target: ArrayLike<number>;
  readonly counts: Float64Array | null;
}

export function sketchNumbers(column: NumberColumn, decided: Decided): Sketch {
  const { values } = column;
  return limited({ kind: "values", counts: countNumbers(values, decided, (value) => value) });
}

/** Counts the keys that numbers have; NaN is no key and leaves the row out. */
export function countNumbers(
  values: Float64Array,
  { target, counts }: Decided,
  keyOf: (value: number) => number,
): KeyCounts {
  const keys = new Float64Array(values.length);
  const times = counts && new Float64Array(values.length);
  let kept = 0;
  for (let row = 0; row < values.length; row++) {
    if (target[row] === 0 || counts?.[row] === 0) continue;
    // + 0 makes one key of 0 and −0.
    const key = keyOf((values[row] ?? Number.NaN) + 0);
    if (Number.isNaN(key)) continue;
    if (times) times[kept] = counts?.[row] ?? 0;
    keys[kept++] = key;
  }
  return countKeys(keys.subarray(0, kept), times?.subarray(0, kept) ?? null);
}

export function sketchTexts(column: CodedColumn, { target, counts }: Decided): Sketch {
  const rows = new Float64Array(column.levels.length + 1);
  for (let row = 0; row < column.codes.length; row++) {
    if (target[row] === 0) continue;
    const code = column.codes[row] ?? 0;
    rows[code] = (rows[code] ?? 0) + (counts?.[row] ?? 1);
  }
  const texts = column.levels.map((text, index) => ({ text, rows: rows[index + 1] ?? 0 }));
  return joinTexts(texts.filter((one) => one.rows > 0));
}

/** Associative and commutative. */
export function mergeSketches(a: Sketch, b: Sketch): Sketch {
  if (a.kind === "too-many" || b.kind === "too-many") return { kind: "too-many" };
  if (a.kind === "texts" && b.kind === "texts") {
    return joinTexts([a, b].flatMap((one) => one.texts.map((text, index) => ({ text, rows: one.rows[index] ?? 0 }))));
  }
  if (a.kind === "texts" || b.kind === "texts") throw new Error("associations: a column has two types");
  if (a.kind === "values" && b.kind === "values") {
    return limited({ kind: "values", counts: mergeKeys(a.counts, b.counts) });
  }
  return { kind: "digits", counts: mergeKeys(digitsOf(a), digitsOf(b)) };
}

function limited(sketch: { readonly kind: "values"; readonly counts: KeyCounts }): Sketch {
  return sketch.counts.keys.length <= mostValues ? sketch : { kind: "digits", counts: digitsOf(sketch) };
}

function digitsOf(sketch: { readonly kind: "values" | "digits"; readonly counts: KeyCounts }): KeyCounts {
  if (sketch.kind === "digits") return sketch.counts;
  const { keys, rows } = sketch.counts;
  return foldSorted(
    Float64Array.from(keys, (number) => keyPrefix(number, 1)),
    rows,
  );
}

function joinTexts(list: readonly { readonly text: string; readonly rows: number }[]): Sketch {
  const counted = new Map<string, number>();
  for (const { text, rows } of list) counted.set(text, (counted.get(text) ?? 0) + rows);
  if (counted.size > mostValues) return { kind: "too-many" };
  const texts = [...counted.keys()].sort(compareCodePoints);
  return { kind: "texts", texts, rows: texts.map((text) => counted.get(text) ?? 0) };
}
