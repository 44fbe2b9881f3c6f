import type { Table } from "@assay/schema";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { headText, renderTable, tableLayout } from "./render-table.ts";

const both = (text: string) => ({ en: text, "zh-CN": text });
const table: Table = {
  id: "t",
  title: both("Rates"),
  caption: both("Caption"),
  columns: [
    { title: both("group"), format: "text" },
    { title: both("People"), format: "count" },
    { title: both("Rate"), format: "percent" },
    { title: both("p"), format: "p" },
  ],
  rows: [
    { few: false, cells: ["a <b>", 1795, { value: 0.4485, low: 0.4256, high: 0.4716 }, 0.0002] },
    { few: true, cells: [both("unknown"), 8, { value: 0.375, low: 0.137, high: 0.694 }, null] },
    { few: false, cells: ["c", 0, null, 0.25] },
  ],
};

function cells(locale: "en" | "zh-CN"): string[][] {
  const { document } = parseHTML(renderTable(table, { locale }));
  return [...document.querySelectorAll("tr")].map((row) =>
    [...row.querySelectorAll("th,td")].map((cell) => cell.textContent ?? ""),
  );
}

test("numbers share their column's digits, the interval stands beside, the unit once in the head", () => {
  expect(cells("en")).toEqual([
    ["group", "People", "Rate, %", "p"],
    ["a <b>", "1,795", "44.9", "42.6 – 47.2", "< 0.001"],
    ["unknown", "8", "37.5", "13.7 – 69.4", "–"],
    ["c", "0", "–", "", "0.250"],
  ]);
  expect(cells("zh-CN")[0]).toEqual(["group", "People", "Rate（%）", "p"]);
});

test("screen readers get a caption, column and row heads; text of the data stays text", () => {
  const html = renderTable(table, { locale: "en", heading: true });
  const { document } = parseHTML(html);
  expect(document.querySelector("caption")?.textContent).toBe("Rates");
  expect([...document.querySelectorAll("thead th")].every((head) => head.getAttribute("scope") === "col")).toBe(true);
  expect([...document.querySelectorAll("tbody th")].map((head) => head.getAttribute("scope"))).toEqual([
    "row",
    "row",
    "row",
  ]);
  expect(document.querySelector("b")).toBeNull();
  expect(document.querySelectorAll("tr.few").length).toBe(1);
});

test("a head of its own unit does not repeat it", () => {
  const [, , rate] = tableLayout(table, "en");
  expect(rate && headText({ ...rate, title: "Share in %" }, "en")).toBe("Share in %");
});
