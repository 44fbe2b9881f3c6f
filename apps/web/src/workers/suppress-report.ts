import { suppressSmallCells } from "@assay/audits";
import { sealReport } from "@assay/report/text";
import type { LocalizedText, Report } from "@assay/schema";
import type { SuppressedReport } from "./audit-messages.ts";

/**
 * The report without numbers from which fewer than `below` people could be read, sealed anew; its plan says the bound, so that it can
 * be recomputed. Nothing to withhold: the report as it is.
 * @throws AssayError data-invalid where all rows together are too few
 */
export function suppressReport(report: Report, below: number): SuppressedReport {
  const { plan, data, model, audits, gate, environment } = report;
  const bound = Math.max(below, plan.suppress_below ?? 0);
  const { body, withheld } = suppressSmallCells({ plan, data, model, audits, gate }, bound);
  if (withheld === null) return { report, withheld, groups: [] };
  const groups = new Map<string, LocalizedText>();
  for (const [index, audit] of body.audits.entries()) {
    for (const [place, { group, value, n }] of audit.measures.entries()) {
      const before = audits[index]?.measures[place];
      if (group === undefined || (value === before?.value && n === before?.n)) continue;
      const values = Object.values(group);
      groups.set(JSON.stringify(values), {
        en: values.map((one) => one ?? "unknown").join(" × "),
        "zh-CN": values.map((one) => one ?? "未知").join(" × "),
      });
    }
  }
  return {
    report: sealReport({ ...body, plan: { ...plan, suppress_below: bound } }, environment),
    withheld,
    groups: [...groups.values()],
  };
}
