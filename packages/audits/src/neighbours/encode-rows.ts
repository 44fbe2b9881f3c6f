import { type CodedTable, coded, numbers } from "@assay/dataset";
import type { Roles } from "../roles.ts";

/** Texts of a feature at most, for it to say how far rows lie apart. */
export const mostTexts = 50;

/** How far rows lie apart by one feature. */
export type EncodedFeature =
  /** (value − mean) / standard deviation; a row without a value lies at the mean, and 1 apart from those with one. */
  | {
      readonly name: string;
      readonly kind: "number";
      readonly values: Float32Array;
      readonly missing: Uint8Array | null;
    }
  /** Codes of texts, 0 missing: rows of different texts lie √2 apart, as one-hot columns have them. */
  | { readonly name: string; readonly kind: "text"; readonly codes: ArrayLike<number>; readonly size: number };

export interface EncodedRows {
  readonly features: readonly EncodedFeature[];
  /** Features that say nothing of distances: one value alone, or too many texts. */
  readonly skipped: readonly { readonly name: string; readonly why: "constant" | "texts" }[];
}

/**
 * Features of the rows that are used, on one scale: numbers as scikit-learn's StandardScaler puts them (standard deviation
 * with n), texts as its OneHotEncoder. Means and deviations do not depend on the order of rows.
 * @param times how many people each row is; 0 leaves it out
 */
export function encodeRows(table: CodedTable, features: Roles["features"], times: Float64Array): EncodedRows {
  const encoded: EncodedFeature[] = [];
  const skipped: { name: string; why: "constant" | "texts" }[] = [];
  for (const { name, request } of features) {
    if (request.kind === "number") {
      const one = encodeNumbers(name, numbers(table, request).values, times);
      if (one === null) skipped.push({ name, why: "constant" });
      else encoded.push(one);
      continue;
    }
    const { codes, levels } = coded(table, request);
    const seen = new Uint8Array(levels.length + 1);
    for (let row = 0; row < table.rows; row++) if ((times[row] ?? 0) > 0) seen[codes[row] ?? 0] = 1;
    const found = seen.reduce((sum, one) => sum + one, 0);
    if (found < 2) skipped.push({ name, why: "constant" });
    else if (found > mostTexts) skipped.push({ name, why: "texts" });
    else encoded.push({ name, kind: "text", codes, size: levels.length + 1 });
  }
  return { features: encoded, skipped };
}

function encodeNumbers(name: string, values: Float64Array, times: Float64Array): EncodedFeature | null {
  const used: number[] | Float64Array = valuesInOrder(values, times);
  const { mean, deviation, count, missing } = momentsOf(used, values, times);
  const hasMissing = missing > 0 && count > 0;
  if (!(deviation > 0) && !hasMissing) return null;
  const scale = deviation > 0 ? 1 / deviation : 0;
  const out = new Float32Array(values.length);
  const gaps = hasMissing ? new Uint8Array(values.length) : null;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isFinite(value)) out[row] = (value - mean) * scale;
    else if (gaps) gaps[row] = 1;
  }
  return { name, kind: "number", values: out, missing: gaps };
}

/** Finite values of the rows used, ascending, so that sums do not depend on who comes first. */
function valuesInOrder(values: Float64Array, times: Float64Array): Float64Array {
  let count = 0;
  const kept = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if ((times[row] ?? 0) > 0 && Number.isFinite(value)) kept[count++] = value;
  }
  return kept.subarray(0, count).sort();
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
  readonly missing: number;
}

function momentsOf(sorted: Float64Array, values: Float64Array, times: Float64Array): Moments {
  // How many people each value has: 1 a row, or what a table of counts says.
  const weight = new Map<number, number>();
  let isPlain = true;
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const people = times[row] ?? 0;
    if (people === 0) continue;
    if (people !== 1) isPlain = false;
    if (!Number.isFinite(values[row] ?? Number.NaN)) missing += people;
  }
  if (!isPlain) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row] ?? Number.NaN;
      if (Number.isFinite(value)) weight.set(value, (weight.get(value) ?? 0) + (times[row] ?? 0));
    }
  }
  const distinct = isPlain ? sorted : Float64Array.from(new Set(sorted));
  let count = 0;
  let sum = 0;
  for (const value of distinct) {
    const people = isPlain ? 1 : (weight.get(value) ?? 0);
    count += people;
    sum += people * value;
  }
  const mean = count > 0 ? sum / count : 0;
  let squares = 0;
  for (const value of distinct) squares += (isPlain ? 1 : (weight.get(value) ?? 0)) * (value - mean) ** 2;
  return { mean, deviation: count > 0 ? Math.sqrt(squares / count) : 0, count, missing };
}
