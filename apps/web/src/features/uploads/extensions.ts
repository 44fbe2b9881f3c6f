/** Data files that are read; also behind `.gz`. */
export const dataExtensions = [".csv", ".tsv", ".parquet", ".jsonl", ".arrow", ".gz"] as const;
