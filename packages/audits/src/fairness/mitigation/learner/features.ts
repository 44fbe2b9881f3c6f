import { coded, numbers } from "@assay/dataset";
import type { Column } from "@assay/models";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import type { Rows } from "../rows.ts";
import type { MitigationInput } from "../settings.ts";

/** Features of all rows, as a learner takes them: texts by their levels, missing ones as an empty text; numbers without gaps. */
export interface Features {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

/** Texts of one column that a learner takes at most. */
const mostLevels = 1000;

/** Missing numbers take the mean of the rows learned from: a learner of straight lines has no other place for them. */
export function featuresOf(rows: Rows, { roles }: AuditContext<MitigationInput>): Features {
  const { table, train } = rows;
  const columns = roles.features.map(({ name, request }): Column => {
    if (request.kind === "number") return filled(numbers(table, request).values, train);
    const { codes, levels } = coded(table, request);
    if (levels.length > mostLevels) {
      throw new AssayError(
        "data-too-large",
        `mitigation: feature "${name}" has ${levels.length} texts, at most ${mostLevels} can be learned from; group them, or leave it out of columns.features`,
      );
    }
    // Places count from 0 there, and a missing text is one more.
    const place = new Uint32Array(codes.length);
    for (let row = 0; row < place.length; row++) place[row] = codes[row] === 0 ? levels.length : (codes[row] ?? 1) - 1;
    return { levels: [...levels, ""], codes: place };
  });
  return { names: roles.features.map(({ name }) => name), columns };
}

function filled(values: Float64Array, train: Float64Array): Float64Array {
  let sum = 0;
  let count = 0;
  let missing = false;
  for (const [row, value] of values.entries()) {
    if (!Number.isFinite(value)) missing = true;
    else if ((train[row] ?? 0) > 0) {
      sum += value;
      count++;
    }
  }
  if (!missing) return values;
  const mean = count > 0 ? sum / count : 0;
  return values.map((value) => (Number.isFinite(value) ? value : mean));
}

/** Some rows of a column. */
export function pick(column: Column, rows: Uint32Array): Column {
  if (ArrayBuffer.isView(column)) return Float64Array.from(rows, (row) => column[row] ?? Number.NaN);
  return { levels: column.levels, codes: Uint32Array.from(rows, (row) => column.codes[row] ?? 0) };
}
