import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, listText, percentText, tidyChinese } from "../../wording/index.ts";
import { explained } from "./explained.ts";
import type { ShapleyInput } from "./settings.ts";

interface Found {
  readonly index: number;
  readonly measure: Measure;
  readonly value: number;
}

/** Values that do not add up to the output are not Shapley values; float32 inputs and float64 sums leave far less. */
const allowedError = 1e-6;

export function judgeShapley({ measures }: Conclusion, context: AuditContext<ShapleyInput>): Finding[] {
  const { input, roles } = context;
  const what = explained(input, roles).text;
  const features = measures
    .flatMap((measure, index): Found[] =>
      measure.metric === "shapley-value" && measure.value !== null ? [{ index, measure, value: measure.value }] : [],
    )
    .sort((a, b) => b.value - a.value);
  const findings = [
    ...topFinding(features, measures, input, what),
    ...protectedFindings(
      features,
      roles.protected.map((role) => role.name),
      what,
    ),
    ...additivityFinding(measures),
    ...absentFinding(measures, input),
    ...writtenFinding(measures, input),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

function topFinding(
  features: readonly Found[],
  measures: readonly Measure[],
  input: ShapleyInput,
  what: LocalizedText,
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
        table: "shapley",
      },
    ];
  }
  const rest = features.slice(1, 4).filter((feature) => feature.value > 0);
  const share = (feature: Found): string => percentText(feature.value / total, 0);
  const { low = first.value, high = first.value, n = 0 } = first.measure;
  const background = measures.find((measure) => measure.metric === "background-count")?.value ?? 0;
  const against =
    input.kind === "interventional"
      ? { en: `against ${countText(background)} background rows`, "zh-CN": `相对于 ${countText(background)} 行背景` }
      : { en: "along the trees' own paths", "zh-CN": "沿树自身的路径" };
  return [
    {
      id: "moves",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${first.measure.feature} moves the output most.** It moves the ${what.en} of a row by ${decimalText(first.value, 4)} on average (${percentText(input.confidence, 0)} interval ${decimalText(low, 4)} to ${decimalText(high, 4)}; ${share(first)} of all movement; n = ${countText(n)}, ${against.en})${rest.length > 0 ? `; then come ${listText(rest.map((feature) => `${feature.measure.feature} (${share(feature)})`)).en}` : ""}.`,
        "zh-CN": `**${first.measure.feature} 对输出的推动最大。** 它平均把一行的${what["zh-CN"]}移动 ${decimalText(first.value, 4)}（${percentText(input.confidence, 0)} 区间 ${decimalText(low, 4)} 至 ${decimalText(high, 4)}；占全部移动的 ${share(first)}；n = ${countText(n)}，${against["zh-CN"]}）${rest.length > 0 ? `；其次是 ${listText(rest.map((feature) => `${feature.measure.feature}（${share(feature)}）`))["zh-CN"]}` : ""}。`,
      },
      measures: [first.index, ...rest.map((feature) => feature.index)],
      figure: "shapley",
      table: "shapley",
    },
  ];
}

/** A protected column that moves outputs is worth a person's look, however little. */
function protectedFindings(features: readonly Found[], names: readonly string[], what: LocalizedText): Finding[] {
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
        table: "shapley",
      },
    ];
  });
}

function additivityFinding(measures: readonly Measure[]): Finding[] {
  const index = measures.findIndex((measure) => measure.metric === "additivity-error");
  const error = measures[index]?.value ?? 0;
  if (error <= allowedError) return [];
  return [
    {
      id: "additivity",
      verdict: "indeterminate",
      severity: "high",
      text: {
        en: `**Values do not add up to the output.** For some row they miss it by ${error.toExponential(1)}, more than rounding explains; do not rely on them.`,
        "zh-CN": `**各值之和与输出不符。** 某些行相差 ${error.toExponential(1)}，超出舍入所能解释的范围；请勿采信。`,
      },
      measures: [index],
    },
  ];
}

function absentFinding(measures: readonly Measure[], input: ShapleyInput): Finding[] {
  const index = measures.findIndex((measure) => measure.metric === "count");
  const rows = measures[index]?.value ?? 0;
  const absent = input.decisions.filter((row) => row >= rows);
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

function writtenFinding(measures: readonly Measure[], input: ShapleyInput): Finding[] {
  const index = measures.findIndex((measure) => measure.metric === "count");
  const rows = measures[index]?.value ?? 0;
  if (rows <= input.rows || input.rows === 0) return [];
  return [
    {
      id: "written",
      verdict: "info",
      severity: "low",
      text: {
        en: `**shapley-values.csv holds the first ${countText(input.rows)} of ${countText(rows)} rows.** Means are over all of them; \`rows\` writes more.`,
        "zh-CN": `**shapley-values.csv 只含前 ${countText(input.rows)} 行，共 ${countText(rows)} 行。** 均值按全部行计算；用 rows 可写出更多。`,
      },
      measures: [index],
    },
  ];
}
