import { AssayError } from "@assay/schema";
import type { Dataset, OpenOptions } from "./dataset.ts";
import { readerOf } from "./reader-of.ts";
import type { HostFile } from "./readers/host-file.ts";
import type { ReaderOptions } from "./readers/reader.ts";
import type { Source } from "./source.ts";
import { TabularDataset } from "./tabular.ts";

/** Opens a file that a host has found, with the host's own reader of Parquet. */
export async function openHostFile(
  disk: HostFile,
  options: OpenOptions,
  host: { readonly openParquet: ReaderOptions["openParquet"]; readonly memoryBytes: number },
): Promise<Dataset> {
  const source = await openSource(disk, options, host);
  try {
    return new TabularDataset(source, options);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function openSource(
  disk: HostFile,
  options: OpenOptions,
  { openParquet, memoryBytes }: { readonly openParquet: ReaderOptions["openParquet"]; readonly memoryBytes: number },
): Promise<Source> {
  const reader = readerOf(disk.file, disk.head);
  if (!reader.delimited) refuseDialect(disk.file, options);
  const { source, signal, onProgress } = options;
  return reader.open(disk, {
    source,
    signal,
    onProgress,
    memoryBytes: options.memoryBytes ?? memoryBytes,
    openParquet,
  });
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
