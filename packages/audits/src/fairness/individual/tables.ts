import type { Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, groupOf, groupText, plainText, Reading, slugsOf } from "../../groups/reading.ts";
import { shareText } from "../../wording/index.ts";
import type { Input } from "./settings.ts";
import type { IndividualSummary } from "./summary.ts";

export function tablesOf(
  measures: readonly Measure[],
  { flips }: IndividualSummary,
  context: AuditContext<Input>,
): Table[] {
  const reading = new Reading(measures);
  return [
    ...context.roles.groupings.flatMap((by) => consistencyTable(by, reading, context)),
    ...context.roles.protected.flatMap(({ name }) => {
      const found = flips[name];
      return found && found.groups.length > 1 ? [flipTable(name, measures, context)] : [];
    }),
  ];
}

function consistencyTable(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Table[] {
  const groups = reading.groups(by);
  if (groups.length === 0) return [];
  const columns = columnsText(by);
  return [
    {
      id: consistencyTableId(by, slugsOf(roles)),
      title: { en: `Consistency by ${columns}`, "zh-CN": `按 ${columns} 的一致性` },
      caption: {
        en: `Agreement of each person's outcome with those of their ${input.k} nearest neighbours among all people, averaged over the group, with its ${shareText(input.confidence)} interval.`,
        "zh-CN": `每个人的结果与其在全体中 ${input.k} 个最近邻结果的一致程度在组内的平均值及 ${shareText(input.confidence)} 区间。`,
      },
      columns: [
        { title: { en: columns, "zh-CN": columns }, format: "text" },
        { title: { en: "People asked about", "zh-CN": "考察人数" }, format: "count" },
        { title: { en: "Consistency", "zh-CN": "一致性" }, format: "percent" },
      ],
      rows: groups.map((values) => {
        const group = groupOf(by, values);
        const count = reading.find({ metric: "count", group });
        return {
          few: (count?.value ?? 0) < input.min_count || values.includes(null),
          cells: [groupText(values), count?.value ?? null, cellOf(reading.find({ metric: "consistency", group }))],
        };
      }),
    },
  ];
}

export function consistencyTableId(by: readonly string[], slugs: ReadonlyMap<string, string>): string {
  return `consistency-by-${slugs.get(JSON.stringify(by)) ?? "group"}`;
}

export function flipTableId(name: string, slugs: ReadonlyMap<string, string>): string {
  return `flips-by-${slugs.get(JSON.stringify([name])) ?? "group"}`;
}

function flipTable(name: string, measures: readonly Measure[], { roles, input }: AuditContext<Input>): Table {
  const column = plainText(name);
  const own = measures.filter(({ group }) => group !== undefined && Object.keys(group).join() === name);
  const find = (metric: string, value: string | null): Measure | null =>
    own.find((one) => one.metric === metric && (one.group?.[name] ?? null) === value) ?? null;
  const values = [
    ...new Set(
      own.filter(({ metric }) => metric.startsWith("counterfactual-")).map(({ group }) => group?.[name] ?? null),
    ),
  ];
  return {
    id: flipTableId(name, slugsOf(roles)),
    title: { en: `With another ${column}`, "zh-CN": `若 ${column} 取其他值` },
    caption: {
      en: `What the model says of each group's people where ${column} alone is set to each other value: the share whose answer changes under at least one, the shares of all who gain and who lose the favourable decision, and the mean change of score; with ${shareText(input.confidence)} intervals.`,
      "zh-CN": `仅将 ${column} 依次改为其他取值时模型对各组人员的回答：至少在一个取值下答案改变的比例、全组中获得与失去有利决定的比例，以及得分的平均变化；附 ${shareText(input.confidence)} 区间。`,
    },
    columns: [
      { title: { en: column, "zh-CN": column }, format: "text" },
      { title: { en: "People", "zh-CN": "人数" }, format: "count" },
      { title: { en: "Changed", "zh-CN": "改变" }, format: "percent" },
      { title: { en: "Gained", "zh-CN": "获得" }, format: "percent" },
      { title: { en: "Lost", "zh-CN": "失去" }, format: "percent" },
      { title: { en: "Score", "zh-CN": "得分变化" }, format: "number" },
    ],
    rows: values.map((value) => {
      const changed = find("counterfactual-flip-rate", value);
      const shift = find("counterfactual-score-shift", value);
      const n = changed?.n ?? shift?.n ?? 0;
      return {
        few: n < input.min_count,
        cells: [
          groupText([value]),
          n,
          cellOf(changed),
          cellOf(find("counterfactual-gain-rate", value)),
          cellOf(find("counterfactual-loss-rate", value)),
          cellOf(shift),
        ],
      };
    }),
  };
}

function cellOf(measure: Measure | null): TableCell {
  if (measure?.value == null) return null;
  return { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
}
