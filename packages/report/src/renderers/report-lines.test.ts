import { checkPlan, type Report } from "@assay/schema";
import { expect, test } from "vitest";
import { compasReport } from "../fixtures/compas-report.ts";
import { ledeOf } from "./report-lines.ts";

const report = compasReport();

function ledes(data: Report["plan"]["data"], rows: number, rowsRead: number): [string, string] {
  const plan = { ...checkPlan({ version: 1, project: "p", data: { file: "x" }, columns: {} }), data };
  const one = { ...report, plan, data: { ...report.data, rows, rowsRead } };
  return [ledeOf(one, "en"), ledeOf(one, "zh-CN")];
}
const source = report.plan.data;
const file = { ...source, file: "x.csv" };
const { file: _file, ...bare } = source;
const counts = { ...bare, counts: "in/x.csv" };

test.each([
  [file, 1, 1, "1 row of x.csv.", "x.csv 的 1 行。"],
  [file, 7214, 7214, "7,214 rows of x.csv.", "x.csv 的 7,214 行。"],
  [{ ...file, where: "a > 1" }, 12, 7214, "12 of 7,214 rows of x.csv.", "x.csv 的 7,214 行中的 12 行。"],
  [counts, 6150, 8, "6,150 people counted in 8 lines of x.csv.", "x.csv 以 8 行计数，共 6,150 人。"],
  [counts, 1, 1, "1 person counted in 1 line of x.csv.", "x.csv 以 1 行计数，共 1 人。"],
  [
    { ...counts, where: "a > 1" },
    120,
    8,
    "120 people that the filter keeps, counted in x.csv, which has 8 lines.",
    "x.csv 以 8 行计数，筛选后共 120 人。",
  ],
])("tells what was audited: %#", (data, rows, rowsRead, english, chinese) => {
  expect(ledes(data, rows, rowsRead)).toEqual([english, chinese]);
});
