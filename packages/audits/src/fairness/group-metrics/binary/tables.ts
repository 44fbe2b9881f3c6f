import type { Measure, Table } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { requiredMetric } from "../../../groups/group-measures.ts";
import { columnsText, Reading, slugsOf } from "../../../groups/reading.ts";
import { percentText } from "../../../wording/index.ts";
import { disparityTable, groupTable, type Told } from "../group-tables.ts";
import type { Input } from "../settings.ts";
import { metricsFor, scoresFor } from "./given.ts";
import { scoreClaims } from "./score-claims.ts";

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
  const { roles } = context;
  const names = new Set(metricsFor(roles).map((metric) => metric.name));
  const rates = shown.filter((name) => names.has(name)).map(requiredMetric);
  // The score's that have a sentence, where any rows have a value.
  const scores = scoresFor(roles).filter(
    ({ name }) =>
      scoreClaims.some((claim) => claim.metric === name) && (reading.find({ metric: name })?.value ?? null) !== null,
  );
  const slugs = slugsOf(roles);
  const columns = [
    ...rates.map(({ name, label }) => ({ name, label, format: "percent" as const })),
    ...scores.map(({ name, label }) => ({
      name,
      label,
      format: name === "roc-auc" ? ("number" as const) : ("percent" as const),
    })),
  ];
  const groups = roles.groupings.map((by) => {
    const text = columnsText(by);
    const head = {
      id: `groups-by-${slugs.get(JSON.stringify(by)) ?? "group"}`,
      title: { en: `Rates by ${text}`, "zh-CN": `按 ${text} 的各项比率` },
    };
    return groupTable(reading, by, head, columns, context);
  });
  return [
    ...groups,
    ofDecisions(reading, falseDiscovery, context),
    ...(scoresFor(roles).length > 0 ? [scoreTable(reading, scoresFor(roles), falseDiscovery, context)] : []),
  ];
}

function ofDecisions(
  reading: Reading,
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table {
  const { roles } = context;
  const level = percentText(context.input.confidence, 0);
  const tested =
    scoresFor(roles).length > 0
      ? { en: "all rows of this table and of the score's", zh: "本表与分数差距表合计" }
      : { en: "all rows of this table", zh: "本表" };
  const head = {
    id: "disparities",
    title: { en: "Disparities and their tests", "zh-CN": "组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, with a simultaneous ${level} interval; corrected: less what chance alone is expected to add. p is from the permutation test; Holm bounds the chance of any false claim over ${tested.en}, Benjamini–Hochberg the share of false claims.`,
      "zh-CN": `各组最大值减最小值，附 ${level} 同时区间；校正值已扣除随机波动预期带来的部分。p 来自置换检验；Holm 控制${tested.zh}出现任一误报的概率，Benjamini–Hochberg 控制误报所占比例。`,
    },
  };
  const odds = { name: "equalized-odds", label: { en: "Equalized odds", "zh-CN": "均等几率" } };
  const metrics = [
    ...metricsFor(roles).filter((metric) => metric.shape.kind !== "count"),
    ...(roles.label && roles.decision ? [odds] : []),
  ];
  return disparityTable(reading, head, "points", metrics, falseDiscovery, context);
}

/** Disparities of the score's metrics, in the metrics' own units. */
export function scoreTable(
  reading: Reading,
  metrics: readonly Told[],
  falseDiscovery: ReadonlyMap<number, number>,
  context: AuditContext<Input>,
): Table {
  const level = percentText(context.input.confidence, 0);
  const head = {
    id: "score-disparities",
    title: { en: "Disparities of the score and their tests", "zh-CN": "分数的组间差距及其检验" },
    caption: {
      en: `Greatest less least over groups, with a simultaneous ${level} interval, each in its metric's own unit. p is from Welch's test of equal values, which is asymptotic; calibration errors have none. Holm and Benjamini–Hochberg adjust over these rows and those of the decisions together.`,
      "zh-CN": `各组最大值减最小值，附 ${level} 同时区间，均采用指标自身的单位。p 来自各组相等的 Welch 检验，属渐近检验；校准误差没有检验。Holm 与 Benjamini–Hochberg 对本表与决定的各行一并校正。`,
    },
  };
  return disparityTable(reading, head, "number", metrics, falseDiscovery, context);
}
