import { locales, type Policy } from "@assay/schema";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { compasReport } from "./fixtures/compas-report.ts";
import { hiringLaw, hiringReport } from "./fixtures/hiring-report.ts";
import { clauseEvidence, evidenceText, lawFacts, lawWords } from "./laws.ts";
import { html } from "./renderers/html.ts";
import { md } from "./renderers/md.ts";
import { verifyReport } from "./verify-report.ts";

const report = hiringReport();

test("counts the known numbers that speak to a clause, and tells an audit that was not run from one without numbers", () => {
  const [first, second] = hiringLaw.clauses ?? [];
  if (!first || !second) throw new Error("no clauses");
  expect(clauseEvidence(report, first)).toEqual([
    // Male, Female, and the crossed one; excluded and unknown ones have no ratio.
    { audit: "fairness.impact-ratio", state: "shown", numbers: 3 },
    { audit: "fairness.subgroups", state: "not-run", numbers: 0 },
    { audit: "fairness.impact-ratio", state: "none", numbers: 0 },
  ]);
  expect(clauseEvidence(report, second)).toEqual([]);
  const failed = { audits: report.audits.map((audit) => ({ ...audit, status: "failed" as const })) };
  expect(clauseEvidence(failed, first)[0]).toMatchObject({ state: "failed" });
  expect(evidenceText({ audit: "fairness.subgroups", state: "not-run", numbers: 0 }, "en")).toBe(
    "fairness.subgroups: not run",
  );
});

test("page and comment show each provision, what speaks to it and what is open, in words that claim no compliance", () => {
  for (const locale of locales) {
    const w = lawWords[locale];
    const { document } = parseHTML(html.render(report, { locale }));
    const rows = [...document.querySelectorAll("table.laws tbody tr")].map((row) =>
      [...row.querySelectorAll("th,td")].map((cell) => cell.textContent),
    );
    expect(rows).toHaveLength(2);
    expect(rows[1]?.[2]).toBe(w.noNumber);
    expect(rows[1]?.[3]).toBe(locale === "en" ? "The notice." : "通知。");
    const section = document.querySelector("[aria-labelledby=laws]")?.textContent ?? "";
    expect(section).toContain(lawFacts(hiringLaw, locale));
    expect(section).toContain("2027-01-01");
    expect(section).toContain(hiringLaw.checkedAgainst?.[locale]);
    const comment = md.render(report, { locale });
    expect(comment).toContain(`## ${w.title}`);
    expect(comment).toContain("&lt;b&gt;");
    for (const text of [section, comment]) expect(text).not.toMatch(/compliant|合规/i);
  }
});

test("a report without laws has no such part", () => {
  for (const locale of locales) {
    expect(html.render(compasReport(), { locale })).not.toContain('id="laws"');
    expect(md.render(compasReport(), { locale })).not.toContain(lawWords[locale].title);
  }
});

test("what was known of a law is under the report's digest", () => {
  expect(verifyReport(JSON.parse(JSON.stringify(report)))).toMatchObject({ ok: true });
  const later: Policy = { ...hiringLaw, status: "in-force" };
  expect(
    verifyReport(JSON.parse(JSON.stringify({ ...report, gate: { ...report.gate, policies: [later] } }))),
  ).toMatchObject({
    ok: false,
    differs: ["gate"],
  });
});
