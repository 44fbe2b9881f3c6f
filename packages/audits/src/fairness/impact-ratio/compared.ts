import type { LocalizedText, Measure } from "@assay/schema";
import { groupLabel, type RateKind } from "./kinds.ts";

interface Row {
  readonly measure: Measure;
  readonly index: number;
}

/** A known category's ratio with its rate. */
export interface Compared {
  readonly label: LocalizedText;
  readonly ratio: Row;
  readonly rate: Row;
}

/** The known categories of one grouping, and whether only unknown ones were counted. */
export function comparedOf(
  measures: readonly Measure[],
  kind: RateKind,
  by: readonly string[],
): { readonly categories: readonly Compared[]; readonly unknownOnly: boolean } {
  const rows = measures.map((measure, index): Row => ({ measure, index }));
  const isOf = ({ measure }: Row, metric: string): boolean =>
    measure.metric === metric &&
    measure.group !== undefined &&
    Object.keys(measure.group).length === by.length &&
    by.every((name) => measure.group?.[name] !== undefined);
  const isKnown = ({ measure }: Row): boolean => by.every((name) => typeof measure.group?.[name] === "string");
  const rates = rows.filter((row) => isOf(row, kind.rate));
  const categories = rows.flatMap((ratio) => {
    if (!isOf(ratio, kind.ratio) || !isKnown(ratio)) return [];
    const rate = rates.find((row) => by.every((name) => row.measure.group?.[name] === ratio.measure.group?.[name]));
    return rate ? [{ label: groupLabel(ratio.measure.group ?? {}), ratio, rate }] : [];
  });
  return { categories, unknownOnly: rates.length > 0 && categories.length === 0 };
}
