import { AssayError } from "@assay/schema";
import { dataError, shown } from "../../data-error.ts";
import { lf, RecordCutter } from "./record.ts";

/** Delimiters that are found by themselves, in order of preference. */
export const delimiters = [",", ";", "\t", "|"] as const;
/** Delimiters that are only suggested. */
const rareDelimiters = ["^", "~", "\u0001", "\u001f", ":", "#"] as const;

const names: Readonly<Record<string, string>> = {
  "\t": "a tab",
  "\u0001": "the control character U+0001",
  "\u001f": "the control character U+001F",
};

export function delimiterName(delimiter: string): string {
  return names[delimiter] ?? `"${delimiter}"`;
}

const sampledRecords = 200;

/** The delimiter a plan gives, as a byte. */
export function delimiterByte(delimiter: string): number {
  const code = delimiter.charCodeAt(0);
  if (delimiter.length === 1 && code < 0x80 && code !== 0x22 && code !== 0x0a && code !== 0x0d) return code;
  throw new AssayError(
    "plan-invalid",
    `data.delimiter: ${shown(delimiter)} cannot separate fields; give one ASCII character other than a quote or a line break`,
    { problems: [{ at: "data.delimiter", message: `${shown(delimiter)} cannot separate fields` }] },
  );
}

/**
 * Finds the delimiter from the file's first records: the one with which most records have as many fields as the first,
 * or as the header that the plan gives (`columns`). A file in which no candidate cuts the first record has one column.
 */
export function findDelimiter(sample: Uint8Array, whole: boolean, columns: number | null): string {
  let best: { delimiter: string; share: number; fields: number } | null = null;
  for (const delimiter of delimiters) {
    const counts = fieldCounts(sample, whole, delimiter);
    const fields = columns ?? counts[0] ?? 0;
    if (fields < 2 || counts.length === 0) continue;
    const share = counts.filter((count) => count === fields).length / counts.length;
    if (share === 0) continue;
    if (best === null || share > best.share || (share === best.share && fields > best.fields)) {
      best = { delimiter, share, fields };
    }
  }
  return best?.delimiter ?? ",";
}

/**
 * Refuses a file that came out as one column although its first line, and every other one sampled, holds another
 * delimiter equally often.
 */
export function checkOneColumn(file: string, sample: Uint8Array, whole: boolean, delimiter: string): void {
  if ((fieldCounts(sample, whole, delimiter)[0] ?? 0) !== 1) return;
  for (const other of [...delimiters, ...rareDelimiters]) {
    if (other === delimiter) continue;
    const counts = fieldCounts(sample, whole, other);
    const fields = counts[0] ?? 0;
    const common = delimiters.some((one) => one === other);
    if (fields > 1 && counts.length > 1 && (common || counts.every((count) => count === fields))) {
      throw dataError(
        file,
        { line: 1 },
        `with ${delimiterName(delimiter)} as delimiter there is only one column, but ${delimiterName(other)} would make ${fields}; set data.delimiter to ${JSON.stringify(other)}`,
      );
    }
  }
}

function fieldCounts(sample: Uint8Array, whole: boolean, delimiter: string): number[] {
  const bytes = new Uint8Array(sample.length + 2);
  bytes.set(sample);
  // One line feed ends the last record of a whole file, the other stops the loops.
  bytes[sample.length] = lf;
  bytes[sample.length + 1] = lf;
  const limit = whole && sample[sample.length - 1] !== lf ? sample.length + 1 : sample.length;
  const cutter = new RecordCutter(delimiter.charCodeAt(0));
  const none = new Int32Array(0);
  const counts: number[] = [];
  for (let at = 0; at < limit && counts.length < sampledRecords; ) {
    at = cutter.cut(bytes, at, limit, none, none, 0, 0);
    if (at < 0) break;
    if (!cutter.blank) counts.push(cutter.fields);
  }
  return counts;
}
