import {
  decimalsFor,
  displayText,
  formatInterval,
  formatNumber,
  formatP,
  metricName,
  unitWord,
} from "@assay/report/text";
import {
  type ComparedMeasure,
  type ComparedQuantity,
  type Locale,
  type ShownVerdict,
  shownVerdict,
} from "@assay/schema";
import { metricFormat } from "./metric-format.ts";

export const verdictChoices = [
  "all",
  "regressed",
  "improved",
  "changed",
  "no-evidence",
  "unchanged",
  "unknown",
] as const;
export type VerdictChoice = (typeof verdictChoices)[number];

/** What concerns somebody comes first. */
const rank: Record<ShownVerdict, number> = {
  regressed: 0,
  improved: 1,
  changed: 2,
  "no-evidence": 3,
  unchanged: 4,
  unknown: 5,
};

/** Quantities in the order of the table: by verdict, then as the reports have them. */
export function rankNumbers(quantities: readonly ComparedQuantity[]): ComparedQuantity[] {
  return [...quantities].sort((x, y) => rank[shownVerdict(x.measure)] - rank[shownVerdict(y.measure)]);
}

export function countVerdicts(quantities: readonly ComparedQuantity[]): Record<ShownVerdict, number> {
  const counts = { regressed: 0, improved: 0, changed: 0, "no-evidence": 0, unchanged: 0, unknown: 0 };
  for (const { measure } of quantities) counts[shownVerdict(measure)]++;
  return counts;
}

/** What else says the number of a row: other metrics by their names, the same metric by its audit. */
export function alsoNames(
  { measure, also }: ComparedQuantity,
  locale: Locale,
  auditNames: Readonly<Record<string, string>>,
): string[] {
  const names = also.map(({ metric, audit }) =>
    metric === measure.metric && audit !== undefined ? (auditNames[audit] ?? audit) : metricName(metric)[locale],
  );
  return [...new Set(names)];
}

/** Whom a number is about, as the filter has it: a set of columns by their names, or everyone: "". */
export function groupingOf({ group, by }: ComparedMeasure): string {
  return (by ?? Object.keys(group ?? {})).toSorted().join(" × ");
}

/** The sets of columns that numbers are about, everyone first. */
export function groupingsOf(quantities: readonly ComparedQuantity[]): string[] {
  return [...new Set(quantities.map(({ measure }) => groupingOf(measure)))].sort(
    (x, y) => sizeOf(x) - sizeOf(y) || (x < y ? -1 : 1),
  );
}

function sizeOf(grouping: string): number {
  return grouping === "" ? 0 : grouping.split(" × ").length;
}

/** `of` null: whoever they are about. */
export function filterNumbers(
  quantities: readonly ComparedQuantity[],
  { show, of }: { readonly show: VerdictChoice; readonly of: string | null },
): ComparedQuantity[] {
  return quantities.filter(
    ({ measure }) => (show === "all" || shownVerdict(measure) === show) && (of === null || groupingOf(measure) === of),
  );
}

export interface PlaceWords {
  readonly unknown: string;
  readonly everyone: string;
  readonly between: (columns: string) => string;
  readonly threshold: (value: string) => string;
}

/** The group, class, feature or threshold that a number speaks of. */
export function placeText(measure: ComparedMeasure, locale: Locale, words: PlaceWords): string {
  const { group, by, class: ofClass, feature, column, split, stratum, threshold, version } = measure;
  const values = (record: Record<string, string | null> | undefined) =>
    Object.entries(record ?? {}).map(([name, value]) => `${name} ${value ?? words.unknown}`);
  const parts = [
    ...(by === undefined ? values(group) : [words.between(by.join(" × "))]),
    ...values(stratum),
    ...[ofClass, feature, column, split, version].filter((one) => one !== undefined),
    ...(threshold === undefined ? [] : [words.threshold(formatNumber(threshold, "number", locale))]),
  ];
  return parts.length === 0 ? words.everyone : parts.map(displayText).join(locale === "en" ? ", " : "、");
}

/** A confidence as the sentences of reports set it: `90 %`, `99.8 %`. */
export function levelText(confidence: number, locale: Locale): string {
  const decimals = Number.isInteger(Number((confidence * 100).toPrecision(10))) ? 0 : 1;
  return formatNumber(confidence, "percent", locale, { decimals, unit: true });
}

export interface NumberCells {
  readonly metric: string;
  readonly a: string;
  readonly b: string;
  readonly difference: string;
  /** What the difference is counted in, where that is no plain number. */
  readonly unit: string;
  readonly interval: string;
  readonly p: string;
}

/** One number as the table prints it: shares in percent, their differences in points, the sign always said. */
export function numberCells(measure: ComparedMeasure, locale: Locale): NumberCells {
  const { a, b, difference, low, high } = measure;
  const name = metricName(measure.metric)[locale];
  const isShare = metricFormat(measure.metric) === "percent";
  const decimals = isShare
    ? Math.max(1, decimalsFor("points", [{ value: difference, low, high }]))
    : decimalsFor("number", [{ value: difference, low, high }, a, b]);
  const side = (value: number | null) =>
    formatNumber(value, isShare ? "percent" : "number", locale, { decimals, unit: isShare });
  const change = isShare ? "points" : "number";
  const text = formatNumber(difference, change, locale, { decimals });
  return {
    metric: name.charAt(0).toUpperCase() + name.slice(1),
    a: side(a.value),
    b: side(b.value),
    difference: difference !== null && difference > 0 && /[1-9]/.test(text) ? `+${text}` : text,
    unit: difference === null ? "" : isShare ? unitWord("points", locale) : (measure.unit ?? ""),
    interval: formatInterval(low, high, change, locale, { decimals, words: true }),
    p: measure.p_adjusted === undefined ? "" : formatP(measure.p_adjusted),
  };
}
