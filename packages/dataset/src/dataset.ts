import type { DataSource, Digest, LocalizedText, ReportData } from "@assay/schema";
import type { Preview } from "./preview.ts";
import type { CodedTable, ColumnProfile, FileRequest } from "./table.ts";

export const formats = ["csv", "tsv", "parquet", "jsonl", "arrow"] as const;
export type Format = (typeof formats)[number];

export interface OpenOptions {
  /** `where`, `missing`, `delimiter`, `header` of the plan, and whether rows are counts. */
  readonly source: Pick<DataSource, "where" | "missing" | "delimiter" | "header"> & { readonly counts?: boolean };
  /** The file's own name, for messages and its format, where the path is only a storage key. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  /** Largest memory the reader may take, in bytes. */
  readonly memoryBytes?: number;
  /** Fraction of the file read, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** An opened file: its columns are known, its rows are read when asked. Readers in Node and the browser implement it. */
export interface Dataset {
  /** SHA-256 of the file's bytes as they lie on disk. */
  readonly digest: Digest;
  readonly format: Format;
  /** `utf-8`, `utf-16le`, `utf-16be` or `gb18030`. */
  readonly encoding: string;
  /** Rows in the file, before `where`. */
  readonly rowsRead: number;
  readonly columns: readonly { readonly name: string; readonly type: ReportData["columns"][number]["type"] }[];
  readonly warnings: readonly LocalizedText[];
  /** Types, cardinality, missing values and top values of every column, before `where`. */
  profile(): Promise<readonly ColumnProfile[]>;
  /** The same of as many rows as are read at once: of all, or of some from all over a large file. */
  preview(): Promise<Preview>;
  /** Reads the requested columns of the rows that pass `where`, in one pass, with the data section of the report. */
  load(requests: readonly FileRequest[]): Promise<{ readonly table: CodedTable; readonly data: ReportData }>;
  close(): Promise<void>;
}
