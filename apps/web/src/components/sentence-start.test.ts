import { expect, test } from "vitest";
import { sentenceStart } from "./sentence-start.ts";

test("a sentence begins with a capital, and a name as it is written", () => {
  expect(sentenceStart("this report cannot be written")).toBe("This report cannot be written");
  expect(sentenceStart("the plan names no label: it cannot be told")).toBe(
    "The plan names no label: it cannot be told",
  );
  for (const text of ["loans.csv: no such file", "rowId: a row", "columns.label: no column", "方案没有指明标签", ""]) {
    expect(sentenceStart(text)).toBe(text);
  }
});
