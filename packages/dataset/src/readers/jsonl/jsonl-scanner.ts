import type { LocalizedText } from "@assay/schema";
import { dataError, shown } from "../../data-error.ts";
import { numberText } from "../../value-codes.ts";
import { blankLineWarning } from "../text/blank-lines.ts";
import { batchFields, maxRecordBytes, type RecordBatch, type RecordScanner } from "../text/record-batch.ts";

const lf = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const mostColumns = 10_000;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Cuts JSON lines into records: one object a line, its keys the columns in the order they are first met. Texts keep
 * their characters; numbers print canonically (`1.0` is `1`), integers of any length digit by digit; null and absent
 * keys are missing; objects and lists within are texts of JSON.
 */
export class JsonlScanner implements RecordScanner {
  readonly #file: string;
  readonly #onBatch: (batch: RecordBatch) => void;
  readonly #columns: string[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #keyBytes: Uint8Array[] = [];
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  /** Where texts that are longer than their source are put: behind the bytes read. */
  #spare = 0;
  #line = 1;
  #stride = 8;
  #rows = 0;
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #texts = new Uint8Array(0);
  #lines = new Float64Array(0);
  #blankLines = 0;
  #firstBlank = 0;
  #innerBlankLines = 0;
  /** For each column the number of the record that had it last. */
  readonly #seen: number[] = [];
  #stamp = 0;
  // The value last read.
  #start = 0;
  #end = 0;
  #isText = false;
  /** Whether the text last closed has escapes in it. */
  #escaped = false;

  constructor(options: { readonly file: string; readonly onBatch: (batch: RecordBatch) => void }) {
    this.#file = options.file;
    this.#onBatch = options.onBatch;
    this.#allocate();
  }

  get columns(): readonly string[] {
    return this.#columns;
  }

