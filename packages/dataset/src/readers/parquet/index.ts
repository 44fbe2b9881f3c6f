import type { Reader } from "../reader.ts";

/** Apache Parquet. */
export const parquet: Reader = {
  format: "parquet",
  endings: [".parquet", ".pq"],
  mark: "PAR1",
  delimited: false,
  gzip: false,
  open: (file, options) => options.openParquet(file, options),
};
