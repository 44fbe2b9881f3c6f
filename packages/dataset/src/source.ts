import type { Digest, LocalizedText } from "@assay/schema";
import type { ColumnType } from "./column-type.ts";
import type { Place } from "./data-error.ts";
import type { Format } from "./dataset.ts";
import type { Preview } from "./preview.ts";
import type { Codes, ColumnProfile } from "./table.ts";

/** A column as a reader found it. */
export interface SourceColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows whose value is missing. */
  readonly missing: number;
  /** The first value that is no number, where the column has one. */
  readonly notNumber: { readonly place: Place; readonly text: string } | null;
  /** Where another column of the same name first differs from this one. */
  readonly conflict: { readonly place: Place; readonly copy: string } | null;
}

/** Which forms of a column are wanted, for every row of the file. */
export interface ColumnNeed {
  readonly index: number;
  readonly texts: boolean;
  readonly numbers: boolean;
  readonly missing: boolean;
}

/** A column of n rows in the forms that were asked for. */
export interface RawColumn {
  /** Code 0 is missing, code i + 1 is `levels[i]`; levels in any order, without repeats. */
  readonly coded: { readonly levels: readonly string[]; readonly codes: Codes } | null;
  /** NaN where missing or not a number. */
  readonly numbers: Float64Array | null;
  /** 1 where missing. */
  readonly missing: Uint8Array | null;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * An opened file under a `Dataset`: what differs between formats and hosts. Everything above it (filter, requests,
 * report section) is the same code everywhere.
 */
export interface Source {
  /** Name for messages: the file's base name. */
  readonly file: string;
  readonly digest: Digest;
  readonly format: Format;
  readonly encoding: string;
  readonly rows: number;
  readonly columns: readonly SourceColumn[];
  readonly warnings: readonly LocalizedText[];
  /**
   * Of a source that opens a file without reading it: from then on `columns` tell all of themselves. `wanted` are those that will
   * be read, so that their values are worth keeping.
   */
  settle?(wanted: ReadonlySet<number>, options: ReadOptions): Promise<void>;
  /** One column per need, in their order. */
  read(needs: readonly ColumnNeed[], options: ReadOptions): Promise<readonly RawColumn[]>;
  profile(options: ReadOptions): Promise<readonly ColumnProfile[]>;
  /** Where some rows can be read without the others; the profile of all rows else. */
  preview?(options: ReadOptions): Promise<Preview>;
  /** Where row `row` (from 0) stands in the file. */
  place(row: number): Place;
  close(): Promise<void>;
}

/** Distinct values up to which a profile counts; past it `distinct` is null and `top` empty, with every reader. */
export const profileLimit = 1 << 20;

/** Most frequent texts in a profile. */
export const profileTop = 20;
