import type { Figure, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, figureId, groupOf, groupText, plainText, Reading, slugsOf } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import { labelFigure } from "./label-tables.ts";
import { type Input, populationOf } from "./settings.ts";

/** Rows of a figure beyond these are in the tables. */
const mostShown = 20;

type Rows = Extract<Figure, { kind: "intervals" }>["rows"];

export function figuresOf(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  const reading = new Reading(measures);
  return [
    ...context.roles.groupings.flatMap((by) => [
      ...groupingFigures(by, reading, context),
      ...labelFigure(by, reading, context),
    ]),
    ...context.roles.protected.flatMap(({ name }) => proxyFigure(name, measures, context)),
  ];
}

function groupingFigures(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Figure[] {
  const slugs = slugsOf(roles);
  const columns = columnsText(by);
  const level = percentText(input.confidence, 0);
  const compared = populationOf(input, by) !== null;
  const { rows: shares, cut } = rowsOf("representation-share", by, reading, input);
  const ratios = rowsOf("representation-ratio", by, reading, input);
  const rates = rowsOf("base-rate", by, reading, input);
  const figures: Figure[] = [];
  if (shares.length > 0) {
    figures.push({
      kind: "intervals",
      id: figureId("representation-share", by, slugs),
      title: { en: `Who is in the data, by ${columns}`, "zh-CN": `数据中有谁（按 ${columns}）` },
      caption: {
        en: `Of rows whose group is known, the share of each group, with ${level} intervals that hold for all groups at once.${told(cut, shares.length).en}`,
        "zh-CN": `在组已知的行中，各组所占比例及对所有组同时成立的 ${level} 区间。${told(cut, shares.length)["zh-CN"]}`,
      },
      unit: "percent",
      xTitle: { en: "Share of rows", "zh-CN": "占行数的比例" },
      rows: shares,
      reference: null,
    });
  }
  if (compared && ratios.rows.length > 0) {
    figures.push({
      kind: "intervals",
      id: figureId("representation-ratio", by, slugs),
      title: { en: `Against the population, by ${columns}`, "zh-CN": `与总体对比（按 ${columns}）` },
      caption: {
        en: `Each group's share of rows over its share of the population, with ${level} intervals that hold for all groups at once. Below 1 a group is under-represented.${told(ratios.cut, ratios.rows.length).en}`,
        "zh-CN": `各组在数据中的比例除以其在总体中的比例，及对所有组同时成立的 ${level} 区间。小于 1 表示代表不足。${told(ratios.cut, ratios.rows.length)["zh-CN"]}`,
      },
      unit: "ratio",
      xTitle: { en: "Share of rows ÷ share of the population", "zh-CN": "数据中的比例 ÷ 总体中的比例" },
      rows: ratios.rows,
      reference: { value: 1, label: { en: "as in the population", "zh-CN": "与总体相同" } },
    });
  }
  if (rates.rows.length > 0) {
    figures.push({
      kind: "intervals",
      id: figureId("base-rate", by, slugs),
      title: { en: `Whose labels are positive, by ${columns}`, "zh-CN": `谁的标签为正（按 ${columns}）` },
      caption: {
        en: `Of each group's rows with a label, the share that is positive, with its ${level} interval.${told(rates.cut, rates.rows.length).en}`,
        "zh-CN": `在各组有标签的行中，标签为正的比例及其 ${level} 区间。${told(rates.cut, rates.rows.length)["zh-CN"]}`,
      },
      unit: "percent",
      xTitle: { en: "Base rate", "zh-CN": "基准率" },
      rows: rates.rows,
      reference: null,
    });
  }
  return figures;
}

/** Known groups with a number, the greatest number first; where there are many, the largest groups alone. */
function rowsOf(
  metric: string,
  by: readonly string[],
  reading: Reading,
  input: Input,
): { readonly rows: Rows; readonly cut: boolean } {
  const all = reading.groups(by).flatMap((values) => {
    const group = groupOf(by, values);
    const measure = reading.find({ metric, group });
    if (values.includes(null) || measure?.value == null) return [];
    const people = reading.find({ metric: "count", group })?.value ?? 0;
    return [{ values, people, measure, value: measure.value }];
  });
  const shown = [...all].sort((a, b) => b.people - a.people).slice(0, mostShown);
  shown.sort((a, b) => b.value - a.value);
  const rows = shown.map(({ values, people, measure, value }) => ({
    label: groupText(values),
    value,
    low: measure.low ?? null,
    high: measure.high ?? null,
    n: metric === "base-rate" ? (measure.n ?? null) : people,
    few: people < input.min_count,
  }));
  return { rows, cut: all.length > shown.length };
}

function told(cut: boolean, shown: number): LocalizedText {
  return cut
    ? { en: ` The ${shown} largest groups are drawn.`, "zh-CN": `图中为最大的 ${shown} 个组。` }
    : { en: "", "zh-CN": "" };
}

function proxyFigure(name: string, measures: readonly Measure[], { roles, input }: AuditContext<Input>): Figure[] {
  const found = measures
    .filter(({ metric, by, value }) => metric === "normalized-mutual-information" && by?.[0] === name && value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, mostShown);
  if (found.length === 0) return [];
  const column = plainText(name);
  const label = (feature: string): LocalizedText => ({ en: plainText(feature), "zh-CN": plainText(feature) });
  return [
    {
      kind: "intervals",
      id: figureId("proxies", [name], slugsOf(roles)),
      title: { en: `What gives ${column} away`, "zh-CN": `哪些特征透露 ${column}` },
      caption: {
        en: `How much of the uncertainty about ${column} each feature takes away by itself, less what chance adds, with its ${percentText(input.confidence, 0)} interval. 0 %: it tells nothing; 100 %: it tells the group of everyone.`,
        "zh-CN": `单凭每个特征可消除 ${column} 不确定性的多少（已扣除偶然部分），及其 ${percentText(input.confidence, 0)} 区间。0 % 表示毫无透露，100 % 表示可得知每个人的组。`,
      },
      unit: "percent",
      xTitle: { en: "Share of the uncertainty", "zh-CN": "占不确定性的比例" },
      rows: found.map((measure) => ({
        label: label(measure.feature ?? ""),
        value: measure.value,
        low: measure.low ?? null,
        high: measure.high ?? null,
        n: measure.n ?? null,
        few: false,
      })),
      reference: { value: 0, label: { en: "tells nothing", "zh-CN": "毫无透露" } },
    },
  ];
}
