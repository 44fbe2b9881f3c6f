import type { FileHandle } from "node:fs/promises";
import { AssayError, type Digest, type LocalizedText } from "@assay/schema";
import type * as arrow from "apache-arrow";
import { CodeColumn } from "../../code-column.ts";
import { nameColumns } from "../../column-names.ts";
import { profileColumn } from "../../column-profile.ts";
import { dataError, type Place } from "../../data-error.ts";
import { parseNumber } from "../../number-text.ts";
import { sharedNumbers } from "../../shared-memory.ts";
import {
  type ColumnNeed,
  profileLimit,
  type RawColumn,
  type ReadOptions,
  type Source,
  type SourceColumn,
} from "../../source.ts";
import type { ColumnProfile } from "../../table.ts";
import { numberText, ValueCodes } from "../../value-codes.ts";
import type { HostFile } from "../host-file.ts";
import type { ReaderOptions } from "../reader.ts";
import { type ArrowColumn, arrowColumn, type Cell, cellNumber, cellText } from "./arrow-cells.ts";
import { lz4Decompress } from "./lz4-frame.ts";

/** One column's values in one batch; null is missing. */
type Cells = (row: number) => Cell | null;

/** Opens an Arrow IPC file or stream. Batches are read one at a time, on every way through. */
export async function openArrow(disk: HostFile, options: ReaderOptions): Promise<Source> {
  const hasher = disk.hasher();
  for await (const _ of disk.raw((raw, fraction) => {
    hasher.update(raw);
    options.onProgress?.(fraction / 2);
  })) {
    if (options.signal?.aborted) throw cancelled();
  }
  const batches = new ArrowBatches(disk, options.source.missing);
  let states: { missing: number; infinite: number | null }[] = [];
  const conflicts = new Map<number, { row: number; copy: number }>();
  let rows = 0;
  await batches.each(options, (cells, count) => {
    if (rows === 0) states = cells.map(() => ({ missing: 0, infinite: null }));
    for (const [index, state] of states.entries()) {
      const cell = cells[index] ?? (() => null);
      for (let row = 0; row < count; row++) {
        const value = cell(row);
        if (value === null) state.missing++;
        else if (typeof value === "number" && !Number.isFinite(value)) state.infinite ??= rows + row + 1;
      }
    }
    for (const [copy, first] of batches.names.copyOf.entries()) {
      const a = first === null ? undefined : cells[first];
      const b = cells[copy];
      if (first === null || a === undefined || b === undefined || conflicts.has(first)) continue;
      for (let row = 0; row < count; row++) {
        if (a(row) !== b(row)) {
          conflicts.set(first, { row: rows + row + 1, copy });
          break;
        }
      }
    }
    rows += count;
  });
  options.onProgress?.(1);
  if (rows === 0)
    throw dataError(disk.file, null, "the file has columns but no row; give a file with at least one row");
  const { names } = batches;
  const columns = batches.columns.map((column, index): SourceColumn => {
    const state = states[index];
    const conflict = conflicts.get(index);
    const infinite = state?.infinite ?? null;
    return {
      name: names.names[index] ?? "",
      type: column.type,
      missing: state?.missing ?? 0,
      notNumber: infinite === null ? null : { place: { row: infinite }, text: "Infinity" },
      conflict: conflict ? { place: { row: conflict.row }, copy: names.names[conflict.copy] ?? "" } : null,
    };
  });
  return new ArrowSource(disk, batches, hasher.digest(), rows, columns, options.memoryBytes);
}

/** Goes through the record batches of a file, with the columns' cells ready to read. */
class ArrowBatches {
  names: ReturnType<typeof nameColumns> = nameColumns([]);
  columns: readonly ArrowColumn[] = [];
  readonly #disk: HostFile;
  readonly #missingTexts: ReadonlySet<string>;
  readonly #missingNumbers: ReadonlySet<number>;

  constructor(disk: HostFile, missing: readonly string[]) {
    this.#disk = disk;
    this.#missingTexts = new Set(missing);
    this.#missingNumbers = new Set(
      missing.map(parseNumber).filter((value) => this.#missingTexts.has(numberText(value))),
    );
  }

