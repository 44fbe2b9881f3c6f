import { type Device, permute } from "@assay/compute";
import { replicatesFor } from "../../groups/share-test.ts";
import { gammaTail } from "../../statistics/index.ts";

export interface TestRun {
  readonly device: Device;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
}

export interface Tested {
  /** Pearson's X². */
  readonly statistic: number;
  readonly freedom: number;
  readonly p: number;
  readonly method: "chi-square" | "permutation" | "simulation";
}

/** Cochran's rule: with fewer expected in a cell χ² is not near enough, and X² is drawn under the null in its place. */
export const fewestExpected = 5;

/** Beyond this many rows tables are not drawn. */
const mostDrawn = 2 ** 32;

/**
 * Pearson's test that the sides of a table of counts are independent: by χ² where every cell expects at least 5 rows
 * (W. G. Cochran, Biometrics 10 (1954) 417–451, doi:10.2307/3001616), else against tables with the same margins.
 * Null where fewer than two rows or columns hold any.
 * @param table counts, row-major
 */
export async function independence(
  table: ArrayLike<number>,
  rows: number,
  columns: number,
  run: TestRun,
): Promise<Tested | null> {
  const rowSums = new Float64Array(rows);
  const columnSums = new Float64Array(columns);
  let n = 0;
  for (let cell = 0; cell < rows * columns; cell++) {
    const count = table[cell] ?? 0;
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    rowSums[row] = (rowSums[row] ?? 0) + count;
    columnSums[column] = (columnSums[column] ?? 0) + count;
    n += count;
  }
  const usedRows = [...rowSums.keys()].filter((row) => (rowSums[row] ?? 0) > 0);
  const usedColumns = [...columnSums.keys()].filter((column) => (columnSums[column] ?? 0) > 0);
  const freedom = (usedRows.length - 1) * (usedColumns.length - 1);
  if (n === 0 || freedom <= 0) return null;
  const dense = Float64Array.from(
    usedRows.flatMap((row) => usedColumns.map((column) => table[row * columns + column] ?? 0)),
  );
  const expected = Float64Array.from(
    usedRows.flatMap((row) => usedColumns.map((column) => ((rowSums[row] ?? 0) / n) * (columnSums[column] ?? 0))),
  );
  const distance = (cells: ArrayLike<number>, start: number): number => {
    let sum = 0;
    for (let cell = 0; cell < expected.length; cell++) {
      const off = (cells[start + cell] ?? 0) - (expected[cell] ?? 0);
      sum += (off * off) / (expected[cell] ?? 1);
    }
    return sum;
  };
  const statistic = distance(dense, 0);
  if (n >= mostDrawn || expected.every((one) => one >= fewestExpected)) {
    return { statistic, freedom, p: gammaTail(statistic / 2, freedom / 2), method: "chi-square" };
  }
  const replicates = replicatesFor(run.replicates, dense.length);
  const bound = statistic * (1 - 1e-9);
  const batch = Math.max(1, Math.floor(1_000_000 / dense.length));
  let reached = 1;
  for (let first = 0; first < replicates; first += batch) {
    const count = Math.min(batch, replicates - first);
    const draws = await permute(run.device, {
      table: dense,
      rows: usedRows.length,
      columns: usedColumns.length,
      replicates: count,
      first,
      seed: run.seed,
      stream: run.stream,
    });
    for (let replicate = 0; replicate < count; replicate++) {
      if (distance(draws, replicate * dense.length) >= bound) reached++;
    }
  }
  return { statistic, freedom, p: reached / (replicates + 1), method: "permutation" };
}
