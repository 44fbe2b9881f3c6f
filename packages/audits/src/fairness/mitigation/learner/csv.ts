import { csvText } from "@assay/schema";
import type { LearnedAnew } from "./measure.ts";

/** `row,weight` of the rows learned from; rows are counted from 0 in the order of the data that the plan keeps. */
export function weightsCsv(weights: Float64Array): string {
  const lines = ["row,weight"];
  for (const [row, weight] of weights.entries()) if (weight > 0) lines.push(`${row},${weight}`);
  return `${lines.join("\n")}\n`;
}

/** `row,times`: how often each row learned from is taken; those not taken are not written. */
export function resampledCsv(times: Uint32Array): string {
  const lines = ["row,times"];
  for (const [row, count] of times.entries()) if (count > 0) lines.push(`${row},${count}`);
  return `${lines.join("\n")}\n`;
}

/** `row,<feature>,…`: the numeric features of every row as they were repaired, at full precision. */
export function repairedCsv({ names, columns }: NonNullable<LearnedAnew["repaired"]>): string {
  const lines = [["row", ...names.map(csvText)].join(",")];
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) lines.push(`${row},${columns.map((column) => column[row] ?? "").join(",")}`);
  return `${lines.join("\n")}\n`;
}
