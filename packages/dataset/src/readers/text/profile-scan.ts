import { profileColumn } from "../../column-profile.ts";
import { Dictionary } from "../../dictionary.ts";
import { parseNumberBytes } from "../../number-text.ts";
import { profileLimit, type SourceColumn } from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import type { MissingTexts } from "./missing-texts.ts";
import type { RecordBatch } from "./record-batch.ts";

interface ColumnState {
  /** Dropped once the column has more distinct texts than a profile counts. */
  dictionary: Dictionary | null;
  counts: Float64Array;
  min: number;
  max: number;
}

/** Counts every column's texts. */
export class ProfileScan {
  readonly #columns: readonly SourceColumn[];
  readonly #missing: MissingTexts;
  readonly #states: readonly ColumnState[];

  constructor(columns: readonly SourceColumn[], missing: MissingTexts) {
    this.#columns = columns;
    this.#missing = missing;
    this.#states = columns.map(() => ({
      dictionary: new Dictionary(),
      counts: new Float64Array(64),
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    }));
  }

  take(batch: RecordBatch): void {
    const { bytes, rows, columns, stride, starts, ends } = batch;
    for (const [column, state] of this.#states.entries()) {
      if (column >= columns) continue;
      const type = this.#columns[column]?.type;
      const numeric = type === "integer" || type === "number";
      for (let row = 0, field = column; row < rows; row++, field += stride) {
        const start = starts[field] ?? 0;
        const end = ends[field] ?? 0;
        if (this.#missing.has(bytes, start, end)) continue;
        if (numeric) {
          const value = parseNumberBytes(bytes, start, end);
          if (value < state.min) state.min = value;
          if (value > state.max) state.max = value;
        }
        if (state.dictionary === null) continue;
        const code = state.dictionary.code(bytes, start, end);
        if (code > state.counts.length) {
          const grown = new Float64Array(state.counts.length * 2);
          grown.set(state.counts);
          state.counts = grown;
        }
        state.counts[code - 1] = (state.counts[code - 1] ?? 0) + 1;
        if (code > profileLimit) {
          state.dictionary = null;
          state.counts = new Float64Array(0);
        }
      }
    }
  }

  profiles(): readonly ColumnProfile[] {
    return this.#columns.map((column, index) => {
      const state = this.#states[index];
      const counted = state?.dictionary ? { texts: state.dictionary.texts(), counts: state.counts } : null;
      return profileColumn(column, counted, state ? { min: state.min, max: state.max } : null);
    });
  }
}
