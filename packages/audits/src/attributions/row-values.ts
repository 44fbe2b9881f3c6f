import { type CodedTable, coded, numbers } from "@assay/dataset";
import type { ModelInput } from "../model-roles.ts";

/** How high each of the first rows' own values is among them: its rank, from 0 to 1; NaN for texts and missing values. */
export function heightsOf(input: ModelInput, table: CodedTable, rows: number): Float64Array {
  const heights = new Float64Array(rows).fill(Number.NaN);
  if (input.request.kind !== "number") return heights;
  const values = numbers(table, input.request).values.subarray(0, rows);
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const last = sorted.length - 1;
  if (last < 1 || sorted[0] === sorted[last]) return heights;
  return heights.map((_, row) => {
    const value = values[row] ?? Number.NaN;
    return Number.isNaN(value) ? value : (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 / last;
  });
}

/** `age = 39`; a missing value is told as such. */
export function valueText(
  input: ModelInput,
  table: CodedTable,
  row: number,
): { readonly en: string; readonly "zh-CN": string } {
  const text = textOf(input, table, row);
  if (text === null) return { en: `${input.column} is missing`, "zh-CN": `${input.column} 缺失` };
  return { en: `${input.column} = ${text}`, "zh-CN": `${input.column} = ${text}` };
}

function textOf(input: ModelInput, table: CodedTable, row: number): string | null {
  if (input.request.kind === "number") {
    const value = numbers(table, input.request).values[row] ?? Number.NaN;
    return Number.isNaN(value) ? null : String(Number(value.toPrecision(6)));
  }
  const { codes, levels } = coded(table, input.request);
  const code = codes[row] ?? 0;
  return code === 0 ? null : (levels[code - 1] ?? "");
}
