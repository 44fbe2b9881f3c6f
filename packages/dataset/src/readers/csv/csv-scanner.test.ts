import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecordBatch } from "../text/record-batch.ts";
import { CsvScanner } from "./csv-scanner.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Cuts a text that arrives in pieces of `size` bytes. */
function scan(text: string, options: { size?: number; delimiter?: string; header?: string[] } = {}) {
  const rows: string[][] = [];
  const lines: number[] = [];
  const onBatch = ({ bytes, rows: count, columns, stride, starts, ends, lines: at }: RecordBatch): void => {
    for (let row = 0; row < count; row++) {
      lines.push(at[row] ?? 0);
      rows.push(
        Array.from({ length: columns }, (_, column) =>
          decoder.decode(bytes.slice(starts[row * stride + column], ends[row * stride + column])),
        ),
      );
    }
  };
  const delimiter = (options.delimiter ?? ",").charCodeAt(0);
  const scanner = new CsvScanner({ file: "data.csv", delimiter, header: options.header ?? null, onBatch });
  const bytes = encoder.encode(text);
  const size = options.size ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.slice(at, at + size));
  scanner.finish();
  return { columns: scanner.columns, rows, lines, warnings: scanner.warnings };
}

test("blanks around unquoted fields are dropped, quoted ones keep theirs", () => {
  expect(scan('a , b,c\n 1 ,"  x ", " y" \n').rows).toEqual([["1", "  x ", " y"]]);
  expect(scan("a\tb\n\t 1 \n", { delimiter: "\t" }).rows).toEqual([["", "1"]]);
});

test("LF, CRLF and CR end a line; a last line needs no end", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    expect(scan(["a,b", "1,2", "3,4"].join(end)).rows).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  }
});

test("line numbers count lines inside quotes", () => {
  const { lines, rows } = scan('a,b\n"x\ny",1\n2,3\n');
  expect(rows).toEqual([
    ["x\ny", "1"],
    ["2", "3"],
  ]);
  expect(lines).toEqual([2, 4]);
});

test("a quote inside an unquoted field is a character", () => {
  expect(scan('a,b\n5" pipe,1\n').rows).toEqual([['5" pipe', "1"]]);
});

test("blank lines are no rows, and told unless they end the file", () => {
  expect(scan("a,b\n1,2\n\n").warnings).toEqual([]);
  const { rows, warnings, lines } = scan("a,b\n1,2\n\n  \n3,4\n\n");
  expect(rows).toHaveLength(2);
  expect(lines).toEqual([2, 5]);
  expect(warnings[0]?.en).toBe("2 blank lines between rows are not counted as rows; the first is line 3.");
});

test("in a file of one column an empty line is a missing value", () => {
  expect(scan("a\n1\n\n2\n").rows).toEqual([["1"], [""], ["2"]]);
});

test("a given header names the columns of a file without one", () => {
  const { columns, rows, lines } = scan('"a""b",2\n3,4\n', { header: ["x", "y"] });
  expect(columns).toEqual(["x", "y"]);
  expect(rows).toEqual([
    ['a"b', "2"],
    ["3", "4"],
  ]);
  expect(lines).toEqual([1, 2]);
});

test.each([
  ["a,b\n1,2\n3\n", "data.csv, line 3: 1 field, but the header has 2; the line is cut short"],
  ["a,b\n1,2,3\n", 'data.csv, line 2: 3 fields, but the header has 2; put quotes around a field that holds ","'],
  ['a,b\n1,"x\n2,3\n', 'data.csv, line 2: a quote (") opens a field here and is never closed'],
  ['a,b\n1,"x"y\n', 'data.csv, line 2: text after a closing quote: "y"; double the quotes'],
  ["", "data.csv: the file is empty"],
  ["\n\n", "data.csv: the file is empty"],
])("%j is refused", (text, message) => {
  expect(() => scan(text)).toThrow(message);
});

test("a header that does not fit the file is refused", () => {
  expect(() => scan("1,2\n", { header: ["x"] })).toThrow("line 1: 2 fields, but data.header names 1 columns");
  expect(() => scan("x,y\n1,2\n", { header: ["x", "y"] })).toThrow("leave data.header out");
});

test("whatever is written by RFC 4180 is read back, in pieces of any size", () => {
  const field = fc.string({
    unit: fc.constantFrom("a", "é", "中", '"', ",", "\n", "\r", " ", "\t", ";"),
    maxLength: 5,
  });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
    );
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 9 }), fc.constantFrom("\n", "\r\n"), (rows, size, end) => {
      const header = (rows[0] ?? []).map((_, index) => `c${index}`);
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const text = [header, ...rows.map((row) => row.map(quoted))].map((row) => row.join(",")).join(end);
      expect(scan(text, { size }).rows).toEqual(rows);
    }),
  );
});
