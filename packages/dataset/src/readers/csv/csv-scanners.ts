import type { ScannerMaker } from "../text/text-source.ts";
import { CsvScanner } from "./csv-scanner.ts";
import { checkOneColumn, delimiterByte, findDelimiter } from "./dialect.ts";

/** Settles the delimiter from the plan or the file's first records, once for every way through the file. */
export const csvScanners: ScannerMaker = ({ file, sample, whole, source }) => {
  const header = source.header ?? null;
  if (source.delimiter !== undefined) delimiterByte(source.delimiter);
  const delimiter = source.delimiter ?? findDelimiter(sample, whole, header?.length ?? null);
  if (header === null) checkOneColumn(file, sample, whole, delimiter);
  return (onBatch) => new CsvScanner({ file, delimiter: delimiterByte(delimiter), header, onBatch });
};
