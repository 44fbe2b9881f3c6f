import type { FigureOf, LocalizedText } from "@assay/schema";
import { apart } from "../../groups/gap-finding.ts";
import { columnsText, groupOf, groupText, plainText, type Reading } from "../../groups/reading.ts";
import { decimalText, percentText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** Groups in one figure at most: the largest. */
const mostRows = 60;
const mostSide = 30;

/** Method of an interval that spans all that a number can be, lists being too few: it holds rules open, and is not drawn. */
export const rangeOfFew = "range-few-lists";

/** A metric as it is drawn. */
export interface Drawn {
  readonly name: string;
  readonly label: LocalizedText;
  readonly meaning: LocalizedText;
  readonly class?: string;
}

function classOf(metric: Drawn): { readonly class?: string } {
  return metric.class === undefined ? {} : { class: metric.class };
}

function captionOf(metric: Drawn): LocalizedText {
  return {
    en: `${metric.label.en}: ${metric.meaning.en}.`,
    "zh-CN": `${metric.label["zh-CN"]}：${metric.meaning["zh-CN"]}。`,
  };
}

/** A metric of every group as a dot with its interval, beside that of all rows. */
export function intervalsFigure(
  metric: Drawn,
  by: readonly string[],
  reading: Reading,
  input: Input,
  id: string,
  unit: "number" | "percent" = "percent",
  show: (value: number) => string = (value) => (unit === "percent" ? percentText(value) : decimalText(value, 3)),
): FigureOf<"intervals"> {
  const columns = columnsText(by);
  const rows = reading.groups(by).flatMap((values) => {
    const group = groupOf(by, values);
    const measure = reading.find({ metric: metric.name, group, ...classOf(metric) });
    const people = reading.find({ metric: "count", group })?.value ?? 0;
    if (!measure) return [];
    return [
      {
        people,
        row: {
          label: groupText(values),
          value: measure.value,
          low: measure.method === rangeOfFew ? null : (measure.low ?? null),
          high: measure.method === rangeOfFew ? null : (measure.high ?? null),
          n: measure.n ?? null,
          few: people < input.min_count,
        },
      },
    ];
  });
  const kept = new Set([...rows].sort((a, b) => b.people - a.people).slice(0, mostRows));
  const overall = reading.find({ metric: metric.name, ...classOf(metric) });
  const caption = captionOf(metric);
  const level = percentText(input.confidence, 0);
  const cut = rows.length > mostRows;
  return {
    kind: "intervals",
    id,
    title: { en: `${metric.label.en} by ${columns}`, "zh-CN": `按 ${columns} 的${apart(metric.label["zh-CN"])}` },
    caption: {
      en: `${caption.en} Lines are ${level} intervals.${cut ? ` The ${mostRows} largest of ${rows.length} groups are drawn.` : ""}`,
      "zh-CN": `${caption["zh-CN"]}线段为 ${level} 区间。${cut ? `图中为 ${rows.length} 个组中人数最多的 ${mostRows} 个。` : ""}`,
    },
    unit,
    xTitle: metric.label,
    rows: rows
      .filter((one) => kept.has(one))
      .map((one) => one.row)
      .sort((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY)),
    reference:
      overall?.value === null || overall?.value === undefined
        ? null
        : {
            value: overall.value,
            label: { en: `all rows ${show(overall.value)}`, "zh-CN": `全部行 ${show(overall.value)}` },
          },
  };
}

/** A metric of the groups of two columns, crossed. */
export function heatmapFigure(
  metric: Drawn,
  by: readonly string[],
  reading: Reading,
  input: Input,
  id: string,
  unit: "number" | "percent" = "percent",
): FigureOf<"heatmap"> {
  const [first = "", second = ""] = by;
  const groups = reading.groups(by);
  const side = (index: number): (string | null)[] =>
    [...new Set(groups.map((values) => values[index] ?? null))].slice(0, mostSide);
  const rows = side(0);
  const columns = side(1);
  const caption = captionOf(metric);
  return {
    kind: "heatmap",
    id,
    title: {
      en: `${metric.label.en} by ${columnsText(by)}`,
      "zh-CN": `按 ${columnsText(by)} 的${apart(metric.label["zh-CN"])}`,
    },
    caption: {
      en: `${caption.en} Hatched cells hold fewer than ${input.min_count} people.`,
      "zh-CN": `${caption["zh-CN"]}带斜线的格子不足 ${input.min_count} 人。`,
    },
    unit,
    rowTitle: { en: plainText(first), "zh-CN": plainText(first) },
    columnTitle: { en: plainText(second), "zh-CN": plainText(second) },
    rows: rows.map((value) => groupText([value])),
    columns: columns.map((value) => groupText([value])),
    cells: groups.flatMap((values) => {
      const row = rows.indexOf(values[0] ?? null);
      const column = columns.indexOf(values[1] ?? null);
      if (row < 0 || column < 0) return [];
      const group = groupOf(by, values);
      const measure = reading.find({ metric: metric.name, group, ...classOf(metric) });
      const people = reading.find({ metric: "count", group })?.value ?? 0;
      return [{ row, column, value: measure?.value ?? null, n: measure?.n ?? null, few: people < input.min_count }];
    }),
  };
}
