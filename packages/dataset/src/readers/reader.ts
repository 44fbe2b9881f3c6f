import type { Format, OpenOptions } from "../dataset.ts";
import type { ReadOptions, Source } from "../source.ts";
import type { HostFile } from "./host-file.ts";

export interface ReaderOptions extends ReadOptions {
  readonly source: OpenOptions["source"];
  /** The most memory the reader may take for itself, in bytes; the columns it hands over come on top. */
  readonly memoryBytes: number;
  /** How the host reads Parquet: DuckDB in Node, a reader in JavaScript in a browser. */
  readonly openParquet: (file: HostFile, options: ReaderOptions) => Promise<Source>;
}

/** A file format that is read. */
export interface Reader {
  readonly format: Format;
  /** Endings of file names, lower case. */
  readonly endings: readonly string[];
  /** What every file of the format begins with, where there is such a mark: `PAR1`. */
  readonly mark: string | null;
  /** Whether `delimiter` and `header` of the plan mean something. */
  readonly delimited: boolean;
  /** Whether a gzip around the file is undone. */
  readonly gzip: boolean;
  /** Opens a file; libraries are loaded only then. */
  open(file: HostFile, options: ReaderOptions): Promise<Source>;
}
