import { expect, test } from "vitest";
import { nameColumns } from "./column-names.ts";

test("the first of equal names keeps it, later ones are numbered around names already there", () => {
  const { names, copyOf, warnings } = nameColumns(["a", "a", "b", "a_1", "a", "b"]);
  expect(names).toEqual(["a", "a_2", "b", "a_1", "a_3", "b_1"]);
  expect(copyOf).toEqual([null, 0, null, null, 0, 2]);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]?.en).toContain('"a" stands 3 times');
  expect(warnings[0]?.["zh-CN"]).toContain('"a" 出现了 3 次');
});

test("a column without a name is called after its place", () => {
  const { names, warnings } = nameColumns(["", "x", "", "column_1"]);
  expect(names).toEqual(["column_1_1", "x", "column_3", "column_1"]);
  expect(warnings[0]?.en).toContain("2 columns have no name");
});

test("plain headers give no warning", () => {
  expect(nameColumns(["a", "b"]).warnings).toEqual([]);
});
