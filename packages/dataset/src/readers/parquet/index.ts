import type { Reader } from "../reader.ts";

/** Apache Parquet, through DuckDB. */
export const parquet: Reader = {
  format: "parquet",
  endings: [".parquet", ".pq"],
  mark: "PAR1",
  delimited: false,
  gzip: false,
  open: async (disk, options) => (await import("./parquet-source.ts")).openParquet(disk, options),
};
