import type { Finding, LocalizedText, Measure } from "@assay/schema";
import {
  absentFinding,
  foundFeatures,
  protectedFindings,
  topFinding,
  writtenFinding,
} from "../../attributions/findings.ts";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, listText, tidyChinese } from "../../wording/index.ts";
import { integratedGradientsWords } from "./conclude.ts";
import { reasons } from "./reasons.ts";
import type { IntegratedGradientsInput } from "./settings.ts";

export function judgeIntegratedGradients(
  conclusion: Conclusion,
  { input, roles }: AuditContext<IntegratedGradientsInput>,
): Finding[] {
  const { measures } = conclusion;
  const features = foundFeatures(measures, "integrated-gradients");
  const words = integratedGradientsWords(input, roles);
  const against: LocalizedText = { en: `from ${words.base.en}`, "zh-CN": `相对于${words.base["zh-CN"]}` };
  const names = roles.protected.map((role) => role.name);
  const used = measured(measures, "count");
  const all = { index: used.index, rows: used.value + measured(measures, "excluded-count").value };
  const findings = [
    ...topFinding(features, input.confidence, words, against),
    ...protectedFindings(features, names, words),
    ...completenessFinding(measures, input),
    ...excludedFinding(measures),
    ...unexplainedFinding(conclusion, input.decisions, all.rows),
    ...absentFinding(all, input.decisions),
    ...writtenFinding(all, input.rows, "integrated-gradients.csv"),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

function measured(measures: readonly Measure[], metric: string): { readonly index: number; readonly value: number } {
  const index = measures.findIndex((measure) => measure.metric === metric);
  return { index, value: measures[index]?.value ?? 0 };
}

function completenessFinding(measures: readonly Measure[], { tolerance }: IntegratedGradientsInput): Finding[] {
  const beyond = measured(measures, "incomplete-count");
  if (beyond.value === 0) return [];
  const error = measured(measures, "completeness-error");
  const rows = measured(measures, "count").value;
  return [
    {
      id: "completeness",
      verdict: "indeterminate",
      severity: "medium",
      text: {
        en: `**Values of ${countText(beyond.value)} of ${countText(rows)} rows do not add up to the output within ${tolerance}.** They miss it by up to ${error.value.toExponential(1)}, also with the most points on the way: the output changes too abruptly there. Read these rows' values with that gap in mind.`,
        "zh-CN": `**${countText(rows)} 行中有 ${countText(beyond.value)} 行，其各值之和与输出之差超出 ${tolerance}。** 取最多积分点后最大仍相差 ${error.value.toExponential(1)}，说明输出在该处变化过陡；解读这些行时请计入这一差距。`,
      },
      measures: [beyond.index, error.index],
    },
  ];
}

function excludedFinding(measures: readonly Measure[]): Finding[] {
  const excluded = measured(measures, "excluded-count");
  const used = measured(measures, "count");
  if (excluded.value === 0) return [];
  if (used.value === 0) {
    return [
      {
        id: "excluded",
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**Nothing can be explained.** Of ${countText(excluded.value)} rows ${reasons.noRows.en}.`,
          "zh-CN": `**无法作出解释。** 共 ${countText(excluded.value)} 行，${reasons.noRows["zh-CN"]}。`,
        },
        measures: [excluded.index],
      },
    ];
  }
  return [
    {
      id: "excluded",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${countText(excluded.value)} rows are left out.** An input of theirs is missing, and the model says nothing of them.`,
        "zh-CN": `**有 ${countText(excluded.value)} 行未计入。** 它们缺少某项输入，模型对其没有输出。`,
      },
      measures: [excluded.index],
    },
  ];
}

function unexplainedFinding({ figures, measures }: Conclusion, decisions: readonly number[], all: number): Finding[] {
  const shown = new Set(figures.map(({ id }) => id));
  const missing = decisions.filter((row) => row < all && !shown.has(`decision-${row}`));
  if (missing.length === 0) return [];
  const names = listText(missing.map(String));
  return [
    {
      id: "decisions-missing",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Row ${names.en} cannot be explained.** An input is missing there.`,
        "zh-CN": `**第 ${names["zh-CN"]} 行无法解释。** 该行缺少某项输入。`,
      },
      measures: [measured(measures, "excluded-count").index],
    },
  ];
}
