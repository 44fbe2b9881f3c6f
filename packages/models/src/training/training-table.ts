import { AssayError } from "@assay/schema";
import { type Column, rowsOf } from "../columns.ts";

/** What a model is trained on. */
export interface TrainingTable {
  /** n rows each; a missing number is NaN. */
  readonly columns: readonly Column[];
  /** A name for each column, all different: the trained model's inputs. */
  readonly names: readonly string[];
  /** n labels: codes of `classes`, or numbers to predict. */
  readonly labels: Labels;
  /** The classes' names, in the order of their codes; null where labels are numbers to predict. */
  readonly classes: readonly string[] | null;
  /** float64[n], finite and not negative; null where all are 1. */
  readonly weights: Float64Array | null;
}

export type Labels = Float64Array | Uint8Array | Uint32Array;

/** What a fit may have other than the table it was prepared on: same rows, same classes. */
export interface Targets {
  readonly labels?: Labels;
  /** Null: all are 1. */
  readonly weights?: Float64Array | null;
}

/** What lets a long training be watched and stopped. */
export interface TrainingWatch {
  /** Looked at between iterations. */
  readonly signal?: AbortSignal;
  /** Called between iterations: so many are done, of at most so many. */
  readonly progress?: (done: number, most: number) => void;
}

const fail = (message: string) => new AssayError("data-invalid", `training: ${message}`);

/**
 * The rows of a table.
 * @throws AssayError data-invalid for no columns, no rows, lengths that differ, names that are empty or repeated
 */
export function checkTable({ columns, names, classes }: TrainingTable): number {
  const rows = columns[0] ? rowsOf(columns[0]) : 0;
  if (columns.length === 0) throw fail("there are no columns");
  if (rows === 0) throw fail("there are no rows");
  if (names.length !== columns.length) throw fail(`${names.length} names for ${columns.length} columns`);
  for (const [index, column] of columns.entries()) {
    const name = names[index] ?? "";
    if (rowsOf(column) !== rows) throw fail(`column ${name} has ${rowsOf(column)} rows, ${names[0]} has ${rows}`);
    if (name === "" || names.indexOf(name) !== index) throw fail(`the name "${name}" is empty or given twice`);
  }
  if (classes && (classes.length < 2 || new Set(classes).size !== classes.length)) {
    throw fail(`the classes are ${JSON.stringify(classes.slice(0, 5))}; there must be two at least, all different`);
  }
  return rows;
}

/**
 * Labels and weights of a fit, checked against the table it was prepared on.
 * @throws AssayError data-invalid naming the row: lengths that differ, a label that is no class or no number, a weight that
 *   is negative or not finite, no weight at all, a class without rows
 */
export function targetsOf(
  table: TrainingTable,
  rows: number,
  targets: Targets,
): { readonly labels: Labels; readonly weights: Float64Array | null } {
  const labels = targets.labels ?? table.labels;
  const weights = targets.weights === undefined ? table.weights : targets.weights;
  if (labels.length !== rows) throw fail(`${labels.length} labels for ${rows} rows`);
  if (weights && weights.length !== rows) throw fail(`${weights.length} weights for ${rows} rows`);
  const bad = weights?.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (bad !== -1) throw fail(`row ${bad} has the weight ${weights?.[bad]}; weights are finite and not negative`);
  if (weights?.every((weight) => weight === 0)) throw fail("all weights are 0");
  const { classes } = table;
  if (classes === null) {
    const odd = labels.findIndex((label) => !Number.isFinite(label));
    if (odd !== -1) throw fail(`row ${odd} has the label ${labels[odd]}; leave rows without a number out`);
    return { labels, weights };
  }
  const seen = new Uint8Array(classes.length);
  for (let row = 0; row < rows; row++) {
    const label = labels[row] ?? Number.NaN;
    if (!(label >= 0 && label < classes.length && Number.isInteger(label))) {
      throw fail(`row ${row} has the label ${label}; labels are codes of the ${classes.length} classes`);
    }
    if ((weights?.[row] ?? 1) > 0) seen[label] = 1;
  }
  const absent = seen.indexOf(0);
  if (absent !== -1) {
    const there = seen.reduce((sum, one) => sum + one, 0);
    throw fail(
      there === 1
        ? `all rows with a weight are of one class, "${classes[seen.indexOf(1)]}"; there is nothing to learn`
        : `no row with a weight is of the class "${classes[absent]}"; leave the class out`,
    );
  }
  return { labels, weights };
}

/** Gives the event loop its turn, so that a signal can be raised, and looks at it. */
export async function lookAt(signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return;
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  throwIfAborted(signal);
}

/** @throws AssayError cancelled */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AssayError("cancelled", "the training was cancelled");
}
