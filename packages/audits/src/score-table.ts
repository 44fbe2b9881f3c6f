import {
  type CodedColumn,
  type CodedTable,
  type Column,
  levelOrder,
  type ModelRequest,
  requestKey,
  sharedCodes,
  sharedNumbers,
  sliceTable,
} from "@assay/dataset";
import { AssayError } from "@assay/schema";
import type { AuditModel, ModelOutputs } from "./audit-model.ts";
import { ClassProbabilities } from "./class-probabilities.ts";
import { inputColumns } from "./model-inputs.ts";
import { isPositiveLabel } from "./model-outputs.ts";
import type { ModelRole } from "./model-roles.ts";
import type { Prepared } from "./prepare.ts";
import { throwIfAborted } from "./run.ts";
import { shortList } from "./short-list.ts";

/** Rows that the model is asked about at once: their inputs are copied beside the table. */
const rowsAtOnce = 500_000;

export interface ScoreOptions {
  readonly prepared: Prepared;
  readonly table: CodedTable;
  readonly model: AuditModel;
  readonly signal: AbortSignal;
  /** Fraction of the rows predicted, 0 to 1, and how many they are. */
  readonly onProgress?: (fraction: number, rows: number) => void;
}

/**
 * Asks the model about every row and puts its answers beside the file's columns, so that audits read them as they read
 * any column. A row's answers depend on the row alone: they are the same for any shards and threads.
 * @throws AssayError data-invalid where the model gives no number for a row
 */
export async function scoreTable(options: ScoreOptions): Promise<CodedTable> {
  const { prepared, table, model, signal } = options;
  if (prepared.modelRequests.length === 0) return table;
  const wanted = new Set(prepared.modelRequests.map((request) => request.output));
  const score = wanted.has("score") ? sharedNumbers(table.rows) : null;
  const decision = wanted.has("decision") ? sharedCodes(table.rows, 2) : null;
  const classes = model.about.classes ?? [];
  const prediction = wanted.has("prediction") ? sharedCodes(table.rows, classes.length) : null;
  // Levels are in the order that a column of the file would have them in.
  const order = levelOrder(classes);
  const places = new Uint32Array(classes.length);
  for (const [place, index] of order.entries()) places[index] = place;
  const probabilities = ClassProbabilities.asked(prepared, table, classes);
  const labels = new Set<string>();
  const tell = (rows: number): void => options.onProgress?.(rows / table.rows, rows);
  // An endpoint has batches of its own, and tells rows by their place among all.
  const atOnce = model.runtime === "endpoint" ? Math.max(1, table.rows) : rowsAtOnce;
  for (let start = 0; start < table.rows; start += atOnce) {
    throwIfAborted(signal);
    const end = Math.min(table.rows, start + atOnce);
    const bound = await model.bind(sliceTable(table, start, end), null);
    try {
      const outputs = await bound.predict((rows) => tell(start + rows));
      if (score !== null) score.set(given(outputs, "score"), start);
      for (const label of outputs.labels ?? []) labels.add(label);
      if (decision !== null) code(decision, given(outputs, "decision"), Uint32Array.of(0, 1), start);
      if (prediction !== null) code(prediction, given(outputs, "predicted"), places, start);
      probabilities?.read(outputs, start, end);
    } finally {
      bound.free();
    }
    tell(end);
  }
  const { model: role } = prepared.roles;
  const bad = score?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (bad !== -1) {
    throw new AssayError(
      "data-invalid",
      `${model.about.file}: the model gives ${score?.[bad]} for row ${bad + 1} of those used; a score is a finite number${missingInputs(role, table, bad)}`,
    );
  }
  const odd = probabilities?.odd ?? -1;
  if (odd !== -1) {
    throw new AssayError(
      "data-invalid",
      `${model.about.file}: the model gives a probability that is no number for row ${odd + 1} of those used${missingInputs(role, table, odd)}`,
    );
  }
  if (decision !== null && role !== null) checkLabels([...labels], role, model.about.file);
  const columns: Record<string, Column> = { ...table.columns };
  if (score !== null) columns[keyOf("score")] = { kind: "number", values: score };
  for (const [output, values] of probabilities?.columns ?? []) columns[keyOf(output)] = { kind: "number", values };
  if (decision !== null) columns[keyOf("decision")] = coded(decision, ["0", "1"]);
  if (prediction !== null)
    columns[keyOf("prediction")] = coded(
      prediction,
      Array.from(order, (index) => classes[index] ?? ""),
    );
  return { ...table, columns };
}

/** Which inputs a row lacks, and what to do about it; nothing where it has them all. */
function missingInputs(role: ModelRole | null, table: CodedTable, row: number): string {
  if (role === null) return "";
  const columns = inputColumns(role, table, Uint32Array.of(row));
  const missing = role.inputs.flatMap(({ column }, index) => {
    const own = columns[index];
    const isMissing = own !== undefined && (ArrayBuffer.isView(own) ? Number.isNaN(own[0]) : own.codes[0] === 0);
    return isMissing ? [column] : [];
  });
  const [first] = missing;
  if (first === undefined) return "";
  return `. The row has no value of ${shortList(missing)}: fill the missing values as the model was trained with them, or leave such rows out with data.where (not "${first}" is missing)`;
}

/**
 * Of a model that does not tell its classes only its answers show whether one of them is the positive class. A single
 * other label may be that of a model that says no to everybody; two others cannot be.
 */
function checkLabels(labels: readonly string[], role: ModelRole, file: string): void {
  if (labels.length < 2 || labels.some((label) => isPositiveLabel(label, role))) return;
  const told = labels.slice(0, 8).map((label) => JSON.stringify(label));
  const all = labels.length > 8 ? `${told.join(", ")} and ${labels.length - 8} more` : told.join(", ");
  throw new AssayError(
    "data-invalid",
    role.positive === null
      ? `${file}: the model gives the labels ${all}, and none reads as positive (1 or true); say with columns.positive which is`
      : `${file}: the model gives the labels ${all}, and columns.positive is "${role.positive}", which is none of them; every decision would be negative`,
  );
}

function keyOf(output: ModelRequest["output"]): string {
  return requestKey({ kind: "model", output });
}

function coded(codes: CodedColumn["codes"], levels: readonly string[]): CodedColumn {
  return { kind: "coded", levels, codes };
}

/** Codes count from 1: 0 is missing, and a model leaves nothing out. */
function code(codes: CodedColumn["codes"], said: Uint8Array | Uint32Array, places: Uint32Array, start: number): void {
  for (let row = 0; row < said.length; row++) codes[start + row] = (places[said[row] ?? 0] ?? 0) + 1;
}

function given<Output extends keyof ModelOutputs>(
  outputs: ModelOutputs,
  output: Output,
): NonNullable<ModelOutputs[Output]> {
  const values = outputs[output];
  if (values === null) throw new AssayError("internal", `the model gives no ${output}`);
  return values;
}
