import { csvScanners } from "../csv/csv-scanners.ts";
import type { Reader } from "../reader.ts";
import { openText } from "../text/text-source.ts";

/** Delimited text by tabs. The delimiter is found like any other: a name is only a name. */
export const tsv: Reader = {
  format: "tsv",
  endings: [".tab", ".tsv"],
  mark: null,
  delimited: true,
  gzip: true,
  open: (file, options) => openText(file, "tsv", csvScanners, { ...options, hasher: () => file.hasher() }),
};
