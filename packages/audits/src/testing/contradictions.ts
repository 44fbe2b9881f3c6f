import type { Measure } from "@assay/schema";
import { otherHypotheses } from "../held-measure.ts";

/** What the tests of some measures do not reject though their intervals rule it out; empty where nothing contradicts itself. */
export function contradictions(measures: readonly Measure[]): string[] {
  return measures.flatMap((measure): string[] => {
    const { metric, value, low, high = Number.POSITIVE_INFINITY, p, confidence } = measure;
    if (value === null || low === undefined || p === undefined || confidence === undefined) return [];
    if (p <= 1 - confidence) return [];
    const nothing = metric.endsWith("-ratio") ? 1 : 0;
    const other = otherHypotheses[metric];
    const reaches =
      other === undefined
        ? low <= nothing && nothing <= high
        : other.side === "none" || (other.side === "above" ? low <= nothing : high >= nothing);
    return reaches ? [] : [JSON.stringify(measure)];
  });
}