  get warnings(): readonly LocalizedText[] {
    return blankLineWarning(this.#innerBlankLines, this.#firstBlank);
  }

  push(chunk: Uint8Array): void {
    this.#reserve(this.#length + chunk.length + 2);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
    this.#cut();
    if (this.#length > maxRecordBytes) throw this.#tooLong();
  }

  finish(): void {
    if (this.#length > 0) {
      this.#reserve(this.#length + 2);
      this.#bytes[this.#length++] = lf;
      this.#cut();
    }
    if (this.#columns.length === 0) {
      throw dataError(this.#file, null, "the file has no object with a key; give one JSON object per line");
    }
  }

  #cut(): void {
    const limit = this.#length;
    this.#spare = limit;
    let at = 0;
    for (;;) {
      const end = this.#bytes.indexOf(lf, at);
      if (end < 0 || end >= limit) break;
      if (end - at > maxRecordBytes) throw this.#tooLong();
      this.#record(at, end);
      this.#line++;
      at = end + 1;
      if (this.#rows === this.#lines.length) this.#emit();
    }
    this.#emit();
    this.#bytes.copyWithin(0, at, limit);
    this.#length = limit - at;
  }

  #record(start: number, end: number): void {
    let at = this.#skip(start);
    if (at >= end) {
      if (this.#blankLines++ === 0) this.#firstBlank = this.#line;
      return;
    }
    if (this.#bytes[at] !== 0x7b) {
      throw this.#error(
        this.#bytes[at] === 0x5b
          ? "a JSON list; JSON lines have one object per line (jq -c '.[]' turns a list into them)"
          : `expected an object { … }, found ${this.#excerpt(at, end)}; JSON lines have one object per line`,
      );
    }
    this.#innerBlankLines = this.#blankLines;
    const row = this.#rows;
    this.#starts.fill(-1, row * this.#stride, (row + 1) * this.#stride);
    this.#texts.fill(0, row * this.#stride, (row + 1) * this.#stride);
    at = this.#skip(at + 1);
    let next = 0;
    this.#stamp++;
    if (this.#bytes[at] === 0x7d) at++;
    else {
      for (;;) {
        const column = this.#key(at, end, next);
        next = column + 1;
        at = this.#skip(this.#end + 1);
        if (this.#bytes[at] !== 0x3a) throw this.#error(`expected : after the key, found ${this.#excerpt(at, end)}`);
        at = this.#value(this.#skip(at + 1), end);
        // A new column may have handed the rows before over, and made this one the first.
        const field = this.#rows * this.#stride + column;
        if (this.#seen[column] === this.#stamp) {
          throw this.#error(`the key ${shown(this.#columns[column] ?? "")} stands twice in the object; keep one`);
        }
        this.#seen[column] = this.#stamp;
        this.#starts[field] = this.#start;
        this.#ends[field] = this.#end;
        this.#texts[field] = this.#isText ? 1 : 0;
        at = this.#skip(at);
        const byte = this.#bytes[at];
        at++;
        if (byte === 0x7d) break;
        if (byte !== 0x2c) throw this.#error(`expected , or } after a value, found ${this.#excerpt(at - 1, end)}`);
        at = this.#skip(at);
      }
    }
    at = this.#skip(at);
    if (at < end) throw this.#error(`text after the object: ${this.#excerpt(at, end)}; put one object on a line`);
    this.#lines[this.#rows++] = this.#line;
  }

  /** Reads the key at `at`; its closing quote is then at `#end`. Tries column `expected` first. */
  #key(at: number, end: number, expected: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== quote) throw this.#error(`expected a key in double quotes, found ${this.#excerpt(at, end)}`);
    const known = this.#keyBytes[expected];
    if (known !== undefined && bytes[at + 1 + known.length] === quote) {
      let index = 0;
      while (index < known.length && known[index] === bytes[at + 1 + index]) index++;
      if (index === known.length) {
        this.#end = at + 1 + known.length;
        return expected;
      }
    }
    const close = this.#closingQuote(at, end);
    const key = this.#parse<string>(at, close + 1);
    this.#end = close;
    const column = this.#indexes.get(key);
    return column ?? this.#addColumn(key, bytes.slice(at + 1, close));
  }

  #addColumn(key: string, source: Uint8Array): number {
    if (this.#columns.length === mostColumns) {
      throw this.#error(
        `more than ${mostColumns} different keys so far; keys name columns, put values on the right of the colon`,
      );
    }
    if (this.#columns.length === this.#stride) this.#widen();
    const column = this.#columns.length;
    this.#columns.push(key);
    this.#indexes.set(key, column);
    this.#keyBytes.push(source);
    return column;
  }

  /** Doubles the columns a row has room for; rows before this one are handed over first. */
  #widen(): void {
    const { length } = this.#columns;
    const from = this.#rows * length;
    const starts = this.#starts.slice(from, from + length);
    const ends = this.#ends.slice(from, from + length);
    const texts = this.#texts.slice(from, from + length);
    this.#emit();
    this.#stride *= 2;
    this.#allocate();
    this.#starts.fill(-1, 0, this.#stride);
    this.#starts.set(starts);
    this.#ends.set(ends);
    this.#texts.set(texts);
  }

  /** Reads the value at `at` into #start, #end and #isText; returns where it ends. */
  #value(at: number, end: number): number {
    const bytes = this.#bytes;
    const first = bytes[at] ?? lf;
    this.#isText = false;
    if (first === quote) {
      const close = this.#closingQuote(at, end);
      this.#start = at + 1;
      this.#end = close;
      this.#isText = true;
      // An escape is never shorter than the character it stands for, so that the text fits where it stood.
      if (this.#escaped) this.#put(this.#parse<string>(at, close + 1), at + 1);
      return close + 1;
    }
    if (first === 0x7b || first === 0x5b) {
      const close = this.#closingBracket(at, end);
      this.#put(JSON.stringify(this.#parse<unknown>(at, close)), null);
      this.#isText = true;
      return close;
    }
    let to = at;
    let integer = true;
    for (; to < end; to++) {
      const byte = bytes[to] ?? 0;
      if (byte === 0x2c || byte === 0x7d || byte <= 0x20) break;
      if ((byte < 0x30 || byte > 0x39) && !(byte === 0x2d && to === at)) integer = false;
    }
    this.#start = at;
    this.#end = to;
    const digits = first === 0x2d ? at + 1 : at;
    if (integer && to > digits && (bytes[digits] !== 0x30 || to === digits + 1)) {
      if (first === 0x2d && bytes[digits] === 0x30) this.#start = digits;
      return to;
    }
    const text = decoder.decode(bytes.subarray(at, to));
    if (text === "null") this.#start = -1;
    else if (text !== "true" && text !== "false") {
      const value = numberPattern.test(text) ? Number(text) : Number.NaN;
      if (!Number.isFinite(value)) {
        throw this.#error(
          Number.isNaN(value)
            ? `expected a value, found ${this.#excerpt(at, end)}; texts stand in double quotes, missing values are null`
            : `the number ${shown(text)} is too large for a double`,
        );
      }
      const canonical = numberText(value);
      if (canonical !== text) this.#put(canonical, null);
    }
    return to;
  }

