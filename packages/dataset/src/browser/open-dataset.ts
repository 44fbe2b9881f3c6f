import type { Dataset, OpenOptions } from "../dataset.ts";
import { openHostFile } from "../open-source.ts";
import { parseWhere } from "../where/parser.ts";
import { BlobFile } from "./blob-file.ts";
import { startHelper } from "./start-helper.ts";

const memoryBytes = 1024 * 1024 * 1024;

export interface OpenBlobOptions extends OpenOptions {
  /** The file's own name, where the blob has none. */
  readonly name?: string;
}

/**
 * Opens a data file that somebody chose in a browser tab: the same columns, the same codes and the same digest as in Node.
 * Nothing leaves the tab.
 * @throws AssayError data-invalid, data-too-large, not-supported, plan-invalid (the filter, the delimiter), cancelled
 */
export async function openDataset(blob: Blob, options: OpenBlobOptions): Promise<Dataset> {
  if (options.source.where !== undefined) parseWhere(options.source.where);
  const name = options.name ?? (blob instanceof File ? blob.name : "data");
  const file = await BlobFile.open(blob, name);
  return openHostFile(file, options, {
    openParquet: async (_, reading) =>
      (await import("../readers/parquet/blob-parquet.ts")).openParquet(file, reading, startHelper),
    memoryBytes,
  });
}
