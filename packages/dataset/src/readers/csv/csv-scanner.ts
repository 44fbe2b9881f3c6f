import type { LocalizedText } from "@assay/schema";
import { dataError, shown } from "../../data-error.ts";
import { blankLineWarning } from "../text/blank-lines.ts";
import { batchFields, maxRecordBytes, type RecordBatch, type RecordScanner } from "../text/record-batch.ts";
import { delimiterName } from "./dialect.ts";
import { lf, RecordCutter } from "./record.ts";

export interface CsvOptions {
  readonly file: string;
  /** A byte. */
  readonly delimiter: number;
  /** Names of the columns where the file has no header line. */
  readonly header: readonly string[] | null;
  readonly onBatch: (batch: RecordBatch) => void;
}

const decoder = new TextDecoder();

/**
 * Cuts delimited UTF-8 text into records. Every record must have as many fields as the first; a line with nothing on
 * it is no record, except in a file of one column, where it is a missing value.
 */
export class CsvScanner implements RecordScanner {
  readonly #file: string;
  readonly #delimiter: number;
  readonly #givenHeader: boolean;
  readonly #onBatch: (batch: RecordBatch) => void;
  readonly #cutter: RecordCutter;
  #columns: readonly string[] = [];
  #names: readonly string[] | null;
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #line = 1;
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #lines = new Float64Array(0);
  #rowsPerBatch = 0;
  #blankLines = 0;
  #firstBlank = 0;
  #innerBlankLines = 0;

  constructor(options: CsvOptions) {
    this.#file = options.file;
    this.#delimiter = options.delimiter;
    this.#names = options.header;
    this.#givenHeader = options.header !== null;
    this.#onBatch = options.onBatch;
    this.#cutter = new RecordCutter(options.delimiter);
  }

