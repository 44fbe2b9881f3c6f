import { expect, test } from "vitest";
import { csvText } from "./csv-text.ts";

test.each([
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ["two\nlines", '"two\nlines"'],
  [" blanks ", '" blanks "'],
  ["=1+1", "'=1+1"],
  ["-2", "'-2"],
  ["＝1", "'＝1"],
  ["@sum(a,b)", '"\'@sum(a,b)"'],
  ["\tx", "'\tx"],
  ["", ""],
])("%j is written so that no spreadsheet runs it or splits it", (text, field) => {
  expect(csvText(text)).toBe(field);
});
