import { addExact, type ExactSum, exactToNumber, mean, variance } from "@assay/compute";
import type { Quantity, ValueMoments } from "../../../metrics/values/index.ts";
import { bounded, outer, type Slot, slots, type ValueSummary } from "./summary.ts";

/** Rows that share the values of some columns, with the moments of their predictions. */
export interface ValueGroup {
  /** One text per column; null is unknown. */
  readonly values: readonly (string | null)[];
  readonly rows: number;
  /** No value is unknown. */
  readonly known: boolean;
  readonly moments: ValueMoments;
}

interface Gathered {
  readonly codes: readonly number[];
  readonly rows: Float64Array;
  readonly sums: ExactSum[];
}

/** The summary's moments added up over everything but the named columns, in the order of their levels, unknown last. */
export function valueGroupsOf(summary: ValueSummary, names: readonly string[]): ValueGroup[] {
  const width = summary.columns.length;
  const places = names.map((name) => summary.columns.findIndex((column) => column.name === name));
  const byKey = new Map<string, Gathered>();
  for (let row = 0; row < summary.rows.length / 3; row++) {
    const codes = places.map((place) => summary.codes[row * width + place] ?? 0);
    const key = codes.join();
    const held = byKey.get(key);
    const rows = summary.rows.subarray(row * 3, row * 3 + 3);
    const sums = summary.sums.slice(row * slots.length, (row + 1) * slots.length);
    if (!held) {
      byKey.set(key, { codes, rows: Float64Array.from(rows), sums });
      continue;
    }
    for (const [index, count] of rows.entries()) held.rows[index] = (held.rows[index] ?? 0) + count;
    for (const [index, sum] of sums.entries()) held.sums[index] = addExact(held.sums[index] ?? "0", sum);
  }
  const ranges = rangesOf(summary);
  const rank = (code: number): number => (code === 0 ? Number.MAX_SAFE_INTEGER : code);
  return [...byKey.values()]
    .sort((a, b) => {
      for (const [index, code] of a.codes.entries()) {
        const difference = rank(code) - rank(b.codes[index] ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    })
    .map(({ codes, rows, sums }) => ({
      values: codes.map((code, index) =>
        code === 0 ? null : (summary.columns[places[index] ?? 0]?.levels[code - 1] ?? null),
      ),
      rows: rows[0] ?? 0,
      known: codes.every((code) => code !== 0),
      moments: momentsOf(rows, sums, ranges, summary.weighted),
    }));
}

/** All rows as one group. */
export function everyValue(summary: ValueSummary): ValueGroup {
  return (
    valueGroupsOf(summary, [])[0] ?? {
      values: [],
      rows: 0,
      known: true,
      moments: momentsOf(
        new Float64Array(3),
        slots.map((): ExactSum => "0"),
        rangesOf(summary),
        summary.weighted,
      ),
    }
  );
}

type Ranges = Readonly<Record<(typeof bounded)[number], { readonly least: number; readonly most: number }>>;

function rangesOf(summary: ValueSummary): Ranges {
  const ranges = { p: nothing(), y: nothing(), e: nothing(), a: nothing(), q: nothing() };
  for (let at = 0; at < summary.least.length; at++) {
    const range = ranges[bounded[at % bounded.length] ?? "p"];
    range.least = outer(Math.min, range.least, summary.least[at]);
    range.most = outer(Math.max, range.most, summary.most[at]);
  }
  return ranges;
}

function nothing(): { least: number; most: number } {
  return { least: Number.NaN, most: Number.NaN };
}

/** Labels further than this many of their standard deviations from 0 leave too few digits to the fourth powers of doubles. */
const furthestLabel = 2000;

function momentsOf(rows: Float64Array, sums: readonly ExactSum[], ranges: Ranges, weighted: boolean): ValueMoments {
  const exact = (slot: Slot): ExactSum => sums[slots.indexOf(slot)] ?? "0";
  const of = (slot: Slot): number => exactToNumber(exact(slot));
  const [, predicted = 0, both = 0] = rows;
  const quantity = (
    range: keyof Ranges,
    n: number,
    [weight, sum, squareWeight, squareSum, squares]: readonly [Slot, Slot, Slot, Slot, Slot],
  ): Quantity => {
    const total = of(weight);
    const squareTotal = of(squareWeight);
    const effective = squareTotal > 0 ? total ** 2 / squareTotal : 0;
    const head = { n, effective, ...ranges[range] };
    if (!(total > 0)) return { ...head, mean: Number.NaN, standardError: Number.NaN };
    if (!weighted) {
      const moments = { count: n, missing: 0, sum: exact(sum), squares: exact(squares), min: null, max: null };
      const spread = variance(moments);
      return {
        ...head,
        mean: mean(moments) ?? Number.NaN,
        standardError: spread === null ? Number.NaN : Math.sqrt(Math.max(0, spread) / n),
      };
    }
    // The ratio mean, with its linearised variance Σw²(x − x̄)² / (Σw)².
    const center = of(sum) / total;
    const around = of(squares) - 2 * center * of(squareSum) + center * center * squareTotal;
    // What rounding leaves of rows that are all the same is no spread.
    const dust = 1e-12 * center * center * squareTotal;
    const standardError =
      effective > 1 + 1e-9
        ? Math.sqrt((around > dust ? around : 0) * (effective / (effective - 1))) / total
        : Number.NaN;
    return { ...head, mean: center, standardError };
  };
  const prediction = quantity("p", predicted, ["p0", "p", "v0", "vp", "vpp"]);
  const label = quantity("y", both, ["n0", "y", "m0", "vy", "vyy"]);
  const square = quantity("q", both, ["n0", "q", "m0", "vq", "vqq"]);
  return {
    prediction,
    label,
    residual: quantity("e", both, ["n0", "e", "m0", "ve", "vq"]),
    absolute: quantity("a", both, ["n0", "a", "m0", "va", "vq"]),
    square,
    ...shareOf(of, exact, label, square, both, weighted),
  };
}

/** The label's variance, and the standard error of the log of mean square over it. */
function shareOf(
  of: (slot: Slot) => number,
  exact: (slot: Slot) => ExactSum,
  label: Quantity,
  square: Quantity,
  n: number,
  weighted: boolean,
): Pick<ValueMoments, "labelVariance" | "logShareError"> {
  const total = of("n0");
  const moments = { count: n, missing: 0, sum: exact("y"), squares: exact("yy"), min: null, max: null };
  const center = label.mean;
  const raw = weighted ? of("yy") / total - center * center : (variance(moments, 0) ?? 0);
  const dust = weighted ? 1e-12 * center * center : 0;
  const labelVariance = n > 0 && raw > dust ? raw : 0;
  const { mean: error, effective } = square;
  if (!(labelVariance > 0 && error > 0 && effective > 1) || center * center > furthestLabel ** 2 * labelVariance) {
    return { labelVariance, logShareError: Number.NaN };
  }
  // Σw²(e²/A − (y − ȳ)²/B)², from the powers of y about 0.
  const c = center;
  const cross = of("vqyy") - 2 * c * of("vqy") + c * c * of("vq");
  const fourth = of("vy4") - 4 * c * of("vy3") + 6 * c * c * of("vyy") - 4 * c ** 3 * of("vy") + c ** 4 * of("m0");
  const sum = of("vqq") / error ** 2 - (2 * cross) / (error * labelVariance) + fourth / labelVariance ** 2;
  return {
    labelVariance,
    logShareError: Math.sqrt(Math.max(0, sum) * (effective / (effective - 1))) / total,
  };
}