  /** Puts a text at `at`, or where there is spare room, and makes it the value read. */
  #put(text: string, at: number | null): void {
    const encoded = encoder.encode(text);
    const start = at ?? this.#spare;
    if (at === null) {
      this.#reserve(this.#spare + encoded.length + 2);
      this.#spare += encoded.length;
    }
    this.#bytes.set(encoded, start);
    this.#start = start;
    this.#end = start + encoded.length;
  }

  #closingQuote(at: number, end: number): number {
    const bytes = this.#bytes;
    this.#escaped = false;
    for (let index = at + 1; index < end; index++) {
      const byte = bytes[index];
      if (byte === quote) return index;
      if (byte === backslash) {
        this.#escaped = true;
        index++;
      }
    }
    throw this.#error(
      `a text is opened and not closed: ${this.#excerpt(at, end)}; close it with a double quote on the same line`,
    );
  }

  #closingBracket(at: number, end: number): number {
    let depth = 0;
    for (let index = at; index < end; index++) {
      const byte = this.#bytes[index];
      if (byte === quote) index = this.#closingQuote(index, end);
      else if (byte === 0x7b || byte === 0x5b) depth++;
      else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) return index + 1;
    }
    throw this.#error(`a bracket is opened and not closed: ${this.#excerpt(at, end)}; close it on the same line`);
  }

  #parse<T>(start: number, end: number): T {
    const text = decoder.decode(this.#bytes.subarray(start, end));
    try {
      const value: T = JSON.parse(text);
      if (typeof value === "string" && /\p{Surrogate}/u.test(value)) throw new Error("half of a surrogate pair");
      return value;
    } catch (cause) {
      throw dataError(this.#file, { line: this.#line }, `not valid JSON: ${shown(text)}; correct the line`, cause);
    }
  }

  #skip(at: number): number {
    const bytes = this.#bytes;
    let next = at;
    for (let byte = bytes[next]; byte === 0x20 || byte === 0x09 || byte === 0x0d; byte = bytes[++next]);
    return next;
  }

  #emit(): void {
    if (this.#rows > 0) {
      this.#onBatch({
        bytes: this.#bytes,
        rows: this.#rows,
        columns: this.#columns.length,
        stride: this.#stride,
        starts: this.#starts,
        ends: this.#ends,
        texts: this.#texts,
        lines: this.#lines,
      });
    }
    this.#rows = 0;
  }

  #allocate(): void {
    const rows = Math.max(1, Math.floor(batchFields / this.#stride));
    this.#starts = new Int32Array(rows * this.#stride);
    this.#ends = new Int32Array(rows * this.#stride);
    this.#texts = new Uint8Array(rows * this.#stride);
    this.#lines = new Float64Array(rows);
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  #excerpt(at: number, end: number): string {
    return at >= end ? "the end of the line" : shown(decoder.decode(this.#bytes.subarray(at, Math.min(end, at + 60))));
  }

  #tooLong(): Error {
    const megabytes = maxRecordBytes / (1024 * 1024);
    return this.#error(
      `this line is longer than ${megabytes} MB, the most one row may have; check that the file has one object per line`,
    );
  }

  #error(message: string): Error {
    return dataError(this.#file, { line: this.#line }, message);
  }
}
