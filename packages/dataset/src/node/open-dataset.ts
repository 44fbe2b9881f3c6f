import { basename } from "node:path";
import { AssayError } from "@assay/schema";
import type { Dataset, OpenOptions } from "../dataset.ts";
import type { Source } from "../source.ts";
import { TabularDataset } from "../tabular.ts";
import { parseWhere } from "../where/parser.ts";
import { DiskFile } from "./disk-file.ts";
import { readerOf } from "./reader-of.ts";

const defaultMemoryBytes = 1024 * 1024 * 1024;

/**
 * Opens a data file on disk: learns its columns, counts its rows, finds its faults and digests its bytes.
 * @throws AssayError data-invalid, data-too-large, not-supported, not-found, plan-invalid (the filter, the delimiter),
 * cancelled
 */
export async function openDataset(path: string, options: OpenOptions): Promise<Dataset> {
  const file = options.name ?? basename(path);
  // A filter that cannot be read at all is refused before the file is.
  if (options.source.where !== undefined) parseWhere(options.source.where);
  const disk = await DiskFile.open(path, file);
  const source = await openSource(disk, options);
  try {
    return new TabularDataset(source, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function openSource(disk: DiskFile, options: OpenOptions): Promise<Source> {
  const reader = readerOf(disk.file, disk.head);
  if (!reader.delimited) refuseDialect(disk.file, options);
  const { source, signal, onProgress } = options;
  return reader.open(disk, { source, signal, onProgress, memoryBytes: options.memoryBytes ?? defaultMemoryBytes });
}

/** A setting that the format has no use for is a misunderstanding worth telling. */
function refuseDialect(file: string, { source }: OpenOptions): void {
  for (const setting of ["delimiter", "header"] as const) {
    if (source[setting] === undefined) continue;
    const message = `${file} is not delimited text, so that this setting means nothing; leave it out`;
    throw new AssayError("plan-invalid", `data.${setting}: ${message}`, {
      problems: [{ at: `data.${setting}`, message }],
    });
  }
}