  async each(options: ReadOptions, onBatch: (cells: readonly Cells[], rows: number) => void): Promise<void> {
    const { CompressionType, compressionRegistry, RecordBatchReader, Type } = await import("apache-arrow");
    compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (frame) => lz4Decompress(frame) });
    const { file, head } = this.#disk;
    if (String.fromCharCode(...head.subarray(0, 4)) === "FEA1") {
      throw new AssayError(
        "not-supported",
        `${file}: Feather version 1 is not read; write it as Feather version 2 (Arrow IPC) or Parquet`,
      );
    }
    const isFile = String.fromCharCode(...head.subarray(0, 6)) === "ARROW1";
    try {
      const reader = await (isFile
        ? RecordBatchReader.from(handleOf(this.#disk))
        : RecordBatchReader.from(copies(this.#disk.raw())));
      await reader.open();
      const { fields } = reader.schema;
      this.names = nameColumns(fields.map((field) => field.name));
      this.columns = fields.map((field) => arrowColumn(field.type as arrow.DataType, Type));
      for await (const batch of reader) {
        if (options.signal?.aborted) throw cancelled();
        const cells = this.columns.map((column, index) => this.#cells(column, batch, index));
        onBatch(cells, batch.numRows);
      }
    } catch (error) {
      throw arrowFault(file, error);
    }
  }

  #cells(column: ArrowColumn, batch: arrow.RecordBatch, index: number): Cells {
    const vector = batch.getChildAt(index);
    if (vector === null) return () => null;
    const cell = column.cells(vector as arrow.Vector);
    return (row) => {
      const value = cell(row);
      if (typeof value === "number") return this.#missingNumbers.has(value) ? null : value;
      return value === null || this.#missingTexts.has(String(value)) ? null : value;
    };
  }
}

class ArrowSource implements Source {
  readonly file: string;
  readonly digest: Digest;
  readonly format = "arrow";
  readonly encoding = "utf-8";
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
  readonly warnings: readonly LocalizedText[];
  readonly #batches: ArrowBatches;
  readonly #memoryBytes: number;

  constructor(
    disk: HostFile,
    batches: ArrowBatches,
    digest: Digest,
    rows: number,
    columns: readonly SourceColumn[],
    memoryBytes: number,
  ) {
    this.file = disk.file;
    this.#batches = batches;
    this.digest = digest;
    this.rows = rows;
    this.columns = columns;
    this.warnings = batches.names.warnings;
    this.#memoryBytes = memoryBytes;
  }

  async read(needs: readonly ColumnNeed[], options: ReadOptions): Promise<readonly RawColumn[]> {
    const targets = needs.map((need) => ({
      need,
      values: new ValueCodes<Cell>(this.file, this.columns[need.index]?.name ?? "", this.#memoryBytes),
      codes: need.texts ? new CodeColumn(this.rows) : null,
      numbers: need.numbers ? sharedNumbers(this.rows) : null,
      missing: need.missing ? new Uint8Array(this.rows) : null,
    }));
    let base = 0;
    await this.#batches.each(options, (cells, rows) => {
      if (base + rows > this.rows) throw this.#changed();
      for (const { need, values, codes, numbers, missing } of targets) {
        const cell = cells[need.index];
        if (cell === undefined) throw this.#changed();
        const batch = codes === null ? null : new Uint32Array(rows);
        for (let row = 0; row < rows; row++) {
          const value = cell(row);
          if (batch) batch[row] = value === null ? 0 : values.code(value);
          if (numbers) numbers[base + row] = value === null ? Number.NaN : cellNumber(value);
          if (missing) missing[base + row] = value === null ? 1 : 0;
        }
        if (batch) codes?.put(batch, rows, base, values.size);
      }
      base += rows;
      options.onProgress?.(base / this.rows);
    });
    if (base !== this.rows) throw this.#changed();
    return targets.map(({ values, codes, numbers, missing }) => ({
      coded: codes === null ? null : { levels: values.values().map(cellText), codes: codes.codes },
      numbers,
      missing,
    }));
  }

  async profile(options: ReadOptions): Promise<readonly ColumnProfile[]> {
    const states = this.columns.map(() => ({
      counts: new Map<Cell, number>() as Map<Cell, number> | null,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    }));
    let base = 0;
    await this.#batches.each(options, (cells, rows) => {
      for (const [index, state] of states.entries()) {
        const type = this.columns[index]?.type;
        const numeric = type === "integer" || type === "number";
        for (let row = 0; row < rows; row++) {
          const value = cells[index]?.(row) ?? null;
          if (value === null) continue;
          if (numeric) {
            const number = cellNumber(value);
            if (number < state.min) state.min = number;
            if (number > state.max) state.max = number;
          }
          state.counts?.set(value, (state.counts.get(value) ?? 0) + 1);
          if (state.counts !== null && state.counts.size > profileLimit) state.counts = null;
        }
      }
      base += rows;
      options.onProgress?.(base / this.rows);
    });
    return this.columns.map((column, index) => {
      const state = states[index];
      const counts = state?.counts ?? null;
      const counted = counts && { texts: [...counts.keys()].map(cellText), counts: [...counts.values()] };
      return profileColumn(column, counted, state ? { min: state.min, max: state.max } : null);
    });
  }

  place(row: number): Place {
    return { row: row + 1 };
  }

  async close(): Promise<void> {}

  #changed(): Error {
    return dataError(this.file, null, "the file changed while it was read; run again when nothing writes to it");
  }
}

/** The library keeps what it is handed, and the disk's buffer is used again. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice();
}

/** What the library takes for a file that it may read at any place: of Node's handles it uses these. */
function handleOf(disk: HostFile): FileHandle {
  const handle = {
    fd: 0,
    stat: async () => ({ size: disk.sizeBytes }),
    read: async (into: Uint8Array, offset: number, length: number, position: number) => {
      const part = await disk.part(position, Math.min(disk.sizeBytes, position + length));
      into.set(part, offset);
      return { bytesRead: part.length, buffer: into };
    },
    close: async () => undefined,
  };
  return handle as unknown as FileHandle;
}

function cancelled(): AssayError {
  return new AssayError("cancelled", "reading the data was cancelled");
}

function arrowFault(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "AssayError") return error;
  if (/compress|codec/i.test(error.message)) {
    return new AssayError(
      "not-supported",
      `${file}: Arrow compressed with ZSTD is not read; write it with LZ4 or without compression (compression="uncompressed"), or as Parquet`,
      { cause: error },
    );
  }
  return dataError(
    file,
    null,
    `the file is not whole Arrow IPC (${error.message.split("\n")[0]}); copy or write it again`,
    error,
  );
}
