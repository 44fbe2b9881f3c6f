import { addExact, type Device, type ExactSum, exactToNumber, tally } from "@assay/compute";
import type { CodedColumn, Codes } from "@assay/dataset";
import type { ClassTable } from "../../metrics/classes/index.ts";
import type { RowWeights } from "../../row-weights.ts";
import { unionLevels } from "../../union-levels.ts";

/** A confusion table, label × prediction, over named classes; one more column and row, at the end, for missing. */
export type Confusion = {
  /** Classes that occur as label or prediction, in the order of data tables; null where there are more than `mostClasses`. */
  readonly names: readonly string[] | null;
  /** (K + 1) × (K + 1), row-major. */
  readonly counts: Float64Array;
  readonly weights: { readonly sums: readonly ExactSum[]; readonly squares: readonly ExactSum[] } | null;
};

/** A table of more classes is no classification that a person can read; regression has other measures. */
export const mostClasses = 200;

const nothing: ExactSum = "0";
const tooMany: Confusion = { names: null, counts: new Float64Array(0), weights: null };

/** Counts a step's rows. Only classes that occur in them enter. */
export async function countConfusion(
  device: Device,
  label: CodedColumn,
  prediction: CodedColumn,
  rows: number,
  weighting: RowWeights,
): Promise<Confusion> {
  const labels = occurring(label, weighting.counts);
  const predictions = occurring(prediction, weighting.counts);
  const names = unionLevels(labels, predictions);
  if (names.length > mostClasses) return tooMany;
  const size = names.length + 1;
  const place = new Map(names.map((name, index) => [name, index]));
  const recode = (column: CodedColumn): Uint8Array => {
    const map = Uint8Array.of(names.length, ...column.levels.map((level) => place.get(level) ?? names.length));
    const codes = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) codes[row] = map[column.codes[row] ?? 0] ?? names.length;
    return codes;
  };
  const table = await tally(device, {
    columns: [
      { codes: recode(label), size },
      { codes: recode(prediction), size },
    ],
    rows,
    counts: weighting.counts,
    weights: weighting.weights,
  });
  const { weights } = table;
  return { names, counts: table.counts, weights: weights && { sums: weights.sums, squares: weights.squares } };
}

function occurring(column: CodedColumn, counts: Float64Array | null): string[] {
  const seen = new Uint8Array(column.levels.length + 1);
  const codes: Codes = column.codes;
  for (let row = 0; row < codes.length; row++) if (counts?.[row] !== 0) seen[codes[row] ?? 0] = 1;
  return column.levels.filter((_, index) => seen[index + 1] === 1);
}

/** Associative and commutative: classes are aligned by name. */
export function mergeConfusion(a: Confusion, b: Confusion): Confusion {
  if (a.names === null || b.names === null) return tooMany;
  const names = unionLevels(a.names, b.names);
  if (names.length > mostClasses) return tooMany;
  const size = names.length + 1;
  const counts = new Float64Array(size * size);
  const weighted = a.weights !== null && b.weights !== null;
  const sums = weighted ? new Array<ExactSum>(size * size).fill(nothing) : [];
  const squares = weighted ? new Array<ExactSum>(size * size).fill(nothing) : [];
  for (const part of [a, b]) {
    const own = part.names ?? [];
    const map = [...own.map((name) => names.indexOf(name)), names.length];
    for (const [row, toRow] of map.entries()) {
      for (const [column, toColumn] of map.entries()) {
        const from = row * map.length + column;
        const to = toRow * size + toColumn;
        counts[to] = (counts[to] ?? 0) + (part.counts[from] ?? 0);
        if (!weighted || !part.weights) continue;
        sums[to] = addExact(sums[to] ?? nothing, part.weights.sums[from] ?? nothing);
        squares[to] = addExact(squares[to] ?? nothing, part.weights.squares[from] ?? nothing);
      }
    }
  }
  return { names, counts, weights: weighted ? { sums, squares } : null };
}

/** The table without missing rows, and how many those are. */
export function completeTable(confusion: Confusion): { table: ClassTable; missing: number } {
  const classes = confusion.names?.length ?? 0;
  const size = classes + 1;
  const inner = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: classes * classes }, (_, cell) => {
      return values[Math.floor(cell / classes) * size + (cell % classes)] ?? 0;
    });
  const counts = inner(confusion.counts);
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const { weights } = confusion;
  return {
    table: {
      classes,
      counts,
      weights: weights && {
        sums: inner(weights.sums.map(exactToNumber)),
        squares: inner(weights.squares.map(exactToNumber)),
      },
    },
    missing: total(confusion.counts) - total(counts),
  };
}
