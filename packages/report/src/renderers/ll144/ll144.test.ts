import { locales } from "@assay/schema";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { compasReport } from "../../fixtures/compas-report.ts";
import { hiringReport } from "../../fixtures/hiring-report.ts";
import { lastDayOfUse } from "./categories.ts";
import { ll144 } from "./index.ts";
import { summaryWordings } from "./words.ts";

const given = {
  tool: "Screener 3",
  audit_date: "2026-02-28",
  auditor: "Audit LLP",
  data_source: "three employers",
  data_explanation: "historical data of 2025",
  data_dates: "2025",
  distribution_date: "2026-03-01",
  exclusion_reason: "five people",
};

function documentOf(text: string) {
  return parseHTML(text).document;
}

/** Rows of the nth table as texts. */
function rowsOf(text: string, table: number): string[][] {
  const found = documentOf(text).querySelectorAll("table")[table];
  return [...(found?.querySelectorAll("tr") ?? [])].map((row) =>
    [...row.querySelectorAll("th,td")].map((cell) => cell.textContent ?? ""),
  );
}

test("shows counts, rates and ratios of every category, the unknown one last, the small one left out by name", () => {
  expect(rowsOf(ll144.render(hiringReport(given), { locale: "en" }), 0)).toEqual([
    [
      "Category",
      "Applicants or candidates",
      "Selected",
      "Selection rate, %",
      "Impact ratio",
      "Its interval (95\u202f%)",
    ],
    ["Male", "200", "100", "50.0", "1.00", ""],
    ["Female", "180", "63", "35.0", "0.70", "0.55 – 0.88"],
    ["X", "5", "4", "80.0", "excluded", ""],
    ["unknown", "20", "9", "45.0", "–", ""],
  ]);
});

test("counts people of known and of unknown categories, for each table of its own", () => {
  const text = documentOf(ll144.render(hiringReport(given), { locale: "en" })).querySelector("dl")?.textContent ?? "";
  expect(text).toContain("People in an unknown category");
  expect(text).toMatch(/sex: 385.*sex × race: 200/s);
  expect(text).toMatch(/sex: 20.*sex × race: 200/s);
});

test("shows what the report withholds as not known, and no sum that would give it away", () => {
  const report = hiringReport(given);
  const audits = report.audits.map((audit) => ({
    ...audit,
    measures: audit.measures.map(({ n, value, ...measure }) =>
      measure.group?.sex === "X" ? { ...measure, value: null, reason: "withheld" } : { ...measure, n, value },
    ),
  }));
  const text = ll144.render({ ...report, audits } as typeof report, { locale: "en" });
  expect(rowsOf(text, 0)[3]).toEqual(["X", "–", "–", "–", "–", ""]);
  expect(documentOf(text).querySelector("dl")?.textContent).toMatch(/sex: –/);
});

test("says that a run of one's own is no independent audit, on every page and before all else", () => {
  for (const locale of locales) {
    for (const settings of [{}, given]) {
      const document = documentOf(ll144.render(hiringReport(settings), { locale }));
      expect(document.querySelector("header .self")?.textContent).toBe(summaryWordings[locale].notAudit);
      expect(document.body.textContent).not.toMatch(/compliant|complies|合规/i);
    }
  }
});

test("marks what nobody said, lists it, and lists nothing where all is said", () => {
  for (const locale of locales) {
    const w = summaryWordings[locale];
    const bare = documentOf(ll144.render(hiringReport(), { locale }));
    // Tool, audit date, last day, auditor, distribution date, source, explanation, dates of the data; the reason below.
    expect(bare.querySelectorAll(".missing").length).toBe(9);
    expect(bare.querySelectorAll("#open ~ ul li").length).toBe(7);
    const full = ll144.render(hiringReport(given), { locale });
    expect(documentOf(full).querySelectorAll(".missing").length).toBe(0);
    expect(full).not.toContain(w.open);
    for (const text of Object.values(given)) expect(full).toContain(text);
    expect(full).toContain("2027-02-28");
  }
});

test("a year after an audit is told of a day, leap or not, and of nothing else", () => {
  expect(lastDayOfUse("2026-11-24")).toBe("2027-11-24");
  expect(lastDayOfUse("2028-02-29")).toBe("2029-02-28");
  expect(lastDayOfUse("2000-02-29")).toBe("2001-02-28");
  for (const text of ["", "2027-02-29", "1900-02-29", "2026-13-01", "2026-04-31", "2026-00-10", "24 November 2026"]) {
    expect(lastDayOfUse(text)).toBeNull();
  }
});

test("a report without the audit is refused with the reason, and told as unfit", () => {
  expect(() => ll144.render(compasReport(), { locale: "en" })).toThrow(/ll144: the summary .* fairness\.impact-ratio/);
  expect(ll144.unfit(compasReport())?.["zh-CN"]).toContain("fairness.impact-ratio");
  expect(ll144.unfit(hiringReport())).toBeNull();
});

test("texts of the plan and the data stay texts, and the page fetches and runs nothing", () => {
  const evil = "<script>alert(1)</script>\u202e";
  const text = ll144.render(hiringReport({ ...given, auditor: evil, tool: evil }, [evil, "b"]), { locale: "en" });
  expect(text).not.toContain("<script");
  expect(text).not.toContain("\u202e");
  const document = documentOf(text);
  expect(document.querySelectorAll("script, link, img, iframe, form").length).toBe(0);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const node of document.querySelectorAll("[aria-labelledby]")) {
    expect(ids).toContain(node.getAttribute("aria-labelledby"));
  }
});
