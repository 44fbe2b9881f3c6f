import type { Measure } from "@assay/schema";
import { benjaminiHochberg, holm } from "../../statistics/index.ts";
import type { PartMeasure } from "./part.ts";

/**
 * Holm's adjustment over every distinct hypothesis of the audit: groupings × metrics × classes, where metrics that say the same
 * (a rate and its complement) count once. Benjamini–Hochberg's is told beside it, by the measure's place. A measure over several
 * hypotheses is significant as soon as one of them is: it has the least of their adjusted p values.
 */
export function adjust(measures: readonly PartMeasure[]): {
  readonly adjusted: Measure[];
  readonly falseDiscovery: ReadonlyMap<number, number>;
} {
  const keysOf = (measure: PartMeasure): string[] =>
    (measure.over ?? (measure.hypothesis === undefined ? [] : [measure.hypothesis])).map((hypothesis) =>
      JSON.stringify([measure.by, hypothesis]),
    );
  const family = new Map<string, number>();
  for (const measure of measures) {
    if (measure.over !== undefined || measure.p === undefined) continue;
    for (const key of keysOf(measure)) family.set(key, measure.p);
  }
  const keys = [...family.keys()];
  const ps = [...family.values()];
  const byKey = (values: readonly number[]): Map<string, number> =>
    new Map(values.map((p, index) => [keys[index] ?? "", p]));
  const strict = byKey(holm(ps));
  const lenient = byKey(benjaminiHochberg(ps));
  const falseDiscovery = new Map<number, number>();
  const adjusted = measures.map((measure, index): Measure => {
    const own = keysOf(measure).filter((key) => family.has(key));
    const { hypothesis: _, over: __, ...plain } = measure;
    if (own.length === 0) return plain;
    const least = (values: ReadonlyMap<string, number>): number => Math.min(...own.map((key) => values.get(key) ?? 1));
    falseDiscovery.set(index, least(lenient));
    return { ...plain, p_adjusted: least(strict) };
  });
  return { adjusted, falseDiscovery };
}
