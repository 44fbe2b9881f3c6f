import { type CodedTable, coded } from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { type GroupScores, measureScores, mergeGroupScores } from "../../groups/score-summary.ts";
import { readWeights } from "../../row-weights.ts";
import { codeMap, unionLevels } from "../../union-levels.ts";

/** Scores and labels of every combination of protected values. */
export type CalibrationSummary = {
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
  readonly scores: GroupScores;
  /** Rows left out because they have no weight. */
  readonly weightless: number;
};

export async function measureCalibration(
  rows: CodedTable,
  context: AuditContext<unknown>,
): Promise<CalibrationSummary> {
  const { roles } = context;
  const columns = roles.protected.map((role) => ({ name: role.name, ...coded(rows, role.request) }));
  const weights = readWeights(rows, roles);
  const scores = await measureScores(rows, columns, weights, context);
  if (scores === null) throw new AssayError("internal", "calibration: the plan gives no score or no label");
  return { columns: columns.map(({ name, levels }) => ({ name, levels })), scores, weightless: weights.weightless };
}

/** Associative and commutative: columns of different data are aligned by the texts of their levels. */
export function mergeCalibration(a: CalibrationSummary, b: CalibrationSummary): CalibrationSummary {
  const columns = a.columns.map((column, index) => ({
    name: column.name,
    levels: unionLevels(column.levels, b.columns[index]?.levels ?? []),
  }));
  const mapsOf = (summary: CalibrationSummary): Uint32Array[] =>
    columns.map(({ levels }, index) => codeMap(summary.columns[index]?.levels ?? [], levels));
  return {
    columns,
    scores: mergeGroupScores(a.scores, b.scores, mapsOf(a), mapsOf(b)),
    weightless: a.weightless + b.weightless,
  };
}
