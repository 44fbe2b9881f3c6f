import type { Report } from "@assay/schema";
import type { FindingCounts } from "./run.ts";

/** Findings of a report by verdict. */
export function countFindings(report: Pick<Report, "audits">): FindingCounts {
  const counts = { fail: 0, indeterminate: 0, info: 0, pass: 0 };
  for (const audit of report.audits) for (const finding of audit.findings) counts[finding.verdict]++;
  return counts;
}
