import { AssayError } from "@assay/schema";
import { type Column, isText, rowsOf } from "./columns.ts";
import type { ModelInput } from "./model.ts";

/**
 * The rows of a model's columns.
 * @throws AssayError data-invalid naming input and row: the number of columns, their lengths, texts for numbers, a
 *   missing value or a fraction where whole numbers go
 */
export function checkColumns(file: string, inputs: readonly ModelInput[], columns: readonly Column[]): number {
  const fail = (message: string) => new AssayError("data-invalid", `${file}: ${message}`);
  if (columns.length !== inputs.length) {
    throw fail(`the model takes ${inputs.length} columns, ${columns.length} are given`);
  }
  const [first] = columns;
  const rows = first ? rowsOf(first) : 0;
  for (const [index, column] of columns.entries()) {
    const input = inputs[index];
    if (!input) continue;
    if (rowsOf(column) !== rows) {
      throw fail(`input ${input.name} has ${rowsOf(column)} rows, ${inputs[0]?.name} has ${rows}`);
    }
    if (isText(column) !== (input.kind === "category")) {
      throw fail(`input ${input.name} takes ${input.kind === "category" ? "texts" : "numbers"}, it is given the other`);
    }
    if (!input.whole || isText(column)) continue;
    const odd = column.findIndex((value) => !Number.isSafeInteger(value));
    if (odd !== -1) {
      const value = column[odd] ?? 0;
      const what = Number.isNaN(value) ? "is missing" : `is ${value}`;
      throw fail(`input ${input.name} takes whole numbers; row ${odd} ${what}`);
    }
  }
  return rows;
}
