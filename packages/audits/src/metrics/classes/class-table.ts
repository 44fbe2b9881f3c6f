import { effectiveCounts } from "../../statistics/effective-counts.ts";
import type { ClassSums, Margin } from "./class-metric.ts";

/** A confusion table, truth × predicted, row-major. */
export interface ClassTable {
  readonly classes: number;
  /** Rows in each cell. */
  readonly counts: Float64Array;
  /** Σw and Σw² of each cell; null where rows carry no weights. */
  readonly weights: { readonly sums: Float64Array; readonly squares: Float64Array } | null;
}

/** Diagonal and margins of a table's cells. */
export function classSums(classes: number, cells: ArrayLike<number>): ClassSums {
  const right = new Float64Array(classes);
  const truth = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let total = 0;
  for (let row = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++) {
      const value = cells[row * classes + column] ?? 0;
      truth[row] = (truth[row] ?? 0) + value;
      predicted[column] = (predicted[column] ?? 0) + value;
      if (row === column) right[row] = value;
      total += value;
    }
  }
  return { total, right, truth, predicted };
}

/** Cells that hold rows. */
export function nonZero(cells: Float64Array): number[] {
  const list: number[] = [];
  for (const [cell, count] of cells.entries()) if (count > 0) list.push(cell);
  return list;
}

/** Sums with `by` rows more in a cell. */
export function shifted(sums: ClassSums, classes: number, cell: number, by: number): ClassSums {
  const row = Math.floor(cell / classes);
  const column = cell % classes;
  const right = row === column ? Float64Array.from(sums.right) : sums.right;
  if (row === column) right[row] = (right[row] ?? 0) + by;
  const truth = Float64Array.from(sums.truth);
  truth[row] = (truth[row] ?? 0) + by;
  const predicted = Float64Array.from(sums.predicted);
  predicted[column] = (predicted[column] ?? 0) + by;
  return { total: sums.total + by, right, truth, predicted };
}

/** Rows; Kish's effective number of them where they carry weights. 0 where all weights are 0. */
export function effectiveRows(table: ClassTable): number {
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  if (table.weights === null) return total(table.counts);
  const squares = total(table.weights.squares);
  return squares > 0 ? total(table.weights.sums) ** 2 / squares : 0;
}

/** k of n rows; effective counts where rows carry weights. */
export interface ShareCounts {
  readonly k: number;
  readonly n: number;
}

/** Rows on the diagonal among all. */
export function rightOfAll(table: ClassTable): ShareCounts {
  return shareOfCells(table, () => true);
}

/** Rows on the diagonal among those of a class (truth), or predicted as it. */
export function rightOfClass(table: ClassTable, margin: Margin, index: number): ShareCounts {
  return shareOfCells(table, (row, column) => (margin === "truth" ? row : column) === index);
}

/** Share of a class's F1 as Jaccard's index: its hits among rows that are of the class or predicted as it. */
export function jaccardOfClass(table: ClassTable, index: number): ShareCounts {
  return shareOfCells(table, (row, column) => row === index || column === index);
}

function shareOfCells(table: ClassTable, among: (row: number, column: number) => boolean): ShareCounts {
  const counted = { sum: 0, squares: 0 };
  const others = { sum: 0, squares: 0 };
  const sums = table.weights?.sums ?? table.counts;
  const squares = table.weights?.squares ?? table.counts;
  for (let row = 0; row < table.classes; row++) {
    for (let column = 0; column < table.classes; column++) {
      if (!among(row, column)) continue;
      const into = row === column ? counted : others;
      into.sum += sums[row * table.classes + column] ?? 0;
      into.squares += squares[row * table.classes + column] ?? 0;
    }
  }
  if (table.weights === null) return { k: counted.sum, n: counted.sum + others.sum };
  return effectiveCounts(counted, others);
}
