import { TypeGuess } from "../../column-type.ts";
import type { Place } from "../../data-error.ts";
import type { SourceColumn } from "../../source.ts";
import type { MissingTexts } from "./missing-texts.ts";
import type { RecordBatch } from "./record-batch.ts";

const decoder = new TextDecoder();

/** Runs that are remembered; a file with more (line breaks inside most rows) tells its rows instead of its lines. */
const mostRuns = 100_000;

interface ColumnState {
  readonly guess: TypeGuess;
  missing: number;
  notNumber: { place: Place; text: string } | null;
}

/** Learns types, missing values and line numbers on the first way through a text file. */
export class FirstScan {
  readonly #missing: MissingTexts;
  readonly #columns: ColumnState[] = [];
  /** Runs of rows whose line numbers rise by one: row → line, without a number per row. */
  readonly #runs: { row: number; line: number }[] = [];
  readonly #copies: { first: number; copy: number }[] = [];
  readonly #conflicts = new Map<number, { place: Place; copy: number }>();
  #nextLine = -1;
  /** Rows up to which the line is known. */
  #knownLines = Number.POSITIVE_INFINITY;
  rows = 0;

  constructor(missing: MissingTexts) {
    this.#missing = missing;
  }

  /** Asks that column `copy` be compared with `first`, whose name it repeats. */
  compare(first: number, copy: number): void {
    this.#copies.push({ first, copy });
  }

  take(batch: RecordBatch): void {
    const { bytes, rows, columns, stride, starts, ends, texts, lines } = batch;
    while (this.#columns.length < columns) {
      // A column that turns up late was missing in every row before.
      this.#columns.push({ guess: new TypeGuess(), missing: this.rows, notNumber: null });
    }
    for (let row = 0; row < rows; row++) {
      const line = lines[row] ?? 0;
      if (line !== this.#nextLine) {
        if (this.#runs.length < mostRuns) this.#runs.push({ row: this.rows + row, line });
        else this.#knownLines = Math.min(this.#knownLines, this.rows + row);
      }
      this.#nextLine = line + 1;
    }
    for (const [column, state] of this.#columns.entries()) {
      const { guess } = state;
      for (let row = 0, field = column; row < rows; row++, field += stride) {
        const start = starts[field] ?? 0;
        const end = ends[field] ?? 0;
        if (this.#missing.has(bytes, start, end)) state.missing++;
        else if (!(texts?.[field] === 1 ? guess.addText(bytes, start, end) : guess.add(bytes, start, end))) {
          state.notNumber ??= { place: { line: lines[row] ?? 0 }, text: decoder.decode(bytes.slice(start, end)) };
        }
      }
    }
    for (const { first, copy } of this.#copies) {
      if (this.#conflicts.has(first)) continue;
      for (let row = 0; row < rows; row++) {
        const a = row * stride + first;
        const b = row * stride + copy;
        if (!equalBytes(bytes, starts[a] ?? 0, ends[a] ?? 0, starts[b] ?? 0, ends[b] ?? 0)) {
          this.#conflicts.set(first, { place: { line: lines[row] ?? 0 }, copy });
          break;
        }
      }
    }
    this.rows += rows;
  }

  columns(names: readonly string[]): readonly SourceColumn[] {
    return names.map((name, index) => {
      const state = this.#columns[index];
      const conflict = this.#conflicts.get(index);
      return {
        name,
        type: state?.guess.type ?? "text",
        missing: state?.missing ?? 0,
        notNumber: state?.notNumber ?? null,
        conflict: conflict ? { place: conflict.place, copy: names[conflict.copy] ?? "" } : null,
      };
    });
  }

  place(row: number): Place {
    if (row >= this.#knownLines) return { row: row + 1 };
    let low = 0;
    let high = this.#runs.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.row ?? 0) <= row) low = middle;
      else high = middle;
    }
    const run = this.#runs[low];
    return run ? { line: run.line + row - run.row } : { row: row + 1 };
  }
}

function equalBytes(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (let index = 0; index < aEnd - a; index++) if (bytes[a + index] !== bytes[b + index]) return false;
  return true;
}
