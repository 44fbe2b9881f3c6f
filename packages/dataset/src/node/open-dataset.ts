import { basename } from "node:path";
import { AssayError } from "@assay/schema";
import type { Dataset, Format, OpenOptions } from "../dataset.ts";
import { TabularDataset } from "../tabular.ts";
import { openText } from "../text/text-source.ts";
import { DiskFile, sha256Hasher } from "./disk-file.ts";

const defaultMemoryBytes = 1024 * 1024 * 1024;

/**
 * Opens a data file on disk: learns its columns, counts its rows, finds its faults and digests its bytes.
 * @throws AssayError data-invalid, not-supported, not-found, plan-invalid (the filter, the delimiter), cancelled
 */
export async function openDataset(path: string, options: OpenOptions): Promise<Dataset> {
  const file = options.name ?? basename(path);
  const disk = await DiskFile.open(path, file);
  const format = formatOf(file);
  const memoryBytes = options.memoryBytes ?? defaultMemoryBytes;
  const { source, signal, onProgress } = options;
  const opened = await openText(disk, format, { source, signal, onProgress, memoryBytes, hasher: sha256Hasher });
  try {
    return new TabularDataset(opened, options);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function formatOf(file: string): Extract<Format, "csv" | "tsv"> {
  const ending =
    file
      .toLowerCase()
      .replace(/\.gz$/, "")
      .match(/\.[^.]+$/)?.[0] ?? "";
  if (ending === ".tsv" || ending === ".tab") return "tsv";
  if (ending === ".csv" || ending === ".txt" || ending === ".data" || ending === "") return "csv";
  throw new AssayError("not-supported", `${file}: files ending in ${ending} are not read`);
}
