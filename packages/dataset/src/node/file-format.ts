import { AssayError } from "@assay/schema";
import { dataError } from "../data-error.ts";
import type { Format } from "../dataset.ts";

const endings: Readonly<Record<string, Format>> = {
  ".arrow": "arrow",
  ".arrows": "arrow",
  ".csv": "csv",
  ".feather": "arrow",
  ".ipc": "arrow",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".tab": "tsv",
  ".tsv": "tsv",
};

const spreadsheets = new Set([".numbers", ".ods", ".xls", ".xlsb", ".xlsm", ".xlsx"]);

/**
 * The format of a file by its name's ending, held against its first bytes. An unknown ending is delimited text.
 * @throws AssayError not-supported with the way out, data-invalid where name and bytes disagree
 */
export function formatOf(file: string, head: Uint8Array): Format {
  const lower = file.toLowerCase();
  const gzip = lower.endsWith(".gz");
  const ending = (gzip ? lower.slice(0, -3) : lower).match(/\.[^.]+$/)?.[0] ?? "";
  const mark = String.fromCharCode(...head.subarray(0, 4));
  if (spreadsheets.has(ending) || mark === "PK\u0003\u0004" || mark === "\u00d0\u00cf\u0011\u00e0") {
    throw spreadsheets.has(ending)
      ? notSupported(
          file,
          "spreadsheets are not read; in Excel choose File → Save As → CSV UTF-8 (in Numbers and LibreOffice: export as CSV, UTF-8) and give that file",
        )
      : notSupported(
          file,
          "this is a ZIP archive or an Excel workbook; unpack it, or export the sheet as CSV UTF-8, and give that file",
        );
  }
  if (ending === ".json") {
    throw notSupported(
      file,
      "a JSON document is not read; write one object per line (jq -c '.[]' data.json > data.jsonl)",
    );
  }
  const format = endings[ending] ?? "csv";
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (gzip && !isGzip) {
    throw dataError(
      file,
      null,
      "the name ends in .gz but the bytes are not gzip; drop the ending, or compress the file again",
    );
  }
  if (isGzip && (format === "parquet" || format === "arrow")) {
    throw notSupported(file, `gzip around ${format} is not read (it compresses by itself); unpack the file first`);
  }
  const found = mark === "PAR1" ? "parquet" : mark === "ARRO" ? "arrow" : null;
  if (found !== null && found !== format) {
    throw dataError(
      file,
      null,
      `the bytes are ${found === "arrow" ? "Arrow" : "Parquet"}; let the name end in .${found}`,
    );
  }
  if (format === "parquet" && found === null) {
    throw dataError(
      file,
      null,
      "the bytes are not Parquet (they do not begin with PAR1); write the file again, or correct its ending",
    );
  }
  return format;
}

function notSupported(file: string, message: string): AssayError {
  return new AssayError("not-supported", `${file}: ${message}`, { problems: [{ at: file, message }] });
}
