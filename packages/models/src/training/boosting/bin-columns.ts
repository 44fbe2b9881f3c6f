import { type BinnedTable, floorFloat32 } from "@assay/compute";
import { AssayError } from "@assay/schema";
import type { NumberColumn } from "../../columns.ts";

/** A column's cuts: bin b holds the values x with threshold[b − 1] < x ≤ threshold[b]. */
export interface ColumnCuts {
  /** Ascending float32; the last bin has none. */
  readonly thresholds: Float32Array;
  readonly hasMissing: boolean;
}

export interface BinnedColumns {
  readonly table: BinnedTable;
  readonly cuts: readonly ColumnCuts[];
}

/** Whole numbers within so many are counted, not sorted. */
const mostCounted = 131_072;

/**
 * Bins of columns of float32 (others are rounded to it first, as the trained model takes its inputs): a bin for each value
 * where there are at most `maxBins`, cut halfway between them; else cuts at the quantiles 1 / maxBins, 2 / maxBins, …, as
 * scikit-learn's HistGradientBoosting has them, but over all rows. Missing values have a bin of their own.
 * @throws AssayError data-invalid for an infinite value, with its column and row
 */
export function binColumns(columns: readonly NumberColumn[], names: readonly string[], maxBins: number): BinnedColumns {
  const features = columns.length;
  const rows = columns[0]?.length ?? 0;
  const bins = new Uint8Array(rows * features);
  const counts = new Uint32Array(features);
  const missing = new Uint8Array(features);
  const cuts = columns.map((column, feature): ColumnCuts => {
    const values = column instanceof Float32Array ? column : Float32Array.from(column);
    const seen = distinct(values, names[feature] ?? "");
    const thresholds = thresholdsOf(seen, maxBins);
    const last = thresholds.length;
    counts[feature] = last + 1 + Number(seen.missing > 0);
    missing[feature] = Number(seen.missing > 0);
    const table = seen.counted && lookup(seen.counted, thresholds);
    for (let row = 0, at = feature; row < rows; row++, at += features) {
      const value = values[row] ?? Number.NaN;
      if (Number.isNaN(value)) bins[at] = last + 1;
      else bins[at] = table ? (table.bins[value - table.low] ?? 0) : binOf(thresholds, value);
    }
    return { thresholds, hasMissing: seen.missing > 0 };
  });
  return { table: { rows, features, bins, counts, missing }, cuts };
}

interface Distinct {
  /** Ascending. */
  readonly values: Float64Array;
  /** How many rows have each. */
  readonly counts: Uint32Array;
  readonly missing: number;
  /** The range of whole numbers, where they were counted. */
  readonly counted: { readonly low: number; readonly high: number } | null;
}

function distinct(column: Float32Array, name: string): Distinct {
  let [low, high, missing, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, true];
  for (let row = 0; row < column.length; row++) {
    const value = column[row] ?? Number.NaN;
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (value < low) low = value;
    if (value > high) high = value;
    if (whole && Math.floor(value) !== value) whole = false;
  }
  if (missing === column.length)
    return { values: new Float64Array(0), counts: new Uint32Array(0), missing, counted: null };
  if (low === Number.NEGATIVE_INFINITY || high === Number.POSITIVE_INFINITY) {
    const row = column.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    throw new AssayError(
      "data-invalid",
      `boosted trees: column ${name}, row ${row} is ${column[row]} as float32; scale the column, or make the value missing`,
    );
  }
  if (whole && high - low < mostCounted) {
    const counts = new Uint32Array(high - low + 1);
    for (let row = 0; row < column.length; row++) {
      const value = column[row] ?? Number.NaN;
      if (!Number.isNaN(value)) counts[value - low] = (counts[value - low] ?? 0) + 1;
    }
    const places = Array.from(counts.keys()).filter((place) => counts[place] !== 0);
    return {
      values: Float64Array.from(places, (place) => low + place),
      counts: Uint32Array.from(places, (place) => counts[place] ?? 0),
      missing,
      counted: { low, high },
    };
  }
  // Missing values are sorted to the end.
  const sorted = column
    .slice()
    .sort()
    .subarray(0, column.length - missing);
  const values = new Float64Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let found = 0;
  let begin = 0;
  for (let row = 1; row <= sorted.length; row++) {
    if (row < sorted.length && sorted[row] === sorted[begin]) continue;
    values[found] = sorted[begin] ?? 0;
    counts[found++] = row - begin;
    begin = row;
  }
  return { values: values.subarray(0, found), counts: counts.subarray(0, found), missing, counted: null };
}

function thresholdsOf({ values, counts }: Distinct, maxBins: number): Float32Array {
  const halfway = (below: number, above: number) => floorFloat32(((values[below] ?? 0) + (values[above] ?? 0)) / 2);
  if (values.length <= maxBins) {
    return Float32Array.from({ length: Math.max(0, values.length - 1) }, (_, index) => halfway(index, index + 1));
  }
  // Rows up to and with each value.
  const until = new Float64Array(values.length);
  let rows = 0;
  for (const [index, count] of counts.entries()) {
    rows += count;
    until[index] = rows;
  }
  const made = new Set<number>();
  let place = 0;
  for (let cut = 1; cut < maxBins; cut++) {
    const rank = (cut / maxBins) * (rows - 1);
    while ((until[place] ?? 0) <= Math.floor(rank)) place++;
    const above = (until[place] ?? 0) <= Math.ceil(rank) ? place + 1 : place;
    made.add(halfway(place, above));
  }
  // Nothing lies above the largest value.
  const largest = values.at(-1) ?? 0;
  return Float32Array.from([...made].filter((cut) => cut < largest)).sort();
}

/** Bins of the whole numbers from low to high. */
function lookup({ low, high }: { low: number; high: number }, thresholds: Float32Array) {
  const bins = new Uint8Array(high - low + 1);
  let bin = 0;
  for (let value = low; value <= high; value++) {
    while (bin < thresholds.length && value > (thresholds[bin] ?? 0)) bin++;
    bins[value - low] = bin;
  }
  return { low, bins };
}

/** How many thresholds lie below a value. */
function binOf(thresholds: Float32Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (thresholds[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
