import type { Reader } from "../reader.ts";
import { openText } from "../text/text-source.ts";
import { csvScanners } from "./csv-scanners.ts";

/** Delimited text. */
export const csv: Reader = {
  format: "csv",
  endings: [".csv"],
  mark: null,
  delimited: true,
  gzip: true,
  open: (file, options) => openText(file, "csv", csvScanners, { ...options, hasher: () => file.hasher() }),
};
