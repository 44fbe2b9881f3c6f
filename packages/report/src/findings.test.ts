import type { AuditResult, Finding, Report } from "@assay/schema";
import { expect, test } from "vitest";
import { countFindings, sortedFindings } from "./findings.ts";
import { compasReport } from "./fixtures/compas-report.ts";

const finding = (id: string, verdict: Finding["verdict"], measures: number[]): Finding => ({
  id,
  verdict,
  severity: "medium",
  text: { en: `**${id}.**`, "zh-CN": `**${id}。**` },
  measures,
});

const audit: AuditResult = {
  id: "fairness.impact-ratio",
  version: 1,
  status: "completed",
  summary: null,
  measures: [
    { metric: "impact-ratio", value: 0.6, low: 0.5, high: 0.7 },
    { metric: "impact-ratio", value: 0.9, low: 0.85, high: 0.95 },
    { metric: "impact-ratio", value: 0.8, low: 0.7, high: 0.9 },
  ],
  findings: [
    finding("breaks", "info", [0]),
    finding("keeps", "info", [1]),
    finding("open", "info", [2]),
    finding("own", "fail", []),
    finding("aside", "info", []),
  ],
  figures: [],
  tables: [],
  artifacts: [],
};
const gate: Report["gate"] = {
  verdict: "fail",
  rules: [
    {
      rule: { metric: "impact-ratio", at_least: 0.8 },
      source: "plan",
      verdict: "fail",
      text: { en: "Rule.", "zh-CN": "规则。" },
      measures: [0, 1, 2].map((index) => ({ audit: audit.id, index })),
    },
  ],
};

test("counts a finding under the verdict of the rule about its numbers, as pages show it", () => {
  expect(countFindings({ audits: [audit], gate })).toEqual({ fail: 2, indeterminate: 1, pass: 1, info: 1 });
  expect(countFindings({ audits: [audit], gate: { verdict: "none", rules: [] } })).toEqual({
    fail: 1,
    indeterminate: 0,
    pass: 0,
    info: 4,
  });
});

test("counts every finding of a report once", () => {
  const report = compasReport();
  const counts = countFindings(report);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(sortedFindings(report).length);
  expect(counts.fail).toBeGreaterThan(0);
});
