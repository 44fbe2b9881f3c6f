import type { LocalizedText, Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { requiredMetric } from "../../groups/group-measures.ts";
import { columnsText, groupOf, groupText, plainText, type Reading } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import { rangeOfFew } from "./group-figures.ts";
import type { Input } from "./settings.ts";

const mostRows = 200;

/** A metric as a column or a row of a table. */
export interface Told {
  readonly name: string;
  readonly label: LocalizedText;
  readonly class?: string;
}

/** One row per group of some columns, and one of all rows. */
export function groupTable(
  reading: Reading,
  by: readonly string[],
  head: { readonly id: string; readonly title: LocalizedText },
  metrics: readonly (Told & { readonly format: "number" | "percent" })[],
  { input }: AuditContext<Input>,
): Table {
  const all = reading.groups(by);
  const kept = all.slice(0, mostRows);
  const level = percentText(input.confidence, 0);
  const find = (metric: Told, group?: Record<string, string | null>): TableCell =>
    cellOf(reading.find({ metric: metric.name, ...classOf(metric), ...(group ? { group } : {}) }));
  return {
    ...head,
    caption: {
      en: `Each with its ${level} interval.${all.length > mostRows ? ` ${mostRows} of ${all.length} groups are listed.` : ""}`,
      "zh-CN": `各项均附 ${level} 区间。${all.length > mostRows ? `共 ${all.length} 个组，列出 ${mostRows} 个。` : ""}`,
    },
    columns: [
      ...by.map((name) => ({ title: { en: plainText(name), "zh-CN": plainText(name) }, format: "text" as const })),
      { title: requiredMetric("count").label, format: "count" },
      ...metrics.map(({ label, format }) => ({ title: label, format })),
    ],
    rows: [
      ...kept.map((values) => {
        const group = groupOf(by, values);
        const people = reading.find({ metric: "count", group })?.value ?? 0;
        return {
          few: people < input.min_count,
          cells: [
            ...values.map((value): TableCell => (value === null ? groupText([null]) : value)),
            people,
            ...metrics.map((metric) => find(metric, group)),
          ],
        };
      }),
      {
        few: false,
        cells: [
          ...by.map((_, index): TableCell => (index === 0 ? { en: "All rows", "zh-CN": "全部行" } : null)),
          reading.find({ metric: "count" })?.value ?? null,
          ...metrics.map((metric) => find(metric)),
        ],
      },
    ],
  };
}

/** Every disparity of some metrics over the groups of every grouping, with its tests. */
export function disparityTable(
  reading: Reading,
  head: Pick<Table, "caption" | "id" | "title">,
  format: "number" | "points",
  metrics: readonly Told[],
  falseDiscovery: ReadonlyMap<number, number>,
  { roles }: AuditContext<Input>,
): Table {
  return {
    ...head,
    columns: [
      { title: { en: "Groups of", "zh-CN": "分组" }, format: "text" },
      { title: { en: "Metric", "zh-CN": "指标" }, format: "text" },
      { title: { en: "Difference", "zh-CN": "差值" }, format },
      { title: { en: "Corrected", "zh-CN": "校正值" }, format },
      { title: { en: "Ratio", "zh-CN": "比值" }, format: "ratio" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
      { title: { en: "p, Holm", "zh-CN": "p（Holm）" }, format: "p" },
      { title: { en: "p, Benjamini–Hochberg", "zh-CN": "p（Benjamini–Hochberg）" }, format: "p" },
    ],
    rows: roles.groupings.flatMap((by) => metrics.map((metric) => disparityRow(metric, by, reading, falseDiscovery))),
  };
}

function disparityRow(
  metric: Told,
  by: readonly string[],
  reading: Reading,
  falseDiscovery: ReadonlyMap<number, number>,
): Table["rows"][number] {
  const about = (suffix: string) => ({ metric: `${metric.name}${suffix}`, by: [...by], ...classOf(metric) });
  const place = reading.place(about("-difference"));
  const difference = place === null ? null : (reading.measures[place] ?? null);
  return {
    few: difference?.value === null || difference === null,
    cells: [
      columnsText(by),
      metric.label,
      cellOf(difference),
      cellOf(reading.find(about("-difference-corrected"))),
      cellOf(reading.find(about("-ratio"))),
      difference?.p ?? null,
      difference?.p_adjusted ?? null,
      (place === null ? null : falseDiscovery.get(place)) ?? null,
    ],
  };
}

function classOf(metric: Told): { readonly class?: string } {
  return metric.class === undefined ? {} : { class: metric.class };
}

export function cellOf(measure: Measure | null): TableCell {
  if (!measure || measure.value === null) return null;
  if (measure.low === undefined || measure.high === undefined || measure.method === rangeOfFew) return measure.value;
  return { value: measure.value, low: measure.low, high: measure.high };
}
