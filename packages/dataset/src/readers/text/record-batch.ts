import type { LocalizedText } from "@assay/schema";

/**
 * Records of a text file: the fields of `rows` rows × `columns` columns as ranges of `bytes` (UTF-8).
 * A start of -1 is no value at all (JSON null or an absent key). Valid only during the call that hands it over.
 */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** Column c of row r is field r × stride + c. */
  readonly stride: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the format itself says that the value is a text, whatever it looks like; null where it says nothing. */
  readonly texts: Uint8Array | null;
  /** Line of the file on which each row begins, from 1. */
  readonly lines: Float64Array;
}

/** Cuts a stream of UTF-8 bytes into records. */
export interface RecordScanner {
  /** Known once the first record has been read; grows only in formats that name columns row by row. */
  readonly columns: readonly string[];
  /** Complete after `finish`. */
  readonly warnings: readonly LocalizedText[];
  push(chunk: Uint8Array): void;
  finish(): void;
}

/** The longest record that is read; a longer one is a broken file, or an unclosed quote. */
export const maxRecordBytes = 16 * 1024 * 1024;

/** Fields in one batch, at most, unless one row has more. */
export const batchFields = 1 << 15;
