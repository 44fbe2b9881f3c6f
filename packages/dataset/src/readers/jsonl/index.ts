import { sha256Hasher } from "../../node/disk-file.ts";
import type { Reader } from "../reader.ts";
import { openText } from "../text/text-source.ts";
import { JsonlScanner } from "./jsonl-scanner.ts";

/** JSON lines: one object per line. */
export const jsonl: Reader = {
  format: "jsonl",
  endings: [".jsonl", ".ndjson"],
  mark: null,
  delimited: false,
  gzip: true,
  open: (disk, options) =>
    openText(
      disk,
      "jsonl",
      ({ file }) =>
        (onBatch) =>
          new JsonlScanner({ file, onBatch }),
      {
        ...options,
        hasher: sha256Hasher,
      },
    ),
};
