import { type CodedTable, numbers, requestKey } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { Roles } from "./roles.ts";

export interface RowWeights {
  /** Null where the plan gives no weight. */
  readonly weights: Float64Array | null;
  /** Times each row stands for; 0 where its weight is missing. */
  readonly counts: Float64Array | null;
  /** Rows left out because they have no weight. */
  readonly weightless: number;
}

/** Between these, weights, their squares and the ratios of both are numbers; the largest to the smallest is 1e100. */
const least = 1e-50;
const most = 1e50;

const advice = (weight: number): string =>
  weight > 0 && weight < Number.POSITIVE_INFINITY
    ? ". Only their proportions matter: divide the column by its largest value, and set what is still smaller to 0"
    : "";

/** What is wrong with a table's weights, as a message; null where nothing is. */
export function weightProblem(table: CodedTable, roles: Roles): string | null {
  const column = roles.weight === null ? undefined : table.columns[requestKey(roles.weight)];
  if (roles.weight === null || column?.kind !== "number") return null;
  const { values } = column;
  let positive = 0;
  for (let row = 0; row < table.rows; row++) {
    const weight = values[row] ?? Number.NaN;
    if (isOutside(weight)) return outside(roles.weight.column, weight, row);
    if (weight > 0) positive++;
  }
  if (positive > 0) return null;
  return `column "${roles.weight.column}" holds no weight above 0, so that every row would stand for nothing; check the column, or leave it out`;
}

function isOutside(weight: number): boolean {
  return !(weight === 0 || (weight >= least && weight <= most) || Number.isNaN(weight));
}

function outside(column: string, weight: number, row: number): string {
  return `column "${column}": the weight ${weight} in row ${row + 1} of the rows read; weights are 0 or from ${least} to ${most}${advice(weight)}`;
}

/** Weights of a step's rows; rows without one are counted and stand for nothing. Copies only where one is missing. */
export function readWeights(rows: CodedTable, roles: Roles): RowWeights {
  if (!roles.weight) return { weights: null, counts: rows.counts, weightless: 0 };
  const { values } = numbers(rows, roles.weight);
  let weights = values;
  let counts = rows.counts;
  let weightless = 0;
  for (let row = 0; row < rows.rows; row++) {
    const weight = values[row] ?? Number.NaN;
    if (weight === 0 || (weight >= least && weight <= most)) continue;
    if (isOutside(weight)) throw new AssayError("data-invalid", outside(roles.weight.column, weight, row));
    if (weights === values) {
      weights = values.slice(0, rows.rows);
      counts = rows.counts?.slice(0, rows.rows) ?? new Float64Array(rows.rows).fill(1);
    }
    weightless += rows.counts?.[row] ?? 1;
    weights[row] = 0;
    if (counts) counts[row] = 0;
  }
  return { weights, counts, weightless };
}
