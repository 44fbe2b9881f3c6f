import type { Report, Verdict } from "@assay/schema";

/** Findings of a report by verdict. */
export function countFindings(report: Pick<Report, "audits">): Record<Verdict, number> {
  const counts = { fail: 0, indeterminate: 0, info: 0, pass: 0 };
  for (const audit of report.audits) for (const finding of audit.findings) counts[finding.verdict]++;
  return counts;
}
