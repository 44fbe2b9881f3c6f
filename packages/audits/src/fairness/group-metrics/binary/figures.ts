import type { Figure, FigureOf, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { apart } from "../../../groups/gap-finding.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import {
  columnsText,
  figureId,
  groupOf,
  groupText,
  plainText,
  Reading,
  slugsOf,
  told,
} from "../../../groups/reading.ts";
import type { Metric } from "../../../metrics/index.ts";
import { decimalText, percentText } from "../../../wording/index.ts";
import type { Input } from "../settings.ts";
import { strataFigures } from "../strata-figures.ts";
import { metricsFor, scoresFor } from "./given.ts";
import { scoreClaims } from "./score-claims.ts";

/** Groups in one figure at most: the largest. */
const mostRows = 60;
const mostSide = 30;

export function figuresOf(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  const reading = new Reading(measures);
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const slugs = slugsOf(context.roles);
  const figures: Figure[] = [];
  for (const by of context.roles.groupings) {
    for (const name of told) {
      if (!names.has(name)) continue;
      const metric = requiredMetric(name);
      figures.push(intervalsFigure(metric, by, reading, context.input, figureId(name, by, slugs)));
      if (by.length === 2 && (name === "selection-rate" || name.startsWith("false-"))) {
        figures.push(heatmapFigure(metric, by, reading, context.input, `${figureId(name, by, slugs)}-map`));
      }
    }
    for (const metric of scoresFor(context.roles)) {
      if (!scoreClaims.some((claim) => claim.metric === metric.name)) continue;
      const unit = metric.name === "roc-auc" ? "number" : "percent";
      const figure = intervalsFigure(metric, by, reading, context.input, figureId(metric.name, by, slugs), unit);
      if (figure.rows.some((row) => row.value !== null)) figures.push(figure);
    }
  }
  return [...figures, ...strataFigures(reading, context)];
}

type Drawn = Pick<Metric, "label" | "meaning" | "name">;

function captionOf(metric: Drawn): LocalizedText {
  return {
    en: `${metric.label.en}: ${metric.meaning.en}.`,
    "zh-CN": `${metric.label["zh-CN"]}：${metric.meaning["zh-CN"]}。`,
  };
}

function intervalsFigure(
  metric: Drawn,
  by: readonly string[],
  reading: Reading,
  input: Input,
  id: string,
  unit: "number" | "percent" = "percent",
): FigureOf<"intervals"> {
  const columns = columnsText(by);
  const rows = reading.groups(by).flatMap((values) => {
    const group = groupOf(by, values);
    const measure = reading.find({ metric: metric.name, group });
    const people = reading.find({ metric: "count", group })?.value ?? 0;
    if (!measure) return [];
    return [
      {
        people,
        row: {
          label: groupText(values),
          value: measure.value,
          low: measure.low ?? null,
          high: measure.high ?? null,
          n: measure.n ?? null,
          few: people < input.min_count,
        },
      },
    ];
  });
  const kept = new Set([...rows].sort((a, b) => b.people - a.people).slice(0, mostRows));
  const overall = reading.find({ metric: metric.name });
  const caption = captionOf(metric);
  const level = percentText(input.confidence, 0);
  const cut = rows.length > mostRows;
  const show = (value: number): string => (unit === "percent" ? percentText(value) : decimalText(value, 3));
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
      .sort((a, b) => (b.value ?? -1) - (a.value ?? -1)),
    reference:
      overall?.value === null || overall?.value === undefined
        ? null
        : {
            value: overall.value,
            label: { en: `all rows ${show(overall.value)}`, "zh-CN": `全部行 ${show(overall.value)}` },
          },
  };
}

function heatmapFigure(
  metric: Metric,
  by: readonly string[],
  reading: Reading,
  input: Input,
  id: string,
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
    unit: "percent",
    rowTitle: { en: plainText(first), "zh-CN": plainText(first) },
    columnTitle: { en: plainText(second), "zh-CN": plainText(second) },
    rows: rows.map((value) => groupText([value])),
    columns: columns.map((value) => groupText([value])),
    cells: groups.flatMap((values) => {
      const row = rows.indexOf(values[0] ?? null);
      const column = columns.indexOf(values[1] ?? null);
      if (row < 0 || column < 0) return [];
      const group = groupOf(by, values);
      const measure = reading.find({ metric: metric.name, group });
      const people = reading.find({ metric: "count", group })?.value ?? 0;
      return [{ row, column, value: measure?.value ?? null, n: measure?.n ?? null, few: people < input.min_count }];
    }),
  };
}
