import type { Confusion, Metric, Share } from "../metrics/index.ts";
import { type Cell, everyCell, sumOf } from "../metrics/metric.ts";
import { cellOf, pairedCells, type Side } from "./paired-cells.ts";

/** How much each side counts in a sum of values: +1, −1 or 0 each. A difference b − a is { a: −1, b: 1 }. */
export type SideSigns = Readonly<Record<Side, number>>;

/**
 * Variance of `signs.a` × metric of a + `signs.b` × metric of b over the same rows, to first order: Σ (∂θ/∂n)² n over the
 * paired cells (multinomial rows; θ does not change when all counts are multiplied). Each cell is padded by an eighth of
 * a row, so that a table without a row in some cell has spread.
 */
export function pairedVariance(metric: Metric, table: ArrayLike<number>, start: number, signs: SideSigns): number {
  const padded = { a: emptyConfusion(), b: emptyConfusion() };
  for (let cell = 0; cell < pairedCells; cell++) {
    const count = (table[start + cell] ?? 0) + pad;
    for (const side of ["a", "b"] as const) {
      const place = cellOf(cell, side, metric.needs);
      if (place !== null) padded[side][place] += count;
    }
  }
  const slopes = { a: gradientOf(metric, padded.a), b: gradientOf(metric, padded.b) };
  let variance = 0;
  for (let cell = 0; cell < pairedCells; cell++) {
    const [ofA, ofB] = [cellOf(cell, "a", metric.needs), cellOf(cell, "b", metric.needs)];
    if (ofA === null || ofB === null) continue;
    const slope = signs.a * slopes.a[ofA] + signs.b * slopes.b[ofB];
    variance += slope * slope * ((table[start + cell] ?? 0) + pad);
  }
  return variance;
}

const pad = 1 / 8;

function emptyConfusion(): Record<Cell, number> {
  return { tp: 0, fp: 0, fn: 0, tn: 0 };
}

/** Partial derivatives of a metric with respect to the four cells. */
export function gradientOf({ shape }: Metric, cells: Confusion): Confusion {
  switch (shape.kind) {
    case "count":
      return emptyConfusion();
    case "rate": {
      const slope = shape.curve === undefined ? 1 : curveSlope(shape.curve, shareValue(shape.share, cells));
      return shareGradient(shape.share, cells, slope);
    }
    case "mean": {
      const [first, second] = shape.shares.map((share) => shareGradient(share, cells, 0.5));
      const sum = emptyConfusion();
      for (const cell of everyCell) sum[cell] = (first?.[cell] ?? 0) + (second?.[cell] ?? 0);
      return sum;
    }
    case "table":
      return shape.gradient(cells);
  }
}

function shareValue(share: Share, cells: Confusion): number {
  return sumOf(cells, share.of) / sumOf(cells, share.among);
}

function shareGradient(share: Share, cells: Confusion, scale: number): Confusion {
  const n = sumOf(cells, share.among);
  const value = shareValue(share, cells);
  const gradient = emptyConfusion();
  for (const cell of share.among) gradient[cell] = (scale * ((share.of.includes(cell) ? 1 : 0) - value)) / n;
  return gradient;
}

function curveSlope(curve: (share: number) => number, at: number): number {
  const step = 1e-6;
  const [low, high] = [Math.max(0, at - step), Math.min(1, at + step)];
  return (curve(high) - curve(low)) / (high - low);
}
