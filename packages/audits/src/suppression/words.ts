import type { GateRule, LocalizedText, Rule } from "@assay/schema";
import { metricSense } from "../comparison/metric-sense.ts";

/** Why a measure has no value. */
export function measureReason(below: number): string {
  return `withheld: fewer than ${below} people could be read from it`;
}

export function findingText(below: number): LocalizedText {
  return {
    en: `**Withheld.** This sentence holds numbers from which fewer than ${below} people could be read. Its verdict was reached with them and stands.`,
    "zh-CN": `**未予列出。**该句含有可据以读出少于 ${below} 人的数值。其结论在隐去之前得出，仍然有效。`,
  };
}

/** Of a rule some of whose numbers are withheld. */
export function ruleText({ metric, by }: Rule, verdict: GateRule["verdict"], below: number): LocalizedText {
  const of = by === undefined ? { en: "", zh: "" } : { en: ` by ${by.join(" × ")}`, zh: `按 ${by.join(" × ")} 的` };
  const { label } = metricSense(metric);
  const judged = {
    fail: { en: "; what is told fails", zh: "；已列出的数值未达到要求" },
    indeterminate: { en: "; what is left does not decide it", zh: "；其余数值不足以判断" },
    pass: { en: "", zh: "" },
  }[verdict];
  return {
    en: `${label.en}${of.en}: numbers that it speaks of are withheld, since fewer than ${below} people could be read from them${judged.en}.`,
    "zh-CN": `${of.zh}${label["zh-CN"]}：所涉数值可据以读出少于 ${below} 人，未予列出${judged.zh}。`,
  };
}

/** A caption that told such a number. */
export function captionText(below: number): LocalizedText {
  return {
    en: `Numbers from which fewer than ${below} people could be read are left out.`,
    "zh-CN": `可据以读出少于 ${below} 人的数值已隐去。`,
  };
}

export function warningText(below: number): LocalizedText {
  return {
    en: `A remark on the data is withheld: fewer than ${below} people could be read from it.`,
    "zh-CN": `关于数据的一条说明未予列出：可据以读出少于 ${below} 人。`,
  };
}

/** How much was withheld, by what it is. */
export interface WithheldCounts {
  readonly measures: number;
  readonly tables: number;
  readonly figures: number;
  readonly sentences: number;
  readonly artifacts: number;
}

const kinds = [
  ["measures", "measure", "measures", "个指标值"],
  ["tables", "table in part", "tables in part", "张表的部分内容"],
  ["figures", "figure in whole or part", "figures in whole or part", "幅图的全部或部分"],
  ["sentences", "sentence", "sentences", "句话"],
  ["artifacts", "file of rows", "files of rows", "个逐行文件"],
] as const satisfies readonly (readonly [keyof WithheldCounts, string, string, string])[];

/** What the report says of itself among its remarks on the data. */
export function statement(below: number, counts: WithheldCounts): LocalizedText {
  const present = kinds.filter(([kind]) => counts[kind] > 0);
  const en = present.map(([kind, one, many]) => `${counts[kind]} ${counts[kind] === 1 ? one : many}`);
  const zh = present.map(([kind, , , what]) => `${counts[kind]} ${what}`);
  const told = en.length === 0 ? "counts of missing values" : en.join(", ");
  return {
    en: `Small cells are withheld: numbers from which fewer than ${below} people could be read, and as many others as it takes that these cannot be worked out again (${told}). Verdicts were reached before.`,
    "zh-CN": `小单元已隐去：凡可据以读出少于 ${below} 人的数值，以及为防止由其余数值反推而一并隐去的数值（${zh.length === 0 ? "缺失值计数" : zh.join("、")}）。各项结论在隐去之前得出。`,
  };
}
