import { AssayError, type FeedbackCell, type Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { type Group, groupsOf } from "../../groups/groups.ts";
import { mostPrinted } from "../../groups/limits.ts";
import { heldMeasure } from "../../held-measure.ts";
import { garwood, holm, wilson } from "../../statistics/index.ts";
import { fitTest } from "../representation/fit.ts";
import { figuresOf } from "./figures.ts";
import { hiddenCounts, monthsOf, type Reports, reportsBy, sumReports } from "./reports.ts";
import type { Input } from "./settings.ts";
import type { FeedbackSummary } from "./summary.ts";
import { tablesOf } from "./tables.ts";

/** Rates are told for so many decisions. */
export const perDecisions = 1000;
export const rateUnit = "reports per 1,000 decisions";

const none: Reports = { count: 0, open: 0, upheld: 0, dismissed: 0 };

export async function conclude(summary: FeedbackSummary, context: AuditContext<Input>): Promise<Conclusion> {
  const { roles, input } = context;
  const cells = roles.feedback;
  if (cells === null) throw new AssayError("internal", "feedback: the plan gives none");
  const rows = summary.counts.reduce((sum, count) => sum + count, 0);
  const all = sumReports(cells);
  const measures: Measure[] = [
    { metric: "feedback-count", value: all.count, unit: "reports" },
    { metric: "feedback-open-count", value: all.open, unit: "reports" },
    rateMeasure(all.count, rows, input.confidence),
    upheldMeasure(all, input),
  ];
  const byMonth = reportsBy(cells, ({ month }) => month);
  for (const month of monthsOf(cells)) {
    measures.push({
      metric: "feedback-count",
      value: byMonth.get(month)?.count ?? 0,
      split: month,
      unit: "reports",
    });
  }
  const tested: number[] = [];
  for (const [index, role] of roles.protected.entries()) {
    context.signal.throwIfAborted();
    const own = columnMeasures(cells, role.name, groupsOf(summary, [role.name]), index, context);
    tested.push(measures.length + own.length - 1);
    measures.push(...own);
  }
  const ps = tested.filter((at) => measures[at]?.p !== undefined);
  const adjusted = holm(ps.map((at) => measures[at]?.p ?? 1));
  for (const [index, at] of ps.entries()) {
    const measure = measures[at];
    if (measure) measures[at] = { ...measure, p_adjusted: adjusted[index] ?? 1 };
  }
  return { measures, figures: figuresOf(measures, context), tables: tablesOf(measures, cells, context) };
}

/** Counts, rates and upheld shares of one column's groups; last, the test that all report at one rate. */
function columnMeasures(
  cells: readonly FeedbackCell[],
  name: string,
  groups: readonly Group[],
  index: number,
  { input, plan }: AuditContext<Input>,
): Measure[] {
  const { confidence, min_count: least } = input;
  const reports = reportsBy(cells, ({ group }) => (Object.hasOwn(group, name) ? (group[name] ?? null) : null));
  const hidden = hiddenCounts(new Map([...reports].map(([value, { count }]) => [value, count])), input.min_reports);
  const known = groups.filter((group) => group.known);
  const printed = new Set([...known].sort((a, b) => b.rows - a.rows).slice(0, mostPrinted));
  const fewReports = `fewer than ${input.min_reports} reports, or one that would tell such a number`;
  const measures: Measure[] = [];
  const shown: { k: number; n: number }[] = [];
  for (const one of known) {
    const value = one.values[0] ?? null;
    const group = { [name]: value };
    const own = reports.get(value) ?? none;
    const isHidden = hidden.has(value);
    if (!isHidden && one.rows >= least && one.rows > 0) shown.push({ k: own.count, n: one.rows });
    if (!printed.has(one)) continue;
    measures.push({ metric: "count", value: one.rows, group, n: one.rows });
    if (isHidden) {
      for (const metric of ["feedback-count", "feedback-rate", "feedback-upheld-share"]) {
        measures.push({ metric, value: null, group, reason: fewReports });
      }
      continue;
    }
    measures.push({ metric: "feedback-count", value: own.count, group, unit: "reports" });
    measures.push({ ...rateMeasure(own.count, one.rows, confidence), group });
    measures.push({ ...upheldMeasure(own, input), group });
  }
  // What senders said that the data do not hold, and those who said nothing.
  const inData = new Set(known.map((one) => one.values[0] ?? null));
  const elsewhere = [...reports].filter(([value]) => value !== null && !inData.has(value));
  for (const [value, { count }] of elsewhere
    .sort(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1))
    .slice(0, mostPrinted)) {
    const group = { [name]: value };
    measures.push(
      hidden.has(value)
        ? { metric: "feedback-count", value: null, group, reason: fewReports }
        : { metric: "feedback-count", value: count, group, unit: "reports" },
    );
  }
  const untold = reports.get(null)?.count ?? 0;
  measures.push(
    hidden.has(null)
      ? { metric: "feedback-count", value: null, group: { [name]: null }, reason: fewReports }
      : { metric: "feedback-count", value: untold, group: { [name]: null }, unit: "reports" },
  );
  // Groups too small to tell a rate stand outside the test as well.
  const compared = known.filter((one) => one.rows >= least && one.rows > 0);
  const counts = compared.map((one) => reports.get(one.values[0] ?? null)?.count ?? 0);
  measures.push(
    differenceMeasure(
      name,
      counts,
      compared.map((one) => one.rows),
      shown,
      input,
      { seed: plan.seed, stream: index },
    ),
  );
  return measures;
}

