import type { Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { eligibleGroups, spanOf, type TestedMeasure } from "../../../groups/disparity.ts";
import { type Estimated, requiredMetric } from "../../../groups/group-measures.ts";
import { heldMeasure } from "../../../held-measure.ts";
import type { PartMeasure } from "../part.ts";
import type { Input } from "../settings.ts";
import { hypothesisOf } from "./hypotheses.ts";

interface OneClass {
  readonly name: string;
  readonly measures: readonly TestedMeasure[];
  readonly groups: readonly Estimated[];
}

/**
 * Demographic parity: the greatest difference of selection rates over classes. Equalized odds: the greatest difference of true
 * and of false positive rates over classes. Each part's interval is taken at 1 − (1 − confidence) / parts, so that all hold at
 * once (Bonferroni), and so is p: rates of one table hang together, which makes both conservative.
 */
export function greatestOverClasses(
  classes: readonly OneClass[],
  by: readonly string[],
  context: AuditContext<Input>,
): PartMeasure[] {
  const odds = classes.some(({ measures }) =>
    measures.some(({ metric }) => metric === "true-positive-rate-difference"),
  );
  return [
    ...greatest("demographic-parity", ["selection-rate"], classes, by, context),
    ...(odds ? greatest("equalized-odds", ["true-positive-rate", "false-positive-rate"], classes, by, context) : []),
  ];
}

function greatest(
  name: string,
  rates: readonly string[],
  classes: readonly OneClass[],
  by: readonly string[],
  { input }: AuditContext<Input>,
): PartMeasure[] {
  const { confidence, min_count: minCount } = input;
  const hypotheses = new Set<string>();
  const parts = classes.flatMap(({ measures, groups }, index) =>
    rates.map((rate) => {
      hypotheses.add(hypothesisOf(`${rate}-difference`, index, classes.length));
      const p = measures.find(({ metric }) => metric === `${rate}-difference`)?.p;
      return { rate, groups, p };
    }),
  );
  const level = 1 - (1 - confidence) / Math.max(1, hypotheses.size);
  const spans = parts.map(({ rate, groups }) =>
    spanOf(requiredMetric(rate), eligibleGroups(groups, rate, minCount), by, confidence, minCount, level),
  );
  const join = (suffix: "difference" | "ratio", choose: (...values: number[]) => number): Measure => {
    const metric = `${name}-${suffix}`;
    const known = spans.map((span) => span[suffix]).filter(({ value }) => value !== null);
    // A class that no group is ever predicted, or that is no row's label, has no gap: the others stand.
    if (known.length === 0) {
      return {
        metric,
        value: null,
        by: [...by],
        reason: spans[0]?.[suffix].reason ?? "no class has the rate in two groups",
      };
    }
    return {
      metric,
      value: choose(...known.map(({ value }) => value ?? 0)),
      by: [...by],
      low: choose(...known.map(({ low, value }) => low ?? value ?? 0)),
      high: choose(...known.map(({ high, value }) => high ?? value ?? 0)),
      confidence,
      n: Math.max(...known.map(({ n }) => n ?? 0)),
      method: "tukey-mover-bonferroni",
    };
  };
  const ps = parts.flatMap(({ p }) => (p === undefined ? [] : [p]));
  const difference = join("difference", Math.max);
  const ratio = join("ratio", Math.min);
  if (ps.length === 0 || difference.value === null) return [difference, ratio];
  const p = Math.min(1, hypotheses.size * Math.min(...ps));
  return [{ ...heldMeasure(difference, p, 0), p, over: [...hypotheses] }, heldMeasure(ratio, p, 1)];
}
