import type { Runner } from "./build-model.ts";
import { type Column, sliceColumn } from "./columns.ts";
import type { OutputValues } from "./model.ts";
import { modelError, shown } from "./model-error.ts";

/** Of the largest value of a batch's output: what another order of additions may change. */
const rounding = 1e-3;

/**
 * A runner that refuses a model whose answer about a row changes with the rows beside it: the last row of the first batch is
 * asked once more, alone. Such an answer belongs to no row: it would change with the batches that a device or a machine takes.
 */
export function checkedAlone(file: string, runner: Runner): Runner {
  let isChecked = runner.rows < 2;
  return {
    rows: runner.rows,
    run: async (columns, rows, options) => {
      const among = await runner.run(columns, rows, options);
      if (isChecked || rows < 2) return among;
      const last: readonly Column[] = columns.map((column) => sliceColumn(column, rows - 1, rows));
      const alone = await runner.run(last, 1, options);
      for (const [index, output] of among.entries()) compare(file, output, alone[index], rows);
      isChecked = true;
      return among;
    },
    dispose: () => runner.dispose(),
  };
}

/** Labels change only where scores do, or where two scores are equal but for rounding: scores alone are compared. */
function compare(file: string, among: OutputValues, alone: OutputValues | undefined, rows: number): void {
  if (among.kind === "label" || alone === undefined || alone.kind === "label") return;
  const largest = among.values.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  const start = (rows - 1) * among.width;
  for (let column = 0; column < among.width; column++) {
    const [beside, own] = [among.values[start + column] ?? Number.NaN, alone.values[column] ?? Number.NaN];
    if (Object.is(beside, own) || Math.abs(beside - own) <= rounding * largest) continue;
    throw modelError(
      file,
      `output ${shown(among.name)}`,
      `is ${plain(beside)} for row ${rows} among ${rows} rows, and ${plain(own)} for the same row alone: an operator works across rows (such as Softmax or a mean over axis 0, or batch normalisation or dropout in training mode); export it for inference, so that each row has an answer of its own`,
      "not-supported",
    );
  }
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}
