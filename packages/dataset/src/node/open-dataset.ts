import { basename } from "node:path";
import type { Dataset, OpenOptions } from "../dataset.ts";
import { openHostFile } from "../open-source.ts";
import { parseWhere } from "../where/parser.ts";
import { DiskFile } from "./disk-file.ts";

const memoryBytes = 1024 * 1024 * 1024;

/**
 * Opens a data file on disk: learns its columns, counts its rows, finds its faults and digests its bytes.
 * @throws AssayError data-invalid, data-too-large, not-supported, not-found, plan-invalid (the filter, the delimiter),
 * cancelled
 */
export async function openDataset(path: string, options: OpenOptions): Promise<Dataset> {
  // A filter that cannot be read at all is refused before the file is.
  if (options.source.where !== undefined) parseWhere(options.source.where);
  const disk = await DiskFile.open(path, options.name ?? basename(path));
  return openHostFile(disk, options, {
    // DuckDB reads the path itself.
    openParquet: async (_, reading) =>
      (await import("../readers/parquet/parquet-source.ts")).openParquet(disk, reading),
    memoryBytes,
  });
}
