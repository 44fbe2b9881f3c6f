import { gaussLegendre } from "@assay/compute";
import type { ScoreGradients } from "../../score-gradients.ts";

/** Points on the way from the baseline; rows that these do not bring within the tolerance get the next number of them. */
const pointCounts = [16, 32, 64, 128, 256, 512] as const;

/** Rows of a call. */
const rowsAtOnce = 4_096;

export interface Integrated {
  /** float64[rows × inputs]: what each input adds to the baseline's score; NaN in rows with a missing input. */
  readonly values: Float64Array;
  /** float64[rows]. */
  readonly scores: Float64Array;
  /** float64[rows]: |baseline's score + Σ values − score|. */
  readonly gaps: Float64Array;
  /** Most points that a row took. */
  readonly points: number;
}

/**
 * Integrated gradients of rows (Sundararajan, Taly and Yan 2017, equation 1):
 * (xᵢ − bᵢ) ∫₀¹ ∂f/∂xᵢ (b + α (x − b)) dα, by Gauss–Legendre quadrature. More points are taken until a row's values add up
 * to f(x) − f(b) within tolerance × max(1, |f(x) − f(b)|).
 */
export async function integrate(
  gradients: ScoreGradients,
  columns: readonly Float64Array[],
  baseline: { readonly values: Float64Array; readonly score: number },
  tolerance: number,
  check: () => void,
): Promise<Integrated> {
  const inputs = columns.length;
  const rows = columns[0]?.length ?? 0;
  const scores = await gradients.score(columns);
  const values = new Float64Array(rows * inputs).fill(Number.NaN);
  const gaps = new Float64Array(rows).fill(Number.NaN);
  let open = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) =>
    columns.every((column) => !Number.isNaN(column[row])),
  );
  let points = 0;
  for (const count of pointCounts) {
    if (open.length === 0) break;
    points = count;
    const { nodes, weights } = gaussLegendre(count);
    const sums = new Float64Array(open.length * inputs);
    // Rows at several points are asked about together: a call costs as much as some hundred rows.
    const together = Math.max(1, Math.floor(rowsAtOnce / open.length));
    for (let first = 0; first < count; first += together) {
      check();
      const some = nodes.subarray(first, first + together);
      const own = await gradients.gradient(
        columns.map((column, input) => pointsOf(column, baseline.values[input] ?? 0, open, some)),
      );
      for (let index = 0; index < some.length; index++) {
        const weight = weights[first + index] ?? 0;
        const from = index * sums.length;
        for (let place = 0; place < sums.length; place++)
          sums[place] = (sums[place] ?? 0) + weight * (own[from + place] ?? 0);
      }
    }
    const unfinished: number[] = [];
    for (const [place, row] of open.entries()) {
      let sum = 0;
      for (const [input, column] of columns.entries()) {
        const value = ((column[row] ?? 0) - (baseline.values[input] ?? 0)) * (sums[place * inputs + input] ?? 0);
        values[row * inputs + input] = value;
        sum += value;
      }
      const change = (scores[row] ?? 0) - baseline.score;
      const gap = Math.abs(sum - change);
      gaps[row] = gap;
      if (!(gap <= tolerance * Math.max(1, Math.abs(change)))) unfinished.push(row);
    }
    open = Uint32Array.from(unfinished);
  }
  return { values, scores, gaps, points };
}

/** Of some rows an input's values at some points of the way, point by point. */
function pointsOf(column: Float64Array, from: number, rows: Uint32Array, points: Float64Array): Float64Array {
  const values = new Float64Array(rows.length * points.length);
  let at = 0;
  for (const point of points) {
    for (const row of rows) {
      values[at] = from + point * ((column[row] ?? 0) - from);
      at++;
    }
  }
  return values;
}
