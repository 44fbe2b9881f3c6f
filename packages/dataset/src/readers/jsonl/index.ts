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
  open: (host, options) =>
    openText(
      host,
      "jsonl",
      ({ file }) =>
        (onBatch) =>
          new JsonlScanner({ file, onBatch }),
      {
        ...options,
        hasher: () => host.hasher(),
      },
    ),
};
