import type { Figure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, figureId, groupOf, groupText, type Reading, slugsOf } from "../../groups/reading.ts";
import { shareText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";

/** Rows of a figure beyond these stand in the table. */
const mostShown = 20;

export function labelTableId(by: readonly string[], slugs: ReadonlyMap<string, string>): string {
  return `labels-by-${slugs.get(JSON.stringify(by)) ?? "group"}`;
}

/** Groups of a grouping whose labels were compared. */
function comparedGroups(by: readonly string[], reading: Reading): readonly (readonly (string | null)[])[] {
  return reading
    .groups(by)
    .filter((values) => reading.place({ metric: "label-agreement", group: groupOf(by, values) }) !== null);
}

export function labelTable(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Table[] {
  const groups = comparedGroups(by, reading);
  if (groups.length === 0) return [];
  const columns = columnsText(by);
  const level = shareText(input.confidence);
  return [
    {
      id: labelTableId(by, slugsOf(roles)),
      title: { en: `Labels of alike people by ${columns}`, "zh-CN": `按 ${columns} 的相似者标签` },
      caption: {
        en: `Agreement of each label with those of the ${input.k} nearest people, averaged over the group; and of people with twins, alike in every feature, the share of twins with the other label. With ${level} intervals.`,
        "zh-CN": `每个标签与最近 ${input.k} 人标签的一致程度在组内的平均值；以及所有特征都相同者中标签相反的比例。附 ${level} 区间。`,
      },
      columns: [
        { title: { en: "Group", "zh-CN": "组" }, format: "text" },
        { title: { en: "People compared", "zh-CN": "比较人数" }, format: "count" },
        { title: { en: "Agreement", "zh-CN": "一致程度" }, format: "percent" },
        { title: { en: "People with twins", "zh-CN": "有双胞胎者" }, format: "count" },
        { title: { en: "Other label", "zh-CN": "标签相反" }, format: "percent" },
      ],
      rows: groups.map((values) => {
        const group = groupOf(by, values);
        const agreement = reading.find({ metric: "label-agreement", group });
        const conflict = reading.find({ metric: "label-conflict-rate", group });
        const cell = (measure: typeof agreement): TableCell =>
          measure?.value == null
            ? null
            : { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
        return {
          few: (agreement?.n ?? 0) < input.min_count || values.includes(null),
          cells: [groupText(values), agreement?.n ?? null, cell(agreement), conflict?.n ?? null, cell(conflict)],
        };
      }),
    },
  ];
}

export function labelFigure(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Figure[] {
  const all = comparedGroups(by, reading)
    .filter((values) => !values.includes(null))
    .flatMap((values) => {
      const measure = reading.find({ metric: "label-agreement", group: groupOf(by, values) });
      return measure?.value == null ? [] : [{ values, measure, value: measure.value }];
    });
  if (all.length < 2) return [];
  const shown = [...all].sort((a, b) => (b.measure.n ?? 0) - (a.measure.n ?? 0)).slice(0, mostShown);
  shown.sort((a, b) => b.value - a.value);
  const columns = columnsText(by);
  const level = shareText(input.confidence);
  const overall = reading.find({ metric: "label-agreement" })?.value ?? null;
  return [
    {
      kind: "intervals",
      id: figureId("label-agreement", by, slugsOf(roles)),
      title: { en: `Do labels of alike people agree, by ${columns}`, "zh-CN": `相似者的标签是否一致（按 ${columns}）` },
      caption: {
        en: `Agreement of each label with those of the ${input.k} most similar people, averaged over each group, with ${level} intervals.${all.length > shown.length ? ` The ${shown.length} largest groups are drawn.` : ""}`,
        "zh-CN": `每个标签与最相似的 ${input.k} 人标签的一致程度在各组内的平均值及 ${level} 区间。${all.length > shown.length ? `图中为最大的 ${shown.length} 个组。` : ""}`,
      },
      unit: "percent",
      xTitle: { en: "Agreement", "zh-CN": "一致程度" },
      rows: shown.map(({ values, measure, value }) => ({
        label: groupText(values),
        value,
        low: measure.low ?? null,
        high: measure.high ?? null,
        n: measure.n ?? null,
        few: (measure.n ?? 0) < input.min_count,
      })),
      reference: overall === null ? null : { value: overall, label: { en: "everyone", "zh-CN": "全体" } },
    },
  ];
}
