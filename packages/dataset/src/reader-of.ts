import { AssayError } from "@assay/schema";
import { dataError } from "./data-error.ts";
import { arrow } from "./readers/arrow/index.ts";
import { csv } from "./readers/csv/index.ts";
import { readers } from "./readers/index.ts";
import type { Reader } from "./readers/reader.ts";

const spreadsheets = new Set([".numbers", ".ods", ".xls", ".xlsb", ".xlsm", ".xlsx"]);

/**
 * The reader of a file by its name's ending, held against its first bytes. An unknown ending is delimited text.
 * @throws AssayError not-supported with the way out, data-invalid where name and bytes disagree
 */
export function readerOf(file: string, head: Uint8Array): Reader {
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
  const reader = readers.find((candidate) => candidate.endings.includes(ending)) ?? csv;
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (gzip && !isGzip) {
    throw dataError(
      file,
      null,
      "the name ends in .gz but the bytes are not gzip; drop the ending, or compress the file again",
    );
  }
  if (isGzip && !reader.gzip) {
    throw notSupported(
      file,
      `gzip around ${reader.format} is not read (it compresses by itself); unpack the file first`,
    );
  }
  const found = mark === "ARRO" ? arrow : (readers.find((candidate) => candidate.mark === mark) ?? null);
  if (found !== null && found !== reader) {
    throw dataError(
      file,
      null,
      `the bytes are ${found.format}, whatever the name says; let it end in ${found.endings[0]}`,
    );
  }
  if (reader.mark !== null && found === null) {
    throw dataError(
      file,
      null,
      `the bytes are not ${reader.format} (they do not begin with ${reader.mark}); write the file again, or correct its ending`,
    );
  }
  return reader;
}

function notSupported(file: string, message: string): AssayError {
  return new AssayError("not-supported", `${file}: ${message}`, { problems: [{ at: file, message }] });
}
