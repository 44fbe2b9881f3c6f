import type { Measure, Report } from "@assay/schema";
import type { ScheduleDrift } from "../../shapes/schedule.ts";

const auditId = "fairness.drift";
const gapEnding = "-gap-change";
/** Of the score: its gap is in the score's own units, and is told in the report. */
const scoreGap = "mean-score-gap-change";

/** What `fairness.drift` says in a report, given as its JSON text; null where it was not run. */
export function driftOf(json: string): ScheduleDrift | null {
  // A report without it need not be parsed.
  if (!json.includes(`"${auditId}"`)) return null;
  const { audits } = JSON.parse(json) as Report;
  const result = audits.find(({ id }) => id === auditId);
  if (result?.status !== "completed") return null;
  const summary = result.measures.find(({ metric }) => metric === "drift-alarms");
  const [strongest] = result.measures.flatMap(gapOf).sort((a, b) => a.p - b.p || Math.abs(b.value) - Math.abs(a.value));
  return { alarms: summary?.value ?? null, tests: summary?.n ?? 0, gap: strongest ?? null };
}

function gapOf(measure: Measure): NonNullable<ScheduleDrift["gap"]>[] {
  const { metric, value, low, high, confidence, reference, p_adjusted: p } = measure;
  const [column, group] = Object.entries(measure.group ?? {})[0] ?? [];
  if (!metric.endsWith(gapEnding) || metric === scoreGap || value === null || column === undefined || group == null)
    return [];
  if (low === undefined || high === undefined || confidence === undefined || reference === undefined) return [];
  return p === undefined
    ? []
    : [{ metric: metric.slice(0, -gapEnding.length), column, group, reference, value, low, high, confidence, p }];
}
