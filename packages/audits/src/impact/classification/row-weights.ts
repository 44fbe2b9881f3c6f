import { type CodedTable, numbers } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { Roles } from "../../roles.ts";

export interface RowWeights {
  /** Null where the plan gives no weight. */
  readonly weights: Float64Array | null;
  /** Times each row stands for; 0 where its weight is missing. */
  readonly counts: Float64Array | null;
  /** Rows left out because they have no weight. */
  readonly weightless: number;
}

/** Weights of a step's rows; rows without one are counted and stand for nothing. */
export function readWeights(rows: CodedTable, roles: Roles): RowWeights {
  if (!roles.weight) return { weights: null, counts: rows.counts, weightless: 0 };
  const { column } = roles.weight;
  const { values } = numbers(rows, roles.weight);
  const weights = new Float64Array(rows.rows);
  let counts = rows.counts;
  let weightless = 0;
  for (let row = 0; row < rows.rows; row++) {
    const weight = values[row] ?? Number.NaN;
    if (Number.isNaN(weight)) {
      weightless += rows.counts?.[row] ?? 1;
      if (counts === rows.counts) counts = rows.counts?.slice() ?? new Float64Array(rows.rows).fill(1);
      if (counts) counts[row] = 0;
    } else if (weight < 0 || weight === Number.POSITIVE_INFINITY) {
      throw new AssayError(
        "data-invalid",
        `column "${column}": a weight of ${weight}; weights are finite and 0 or more`,
      );
    } else weights[row] = weight;
  }
  return { weights, counts, weightless };
}