  /** Texts of the header, as they stand: empty and repeated ones too. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  get warnings(): readonly LocalizedText[] {
    return blankLineWarning(this.#innerBlankLines, this.#firstBlank);
  }

  push(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length + 2;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
    this.#cut();
    if (this.#length > maxRecordBytes) throw this.#tooLong();
  }

  finish(): void {
    if (this.#length > 0) {
      this.#bytes[this.#length++] = lf;
      this.#cut();
    }
    if (this.#cutter.openQuote >= 0 && this.#length > 0) {
      throw this.#error(
        this.#lineOf(this.#cutter.openQuote),
        'a quote (") opens a field here and is never closed; close it, or double it ("") where it belongs to the text',
      );
    }
    if (this.#columns.length === 0) {
      throw dataError(this.#file, null, "the file is empty; give a file with a header line and at least one row");
    }
  }

  #cut(): void {
    const bytes = this.#bytes;
    const limit = this.#length;
    bytes[limit] = lf;
    let at = 0;
    let rows = 0;
    this.#cutter.openQuote = -1;
    while (at < limit) {
      const columns = this.#columns.length;
      if (columns === 0) {
        const next = this.#first(bytes, at, limit);
        if (next < 0) break;
        at = next;
        continue;
      }
      const next = this.#cutter.cut(bytes, at, limit, this.#starts, this.#ends, rows * columns, columns);
      if (next < 0) break;
      if (next - at > maxRecordBytes) throw this.#tooLong();
      if (this.#cutter.blank && columns > 1) {
        this.#blankLines++;
        if (this.#blankLines === 1) this.#firstBlank = this.#line;
      } else {
        this.#checkRecord(bytes);
        // Blank lines at the end of a file are nobody's rows; between rows they are worth a word.
        this.#innerBlankLines = this.#blankLines;
        this.#lines[rows++] = this.#line;
      }
      this.#line += 1 + this.#cutter.innerLines;
      at = next;
      if (rows === this.#rowsPerBatch) {
        this.#emit(rows);
        rows = 0;
      }
    }
    if (rows > 0) this.#emit(rows);
    bytes.copyWithin(0, at, limit);
    this.#length = limit - at;
    if (this.#cutter.openQuote >= 0) this.#cutter.openQuote -= at;
  }

  /** The first record: the header, or the first row, which says how many columns there are. */
  #first(bytes: Uint8Array, at: number, limit: number): number {
    const none = new Int32Array(0);
    const probe = this.#cutter.cut(bytes, at, limit, none, none, 0, 0);
    if (probe < 0) return -1;
    if (this.#cutter.blank && this.#names?.length !== 1) {
      this.#line++;
      return probe;
    }
    const fields = this.#cutter.fields;
    this.#checkStray(bytes);
    if (this.#names !== null) {
      if (this.#names.length !== fields) {
        throw this.#error(
          this.#line,
          `${fields} fields, but data.header names ${this.#names.length} columns (delimiter ${delimiterName(String.fromCharCode(this.#delimiter))}); name every column, or correct the line`,
        );
      }
      this.#open(this.#names);
      // On a copy: the record is cut again as a row, and doubled quotes must be undone only once.
      const copy = bytes.slice(at, probe + 1);
      copy[probe - at] = lf;
      this.#cutter.cut(copy, 0, probe - at, this.#starts, this.#ends, 0, fields);
      if (this.#names.every((name, index) => name === this.#text(copy, index))) {
        throw this.#error(
          this.#line,
          "this line holds the very names of data.header: the file has a header line; leave data.header out",
        );
      }
      return at;
    }
    const starts = new Int32Array(fields);
    const ends = new Int32Array(fields);
    const next = this.#cutter.cut(bytes, at, limit, starts, ends, 0, fields);
    this.#line += 1 + this.#cutter.innerLines;
    this.#open(Array.from(starts, (start, index) => decoder.decode(bytes.subarray(start, ends[index]))));
    return next;
  }

  #text(bytes: Uint8Array, field: number): string {
    return decoder.decode(bytes.subarray(this.#starts[field], this.#ends[field]));
  }

  #open(columns: readonly string[]): void {
    this.#columns = columns;
    this.#rowsPerBatch = Math.max(1, Math.floor(batchFields / columns.length));
    this.#starts = new Int32Array(this.#rowsPerBatch * columns.length);
    this.#ends = new Int32Array(this.#rowsPerBatch * columns.length);
    this.#lines = new Float64Array(this.#rowsPerBatch);
  }

  #emit(rows: number): void {
    this.#onBatch({
      bytes: this.#bytes,
      rows,
      columns: this.#columns.length,
      stride: this.#columns.length,
      starts: this.#starts,
      ends: this.#ends,
      texts: null,
      lines: this.#lines,
    });
  }

  #checkRecord(bytes: Uint8Array): void {
    this.#checkStray(bytes);
    const found = this.#cutter.fields;
    const expected = this.#columns.length;
    if (found === expected) return;
    const than = this.#givenHeader ? "data.header names" : "the header has";
    const cure =
      found > expected
        ? `put quotes around a field that holds ${delimiterName(String.fromCharCode(this.#delimiter))}, or correct the line`
        : "the line is cut short, or the delimiter is another: complete it, or set data.delimiter";
    throw this.#error(this.#line, `${found} ${found === 1 ? "field" : "fields"}, but ${than} ${expected}; ${cure}`);
  }

  #checkStray(bytes: Uint8Array): void {
    const stray = this.#cutter.strayText;
    if (stray < 0) return;
    const end = Math.min(this.#length, stray + 20);
    const found = decoder.decode(bytes.subarray(stray, end)).split(/[\r\n]/)[0] ?? "";
    throw this.#error(
      this.#line,
      `text after a closing quote: ${shown(found)}; double the quotes inside a quoted field ("")`,
    );
  }

  #tooLong(): Error {
    const megabytes = maxRecordBytes / (1024 * 1024);
    return this.#cutter.openQuote >= 0
      ? this.#error(
          this.#lineOf(this.#cutter.openQuote),
          `a quote (") opens a field here and is not closed within ${megabytes} MB, the most one row may have; close it, or double it ("") where it belongs to the text`,
        )
      : this.#error(
          this.#line,
          `this line is longer than ${megabytes} MB, the most one row may have; check that the file has line breaks`,
        );
  }

  #lineOf(offset: number): number {
    let line = this.#line;
    for (let at = 0; at < offset; at++) if (this.#bytes[at] === lf) line++;
    return line;
  }

  #error(line: number, message: string): Error {
    return dataError(this.#file, { line }, message);
  }
}
