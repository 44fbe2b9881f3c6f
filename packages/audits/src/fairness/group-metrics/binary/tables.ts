import type { LocalizedText, Measure, Table, TableCell } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import { columnsText, groupOf, groupText, plainText, Reading, slugsOf } from "../../../groups/reading.ts";
import { percentText } from "../../../wording/index.ts";
import type { Input } from "../settings.ts";
import { metricsFor, scoresFor } from "./given.ts";
import { scoreClaims } from "./score-claims.ts";

const mostRows = 200;
const shown = [
  "selection-rate",
  "false-positive-rate",
  "false-negative-rate",
  "positive-predictive-value",
  "accuracy",
] as const;

/** One table of groups per grouping, and one of all disparities with their tests. */
export function tablesOf(
  measures: readonly Measure[],
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table[] {
  const reading = new Reading(measures);
  const names = new Set(metricsFor(context.roles).map((metric) => metric.name));
  const columns = shown.filter((name) => names.has(name)).map(requiredMetric);
  // The score's that have a sentence, where any rows have a value.
  const scores = scoresFor(context.roles).filter(
    ({ name }) =>
      scoreClaims.some((claim) => claim.metric === name) && (reading.find({ metric: name })?.value ?? null) !== null,
  );
  const slugs = slugsOf(context.roles);
  const level = percentText(context.input.confidence, 0);
  const groups = context.roles.groupings.map((by): Table => {
    const all = reading.groups(by);
    const kept = all.slice(0, mostRows);
    const text = columnsText(by);
    return {
      id: `groups-by-${slugs.get(JSON.stringify(by)) ?? "group"}`,
      title: { en: `Rates by ${text}`, "zh-CN": `按 ${text} 的各项比率` },
      caption: {
        en: `Each rate with its ${level} interval.${all.length > mostRows ? ` ${mostRows} of ${all.length} groups are listed.` : ""}`,
        "zh-CN": `各项比率及其 ${level} 区间。${all.length > mostRows ? `共 ${all.length} 个组，列出 ${mostRows} 个。` : ""}`,
      },
      columns: [
        ...by.map((name) => ({ title: { en: plainText(name), "zh-CN": plainText(name) }, format: "text" as const })),
        { title: requiredMetric("count").label, format: "count" },
        ...columns.map((metric) => ({ title: metric.label, format: "percent" as const })),
        ...scores.map(({ name, label }) => ({
          title: label,
          format: name === "roc-auc" ? ("number" as const) : ("percent" as const),
        })),
      ],
      rows: [
        ...kept.map((values) => {
          const group = groupOf(by, values);
          const people = reading.find({ metric: "count", group })?.value ?? 0;
          return {
            few: people < context.input.min_count,
            cells: [
              ...values.map((value): TableCell => (value === null ? groupText([null]) : value)),
              people,
              ...[...columns, ...scores].map((metric) => cellOf(reading.find({ metric: metric.name, group }))),
            ],
          };
        }),
        {
          few: false,
          cells: [
            ...by.map((_, index): TableCell => (index === 0 ? { en: "All rows", "zh-CN": "全部行" } : null)),
            reading.find({ metric: "count" })?.value ?? null,
            ...[...columns, ...scores].map((metric) => cellOf(reading.find({ metric: metric.name }))),
          ],
        },
      ],
    };
  });
  const ofScores = scoresFor(context.roles).length > 0;
  return [
    ...groups,
    disparityTable(reading, falseDiscovery, context),
    ...(ofScores ? [scoreTable(reading, falseDiscovery, context)] : []),
  ];
}

function cellOf(measure: Measure | null): TableCell {
  if (!measure || measure.value === null) return null;
  if (measure.low === undefined || measure.high === undefined) return measure.value;
  return { value: measure.value, low: measure.low, high: measure.high };
}

function disparityTable(
  reading: Reading,
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table {
  const level = percentText(context.input.confidence, 0);
  const names = metricsFor(context.roles)
    .filter((metric) => metric.shape.kind !== "count")
    .map((metric) => ({ name: metric.name, label: metric.label }));
  const tested =
    scoresFor(context.roles).length > 0
      ? { en: "all rows of this table and of the score's", zh: "本表与分数差距表合计" }
      : { en: "all rows of this table", zh: "本表" };
  const odds = { name: "equalized-odds", label: { en: "Equalized odds", "zh-CN": "均等几率" } };
  return {
    id: "disparities",
    title: { en: "Disparities and their tests", "zh-CN": "组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, with a simultaneous ${level} interval; corrected: less what chance alone is expected to add. p is from the permutation test; Holm bounds the chance of any false claim over ${tested.en}, Benjamini–Hochberg the share of false claims.`,
      "zh-CN": `各组最大值减最小值，附 ${level} 同时区间；校正值已扣除随机波动预期带来的部分。p 来自置换检验；Holm 控制${tested.zh}出现任一误报的概率，Benjamini–Hochberg 控制误报所占比例。`,
    },
    columns: [
      { title: { en: "Groups of", "zh-CN": "分组" }, format: "text" },
      { title: { en: "Metric", "zh-CN": "指标" }, format: "text" },
      { title: { en: "Difference", "zh-CN": "差值" }, format: "points" },
      { title: { en: "Corrected", "zh-CN": "校正值" }, format: "points" },
      { title: { en: "Ratio", "zh-CN": "比值" }, format: "ratio" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
      { title: { en: "p, Holm", "zh-CN": "p（Holm）" }, format: "p" },
      { title: { en: "p, Benjamini–Hochberg", "zh-CN": "p（Benjamini–Hochberg）" }, format: "p" },
    ],
    rows: context.roles.groupings.flatMap((by) =>
      [...names, ...(context.roles.label ? [odds] : [])].map(({ name, label }) =>
        disparityRow(name, label, by, reading, falseDiscovery),
      ),
    ),
  };
}

/** Disparities of the score's metrics, in the metrics' own units. */
function scoreTable(
  reading: Reading,
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table {
  const level = percentText(context.input.confidence, 0);
  return {
    id: "score-disparities",
    title: { en: "Disparities of the score and their tests", "zh-CN": "分数的组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, with a simultaneous ${level} interval, each in its metric's own unit. p is from Welch's test of equal values, which is asymptotic; calibration errors have none. Holm and Benjamini–Hochberg adjust over these rows and those of the decisions together.`,
      "zh-CN": `各组最大值减最小值，附 ${level} 同时区间，均采用指标自身的单位。p 来自各组相等的 Welch 检验，属渐近检验；校准误差没有检验。Holm 与 Benjamini–Hochberg 对本表与决定的各行一并校正。`,
    },
    columns: [
      { title: { en: "Groups of", "zh-CN": "分组" }, format: "text" },
      { title: { en: "Metric", "zh-CN": "指标" }, format: "text" },
      { title: { en: "Difference", "zh-CN": "差值" }, format: "number" },
      { title: { en: "Corrected", "zh-CN": "校正值" }, format: "number" },
      { title: { en: "Ratio", "zh-CN": "比值" }, format: "ratio" },
      { title: { en: "p", "zh-CN": "p" }, format: "p" },
      { title: { en: "p, Holm", "zh-CN": "p（Holm）" }, format: "p" },
      { title: { en: "p, Benjamini–Hochberg", "zh-CN": "p（Benjamini–Hochberg）" }, format: "p" },
    ],
    rows: context.roles.groupings.flatMap((by) =>
      scoresFor(context.roles).map(({ name, label }) => disparityRow(name, label, by, reading, falseDiscovery)),
    ),
  };
}

function disparityRow(
  name: string,
  label: LocalizedText,
  by: readonly string[],
  reading: Reading,
  falseDiscovery: ReadonlyMap<number, number>,
): Table["rows"][number] {
  const key = [...by];
  const place = reading.place({ metric: `${name}-difference`, by: key });
  const difference = place === null ? null : (reading.measures[place] ?? null);
  return {
    few: difference?.value === null || difference === null,
    cells: [
      columnsText(by),
      label,
      cellOf(difference),
      cellOf(reading.find({ metric: `${name}-difference-corrected`, by: key })),
      cellOf(reading.find({ metric: `${name}-ratio`, by: key })),
      difference?.p ?? null,
      difference?.p_adjusted ?? null,
      (place === null ? null : falseDiscovery.get(place)) ?? null,
    ],
  };
}
