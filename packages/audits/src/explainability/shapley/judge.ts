import type { Finding, LocalizedText, Measure } from "@assay/schema";
import {
  absentFinding,
  foundFeatures,
  protectedFindings,
  topFinding,
  writtenFinding,
} from "../../attributions/findings.ts";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, tidyChinese } from "../../wording/index.ts";
import { shapleyWords } from "./conclude.ts";
import { explained } from "./explained.ts";
import type { ShapleyInput } from "./settings.ts";

/** Values that do not add up to the output are not Shapley values; float32 inputs and float64 sums leave far less. */
const allowedError = 1e-6;

export function judgeShapley({ measures }: Conclusion, context: AuditContext<ShapleyInput>): Finding[] {
  const { input, roles } = context;
  const what = explained(input, roles).text;
  const features = foundFeatures(measures, "shapley-value");
  const words = shapleyWords(what);
  const background = measures.find((measure) => measure.metric === "background-count")?.value ?? 0;
  const against: LocalizedText =
    input.kind === "interventional"
      ? { en: `against ${countText(background)} background rows`, "zh-CN": `相对于 ${countText(background)} 行背景` }
      : { en: "along the trees' own paths", "zh-CN": "沿树自身的路径" };
  const index = measures.findIndex((measure) => measure.metric === "count");
  const all = { index, rows: measures[index]?.value ?? 0 };
  const names = roles.protected.map((role) => role.name);
  const findings = [
    ...topFinding(features, input.confidence, words, against),
    ...protectedFindings(features, names, words),
    ...additivityFinding(measures),
    ...absentFinding(all, input.decisions),
    ...writtenFinding(all, input.rows, "shapley-values.csv"),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
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
