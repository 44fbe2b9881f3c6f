import type { Figure, Measure } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, figureId, groupOf, groupText, plainText, Reading, slugsOf } from "../../groups/reading.ts";
import { shareText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** Rows of a figure beyond these stand in the table. */
const mostShown = 20;

export function figuresOf(measures: readonly Measure[], context: AuditContext<Input>): Figure[] {
  const reading = new Reading(measures);
  return [
    ...context.roles.groupings.flatMap((by) => consistencyFigure(by, reading, context)),
    ...context.roles.protected.flatMap(({ name }) => flipFigure(name, measures, context)),
  ];
}

function consistencyFigure(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Figure[] {
  const overall = reading.find({ metric: "consistency" });
  const all = reading.groups(by).flatMap((values) => {
    const measure = reading.find({ metric: "consistency", group: groupOf(by, values) });
    return values.includes(null) || measure?.value == null ? [] : [{ values, measure, value: measure.value }];
  });
  if (all.length < 2) return [];
  const shown = [...all].sort((a, b) => (b.measure.n ?? 0) - (a.measure.n ?? 0)).slice(0, mostShown);
  shown.sort((a, b) => b.value - a.value);
  const columns = columnsText(by);
  const level = shareText(input.confidence);
  return [
    {
      kind: "intervals",
      id: figureId("consistency", by, slugsOf(roles)),
      title: { en: `How alike people are treated, by ${columns}`, "zh-CN": `相似者是否受到相同对待（按 ${columns}）` },
      caption: {
        en: `The share by which each person's outcome agrees with those of their ${input.k} nearest neighbours, averaged over each group, with ${level} intervals.${all.length > shown.length ? ` The ${shown.length} largest groups are drawn.` : ""}`,
        "zh-CN": `每个人的结果与其 ${input.k} 个最近邻结果的一致比例在各组内的平均值，及 ${level} 区间。${all.length > shown.length ? `图中为最大的 ${shown.length} 个组。` : ""}`,
      },
      unit: "percent",
      xTitle: { en: "Consistency", "zh-CN": "一致性" },
      rows: shown.map(({ values, measure, value }) => ({
        label: groupText(values),
        value,
        low: measure.low ?? null,
        high: measure.high ?? null,
        n: measure.n ?? null,
        few: (measure.n ?? 0) < input.min_count,
      })),
      reference: overall?.value == null ? null : { value: overall.value, label: { en: "everyone", "zh-CN": "全体" } },
    },
  ];
}

function flipFigure(name: string, measures: readonly Measure[], { roles, input }: AuditContext<Input>): Figure[] {
  const rows = measures.filter(
    ({ metric, group }) =>
      metric === "counterfactual-flip-rate" && group !== undefined && Object.keys(group).join() === name,
  );
  if (rows.length < 2) return [];
  const column = plainText(name);
  const shown = [...rows].sort((a, b) => (b.value ?? 0) - (a.value ?? 0)).slice(0, mostShown);
  return [
    {
      kind: "intervals",
      id: figureId("flips", [name], slugsOf(roles)),
      title: { en: `Answers that change with ${column} alone`, "zh-CN": `仅改变 ${column} 时答案发生变化的比例` },
      caption: {
        en: `Of each group's people, the share whose answer from the model changes where ${column} alone is set to another value, with ${shareText(input.confidence)} intervals.`,
        "zh-CN": `各组中，仅将 ${column} 改为其他取值时模型答案发生变化的人所占比例，及 ${shareText(input.confidence)} 区间。`,
      },
      unit: "percent",
      xTitle: { en: "Share of people", "zh-CN": "人数比例" },
      rows: shown.map((measure) => ({
        label: groupText(Object.values(measure.group ?? {})),
        value: measure.value,
        low: measure.low ?? null,
        high: measure.high ?? null,
        n: measure.n ?? null,
        few: (measure.n ?? 0) < input.min_count,
      })),
      reference: { value: 0, label: { en: "never", "zh-CN": "从不" } },
    },
  ];
}
