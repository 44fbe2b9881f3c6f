import type { Measure } from "./report.ts";

/** What a number speaks of, as one text: its metric and all that stands beside it, whatever the order of keys. */
export function measureKey(measure: Measure): string {
  const { metric, group, by, class: ofClass, feature, column, split, stratum, threshold, version } = measure;
  const sorted = (record: Record<string, string | null> | undefined) =>
    record && Object.entries(record).sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify([
    metric,
    sorted(group),
    by && [...by].sort(),
    ofClass,
    feature,
    column,
    split,
    sorted(stratum),
    threshold,
    version,
  ]);
}
