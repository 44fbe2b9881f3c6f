import type { Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../define.ts";
import { columnsText, groupOf, groupText, plainText, Reading, slugsOf } from "../../groups/reading.ts";
import { percentText } from "../../wording/index.ts";
import { labelTable } from "./label-tables.ts";
import { reasonText } from "./reasons.ts";
import { type Input, populationOf } from "./settings.ts";

export function tablesOf(measures: readonly Measure[], context: AuditContext<Input>): Table[] {
  const reading = new Reading(measures);
  return [
    ...context.roles.groupings.map((by) => groupsTable(by, reading, context)),
    ...context.roles.groupings.flatMap((by) => labelTable(by, reading, context)),
    ...missingTable(measures, context.input),
    ...context.roles.protected.flatMap(({ name }) => proxyTable(name, measures, context)),
  ];
}

function groupsTable(by: readonly string[], reading: Reading, { roles, input }: AuditContext<Input>): Table {
  const level = percentText(input.confidence, 0);
  const population = populationOf(input, by);
  const hasLabel = roles.label !== null;
  return {
    id: `groups-by-${slugsOf(roles).get(JSON.stringify(by)) ?? "group"}`,
    title: { en: `Groups by ${columnsText(by)}`, "zh-CN": `按 ${columnsText(by)} 的各组` },
    caption: {
      en: `Shares are of rows whose group is known; their ${level} intervals hold for all groups at once.${population ? " Ratios are to the shares of the population that the plan gives, among rows of its groups." : ""}${hasLabel ? ` The base rate is the share of positive labels, with its ${level} interval.` : ""}`,
      "zh-CN": `比例以组已知的行为基数，其 ${level} 区间对所有组同时成立。${population ? "比值是相对于计划给出的总体比例，只计总体所列各组的行。" : ""}${hasLabel ? `基准率为标签为正的比例及其 ${level} 区间。` : ""}`,
    },
    columns: [
      { title: { en: "Group", "zh-CN": "组" }, format: "text" },
      { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
      { title: { en: "Share", "zh-CN": "比例" }, format: "percent" },
      ...(population
        ? ([
            { title: { en: "Population", "zh-CN": "总体" }, format: "percent" },
            { title: { en: "Ratio", "zh-CN": "比值" }, format: "ratio" },
          ] as const)
        : []),
      ...(hasLabel ? ([{ title: { en: "Base rate", "zh-CN": "基准率" }, format: "percent" }] as const) : []),
    ],
    rows: reading.groups(by).map((values) => {
      const group = groupOf(by, values);
      const people = reading.find({ metric: "count", group })?.value ?? 0;
      const cell = (metric: string): TableCell => cellOf(reading.find({ metric, group }));
      return {
        few: people < input.min_count,
        cells: [
          groupText(values),
          people,
          cell("representation-share"),
          ...(population ? [population.get(values[0] ?? "") ?? null, cell("representation-ratio")] : []),
          ...(hasLabel ? [cell("base-rate")] : []),
        ],
      };
    }),
  };
}

function missingTable(measures: readonly Measure[], { confidence }: Input): Table[] {
  const gaps = measures.filter(({ metric, column }) => metric === "missing-share-difference" && column !== undefined);
  if (gaps.length === 0) return [];
  const overall = new Map(
    measures
      .filter(({ metric, group }) => metric === "missing-share" && group === undefined)
      .map((measure) => [measure.column, measure]),
  );
  const level = percentText(confidence, 0);
  return [
    {
      id: "missing",
      title: { en: "Missing values by group", "zh-CN": "各组的缺失值" },
      caption: {
        en: `Columns that lack some values: the share of rows without one, the greatest difference of that share between groups with its ${level} interval (0 is reached where all may be equal), and the p of a test that it is the same in all, adjusted by Holm. Rows are counted, not weighed.`,
        "zh-CN": `有缺失值的列：缺失行的比例，各组之间该比例的最大差异及其 ${level} 区间（各组可能相等时含 0），以及“各组相同”的检验 p 值（按 Holm 法校正）。按行计数，不计权重。`,
      },
      columns: [
        { title: { en: "Column", "zh-CN": "列" }, format: "text" },
        { title: { en: "By", "zh-CN": "分组列" }, format: "text" },
        { title: { en: "Missing", "zh-CN": "缺失" }, format: "percent" },
        { title: { en: "Greatest difference", "zh-CN": "最大差异" }, format: "points" },
        { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" },
      ],
      rows: gaps.map((gap) => ({
        few: gap.value === null,
        cells: [
          plainText(gap.column ?? ""),
          plainText(gap.by?.[0] ?? ""),
          cellOf(overall.get(gap.column) ?? null),
          cellOf(gap),
          gap.p_adjusted ?? null,
        ],
      })),
    },
  ];
}

function proxyTable(name: string, measures: readonly Measure[], { roles, input }: AuditContext<Input>): Table[] {
  const own = measures.filter(({ by, feature }) => feature !== undefined && by?.[0] === name);
  const found = own.filter(({ metric }) => metric === "normalized-mutual-information");
  if (found.length === 0) return [];
  const plain = new Map(
    own
      .filter(({ metric }) => metric === "normalized-mutual-information-plug-in")
      .map((measure) => [measure.feature, measure.value]),
  );
  found.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const column = plainText(name);
  return [
    {
      id: `proxies-by-${slugsOf(roles).get(JSON.stringify([name])) ?? "group"}`,
      title: { en: `What gives ${column} away`, "zh-CN": `哪些特征透露 ${column}` },
      caption: {
        en: `Mutual information with ${column} as a share of its entropy: less the bias that chance adds, with its ${percentText(input.confidence, 0)} interval, and as it stands; and the p of Pearson's test of independence, adjusted by Benjamini–Hochberg over features and protected columns.`,
        "zh-CN": `与 ${column} 的互信息占其熵的比例：扣除偶然偏差后的值及其 ${percentText(input.confidence, 0)} 区间，以及原值；并给出 Pearson 独立性检验的 p 值，按 Benjamini–Hochberg 法对所有特征和受保护列校正。`,
      },
      columns: [
        { title: { en: "Feature", "zh-CN": "特征" }, format: "text" },
        { title: { en: "Share", "zh-CN": "比例" }, format: "percent" },
        { title: { en: "As it stands", "zh-CN": "原值" }, format: "percent" },
        { title: { en: "Adjusted p", "zh-CN": "校正后 p" }, format: "p" },
        { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
        { title: { en: "Remark", "zh-CN": "说明" }, format: "text" },
      ],
      rows: found.map((measure) => ({
        few: false,
        cells: [
          plainText(measure.feature ?? ""),
          cellOf(measure),
          plain.get(measure.feature) ?? null,
          measure.p_adjusted ?? null,
          measure.n ?? null,
          measure.reason === undefined ? null : reasonText(measure.reason),
        ],
      })),
    },
  ];
}

function cellOf(measure: Measure | null): TableCell {
  if (measure?.value == null) return null;
  return { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
}
