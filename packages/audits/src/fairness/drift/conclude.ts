import type { Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { holm, wilson } from "../../statistics/index.ts";
import { baselineSplit, changeMeasure, gapMethod, rateMethod } from "./change-measure.ts";
import { figuresOf } from "./figures.ts";
import { scoreMeasures, scoreRows } from "./score-measures.ts";
import type { Input } from "./settings.ts";
import { type DriftSummary, undatedRows } from "./summary.ts";
import { tablesOf } from "./tables.ts";
import { type Change, type Watch, type Watched, watch } from "./watched.ts";

export async function conclude(summary: DriftSummary, context: AuditContext<Input>): Promise<Conclusion> {
  const { input } = context;
  const told = watch(summary, context);
  const changes: Change[] = [
    ...told.watched.flatMap((one) => [one.rate, ...(one.gap === null ? [] : [one.gap])]),
    ...(told.scores?.watched ?? []).flatMap((one) => [one.index, one.mean, ...(one.gap === null ? [] : [one.gap])]),
  ];
  const tested = changes.filter((change) => change.ps !== null);
  const adjusted = holm(tested.map((change) => change.ps?.at(-1) ?? 1));
  const adjustedOf = new Map(tested.map((change, index) => [change, adjusted[index] ?? 1]));
  const alpha = 1 - input.confidence;
  const alarms = tested.filter((change) => (adjustedOf.get(change) ?? 1) <= alpha + 1e-12).length;
  const measures: Measure[] = [
    tested.length === 0
      ? { metric: "drift-alarms", value: null, reason: nothingTested(told) }
      : { metric: "drift-alarms", value: alarms, n: tested.length, unit: "tests", confidence: input.confidence },
    { metric: "undated-count", value: undatedRows(summary), unit: "rows" },
    ...(told.scores === null ? [] : scoreRows(summary, told.scores)),
    ...told.watched.flatMap((one) => measuresOf(one, told, adjustedOf, input)),
    ...(told.scores?.watched ?? []).flatMap((one) => scoreMeasures(one, told, adjustedOf, input)),
  ];
  return { measures, figures: figuresOf(told, context), tables: tablesOf(told, adjustedOf, context) };
}

function nothingTested({ periods, baseline }: Watch): string {
  if (periods.length === 0) return "no row has a time that can be read";
  if (baseline === 0) return "no period lies in the baseline";
  return periods.length === baseline ? "no period after the baseline" : "no group can be tested";
}

/** A group's rate in every period, and how it and its gap to the reference have changed. */
function measuresOf(
  one: Watched,
  { periods, baseline }: Watch,
  adjustedOf: ReadonlyMap<Change, number>,
  { confidence }: Input,
): Measure[] {
  const { metric, by, value, counts, before } = one;
  const group = by === null ? {} : { group: { [by]: value } };
  const rate = (split: string, { k, n }: { readonly k: number; readonly n: number }): Measure =>
    n === 0
      ? { metric: metric.name, value: null, ...group, split, n, reason: metric.undefinedReason }
      : {
          metric: metric.name,
          value: k / n,
          ...group,
          split,
          ...wilson(k, n, confidence),
          confidence,
          n,
          method: "wilson",
        };
  const change = (name: string, of: Change, method: string, more: object): Measure =>
    changeMeasure(name, of, { ...group, ...more }, one.after.n, method, adjustedOf, confidence);
  return [
    rate(baselineSplit, before),
    ...counts.slice(baseline).map((own, index) => rate(periods[baseline + index] ?? "", own)),
    change(`${metric.name}-change`, one.rate, rateMethod, {}),
    ...(one.gap === null
      ? []
      : [change(`${metric.name}-gap-change`, one.gap, gapMethod, { reference: one.gap.reference })]),
  ];
}
