import type { Finding, LocalizedText, Measure } from "@assay/schema";
import { countText, decimalText, listText, percentText } from "../wording/index.ts";
import type { AttributionWords } from "./attribution.ts";

/** A feature's measure, with its place among the measures. */
export interface FoundFeature {
  readonly index: number;
  readonly measure: Measure;
  readonly value: number;
}

/** The features' measures of a metric, the largest first. */
export function foundFeatures(measures: readonly Measure[], metric: string): readonly FoundFeature[] {
  return measures
    .flatMap((measure, index): FoundFeature[] =>
      measure.metric === metric && measure.value !== null ? [{ index, measure, value: measure.value }] : [],
    )
    .sort((a, b) => b.value - a.value);
}

/** What moves outputs most; `against` says from where. */
export function topFinding(
  features: readonly FoundFeature[],
  confidence: number,
  { figure, table, what }: AttributionWords,
  against: LocalizedText,
): Finding[] {
  const first = features[0];
  if (!first) return [];
  const total = features.reduce((sum, feature) => sum + feature.value, 0);
  if (total === 0) {
    return [
      {
        id: "moves",
        verdict: "info",
        severity: "medium",
        text: {
          en: "**No feature moves the output.** The model says the same of every row.",
          "zh-CN": "**没有特征推动输出。** 模型对每一行的输出都相同。",
        },
        measures: features.map((feature) => feature.index),
        table,
      },
    ];
  }
  const rest = features.slice(1, 4).filter((feature) => feature.value > 0);
  const share = (feature: FoundFeature): string => percentText(feature.value / total, 0);
  const { low = first.value, high = first.value, n = 0 } = first.measure;
  return [
    {
      id: "moves",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${first.measure.feature} moves the output most.** It moves the ${what.en} of a row by ${decimalText(first.value, 4)} on average (${percentText(confidence, 0)} interval ${decimalText(low, 4)} to ${decimalText(high, 4)}; ${share(first)} of all movement; n = ${countText(n)}, ${against.en})${rest.length > 0 ? `; then come ${listText(rest.map((feature) => `${feature.measure.feature} (${share(feature)})`)).en}` : ""}.`,
        "zh-CN": `**${first.measure.feature} 对输出的推动最大。** 它平均把一行的${what["zh-CN"]}移动 ${decimalText(first.value, 4)}（${percentText(confidence, 0)} 区间 ${decimalText(low, 4)} 至 ${decimalText(high, 4)}；占全部移动的 ${share(first)}；n = ${countText(n)}，${against["zh-CN"]}）${rest.length > 0 ? `；其次是 ${listText(rest.map((feature) => `${feature.measure.feature}（${share(feature)}）`))["zh-CN"]}` : ""}。`,
      },
      measures: [first.index, ...rest.map((feature) => feature.index)],
      figure,
      table,
    },
  ];
}

/** A protected column that moves outputs is worth a person's look, however little. */
export function protectedFindings(
  features: readonly FoundFeature[],
  names: readonly string[],
  { table, what }: AttributionWords,
): Finding[] {
  const total = features.reduce((sum, feature) => sum + feature.value, 0);
  return features.flatMap((feature, rank): Finding[] => {
    const name = feature.measure.feature ?? "";
    if (!names.includes(name) || (feature.measure.low ?? feature.value) <= 0) return [];
    const share = feature.value / total;
    return [
      {
        id: `protected-${name}`,
        verdict: "info",
        severity: share >= 0.05 ? "high" : "medium",
        text: {
          en: `**Outputs depend on ${name}, a protected column.** It is number ${rank + 1} of the features and moves the ${what.en} of a row by ${decimalText(feature.value, 4)} on average, ${percentText(share)} of all movement. See the fairness audits for the gaps between its groups, and ask whether it may be an input at all.`,
          "zh-CN": `**输出取决于受保护属性 ${name}。** 在各特征中排第 ${rank + 1}，平均把一行的${what["zh-CN"]}移动 ${decimalText(feature.value, 4)}，占全部移动的 ${percentText(share)}。各群体之间的差距见公平性审计；并请考虑它是否可以作为输入。`,
        },
        measures: [feature.index],
        figure: "values",
        table,
      },
    ];
  });
}

/** How many rows the data have, and the measure that tells. */
export interface AllRows {
  readonly index: number;
  readonly rows: number;
}

/** Decisions asked for that the data have no row for. */
export function absentFinding({ index, rows }: AllRows, decisions: readonly number[]): Finding[] {
  const absent = decisions.filter((row) => row >= rows);
  if (absent.length === 0) return [];
  const names = listText(absent.map(String));
  return [
    {
      id: "decisions-absent",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**No row ${names.en}.** The data the plan keeps have ${countText(rows)} rows, counted from 0.`,
        "zh-CN": `**没有第 ${names["zh-CN"]} 行。** 计划保留的数据共 ${countText(rows)} 行，从 0 数起。`,
      },
      measures: [index],
    },
  ];
}

/** That a file holds only the first rows. */
export function writtenFinding({ index, rows }: AllRows, most: number, file: string): Finding[] {
  if (rows <= most || most === 0) return [];
  return [
    {
      id: "written",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${file} holds the first ${countText(most)} of ${countText(rows)} rows.** Means are over all of them; \`rows\` writes more.`,
        "zh-CN": `**${file} 只含前 ${countText(most)} 行，共 ${countText(rows)} 行。** 均值按全部行计算；用 rows 可写出更多。`,
      },
      measures: [index],
    },
  ];
}