/** Reports per 1,000 decisions, with Garwood's interval of the count. */
export function rateMeasure(k: number, n: number, confidence: number): Measure {
  const metric = "feedback-rate";
  if (!(n > 0)) return { metric, value: null, n, reason: "no decision" };
  const { low, high } = garwood(k, confidence);
  const scale = perDecisions / n;
  return {
    metric,
    value: k * scale,
    low: low * scale,
    high: high * scale,
    confidence,
    n,
    unit: rateUnit,
    method: "garwood",
  };
}

function upheldMeasure({ upheld, dismissed }: Reports, { confidence, min_reports: least }: Input): Measure {
  const metric = "feedback-upheld-share";
  const n = upheld + dismissed;
  if (n === 0) return { metric, value: null, n, reason: "no report has been decided" };
  if (n < least) return { metric, value: null, reason: `fewer than ${least} reports have been decided` };
  return { metric, value: upheld / n, ...wilson(upheld, n, confidence), confidence, n, method: "wilson" };
}

/**
 * The greatest difference of rates among groups that are printed, with bounds from intervals that hold for all of them at once
 * (Bonferroni); and the p of the test that all groups report at one rate: given how many reports came, they then fall to groups
 * as decisions do (multinomial).
 */
function differenceMeasure(
  name: string,
  counts: readonly number[],
  rows: readonly number[],
  shown: readonly { readonly k: number; readonly n: number }[],
  { confidence, replicates }: Input,
  run: { readonly seed: number; readonly stream: number },
): Measure {
  const metric = "feedback-rate-difference";
  const by = [name];
  const reports = counts.reduce((sum, count) => sum + count, 0);
  const decisions = rows.reduce((sum, count) => sum + count, 0);
  if (rows.length < 2) return { metric, value: null, by, reason: "fewer than two groups with enough decisions" };
  if (reports === 0) return { metric, value: null, by, n: 0, reason: "no report of a known group" };
  const test = fitTest(
    counts.map((count) => count / reports),
    rows.map((count) => count / decisions),
    reports,
    { replicates, ...run },
  );
  const tested = test === null ? {} : { p: test.p };
  const method = test === null ? "garwood-bounds" : `garwood-bounds, ${test.method}`;
  if (shown.length < 2) {
    return {
      metric,
      value: null,
      by,
      n: reports,
      ...tested,
      reason: "fewer than two groups with enough reports to be printed",
    };
  }
  const level = 1 - (1 - confidence) / shown.length;
  const rates = shown.map(({ k, n }) => {
    const { low, high } = garwood(k, level);
    return { value: k / n, low: low / n, high: high / n };
  });
  const spread = (key: "high" | "low" | "value", other: "high" | "low" | "value"): number =>
    Math.max(...rates.map((rate) => rate[key])) - Math.min(...rates.map((rate) => rate[other]));
  const measure: Measure = {
    metric,
    value: spread("value", "value") * perDecisions,
    by,
    low: Math.max(0, spread("low", "high")) * perDecisions,
    high: spread("high", "low") * perDecisions,
    confidence,
    n: reports,
    unit: rateUnit,
    method,
  };
  return { ...heldMeasure(measure, test?.p, 0), ...tested };
}
