import { CodeColumn } from "../../code-column.ts";
import { Dictionary } from "../../dictionary.ts";
import { parseNumberBytes } from "../../number-text.ts";
import { sharedNumbers } from "../../shared-memory.ts";
import type { ColumnNeed, RawColumn } from "../../source.ts";
import type { MissingTexts } from "./missing-texts.ts";
import type { RecordBatch } from "./record-batch.ts";

/** Reads one column of a text file, batch by batch, in the forms a need asks for. */
export class ColumnReader {
  readonly #need: ColumnNeed;
  readonly #missing: MissingTexts;
  readonly #dictionary: Dictionary | null;
  readonly #codes: CodeColumn | null;
  readonly #numbers: Float64Array | null;
  readonly #flags: Uint8Array | null;
  #batchCodes = new Uint32Array(0);

  constructor(need: ColumnNeed, rows: number, missing: MissingTexts) {
    this.#need = need;
    this.#missing = missing;
    this.#dictionary = need.texts ? new Dictionary() : null;
    this.#codes = need.texts ? new CodeColumn(rows) : null;
    this.#numbers = need.numbers ? sharedNumbers(rows) : null;
    this.#flags = need.missing ? new Uint8Array(rows) : null;
  }

  /** Bytes held for the column's distinct texts. */
  get dictionaryBytes(): number {
    return this.#dictionary?.sizeBytes ?? 0;
  }

  /** Takes the batch whose first row is row `base` of the file. */
  take(batch: RecordBatch, base: number): void {
    const { bytes, rows, columns, stride, starts, ends } = batch;
    const { index } = this.#need;
    const absent = index >= columns;
    if (this.#dictionary && this.#codes) {
      if (this.#batchCodes.length < rows) this.#batchCodes = new Uint32Array(rows);
      const codes = this.#batchCodes;
      for (let row = 0, field = index; row < rows; row++, field += stride) {
        const start = absent ? -1 : (starts[field] ?? 0);
        const end = ends[field] ?? 0;
        codes[row] = this.#missing.has(bytes, start, end) ? 0 : this.#dictionary.code(bytes, start, end);
      }
      this.#codes.put(codes, rows, base, this.#dictionary.size);
    }
    const numbers = this.#numbers;
    if (numbers) {
      for (let row = 0, field = index; row < rows; row++, field += stride) {
        const start = absent ? -1 : (starts[field] ?? 0);
        const end = ends[field] ?? 0;
        numbers[base + row] = this.#missing.has(bytes, start, end) ? Number.NaN : parseNumberBytes(bytes, start, end);
      }
    }
    const flags = this.#flags;
    if (flags) {
      for (let row = 0, field = index; row < rows; row++, field += stride) {
        const start = absent ? -1 : (starts[field] ?? 0);
        flags[base + row] = this.#missing.has(bytes, start, ends[field] ?? 0) ? 1 : 0;
      }
    }
  }

  get column(): RawColumn {
    return {
      coded: this.#dictionary && this.#codes ? { levels: this.#dictionary.texts(), codes: this.#codes.codes } : null,
      numbers: this.#numbers,
      missing: this.#flags,
    };
  }
}
