import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { mostBootstrapped, mostPrinted, mostScoreCombinations, mostScored } from "../../../groups/limits.ts";
import { columnsText, groupOf, type Reading } from "../../../groups/reading.ts";
import { tooMany } from "../../../groups/score-estimates.ts";
import { expectedCalibrationError } from "../../../metrics/scores/expected-calibration-error.ts";
import { noProbability } from "../../../metrics/scores/index.ts";
import { rocAuc } from "../../../metrics/scores/roc-auc.ts";
import { countText } from "../../../wording/index.ts";
import type { Input } from "../settings.ts";

/** What the reader must know of the rows themselves: what was left out, and what could not be measured. */
export function judgeRows(reading: Reading, context: AuditContext<Input>): Finding[] {
  const findings: Finding[] = [];
  const add = (id: string, text: LocalizedText, measures: readonly (number | null)[]): void => {
    const places = measures.filter((place) => place !== null);
    findings.push({ id, verdict: "info", severity: "low", text, measures: places });
  };
  const left: readonly { metric: string; en: string; zh: string }[] = [
    { metric: "rows-without-decision", en: "decision", zh: "决定" },
    { metric: "rows-without-label", en: "label", zh: "标签" },
    { metric: "rows-without-score", en: "score", zh: "分数" },
    { metric: "rows-without-weight", en: "weight", zh: "权重" },
  ];
  for (const { metric, en, zh } of left) {
    const place = reading.place({ metric });
    const rows = place === null ? 0 : (reading.measures[place]?.value ?? 0);
    if (rows === 0) continue;
    const one = rows === 1;
    add(
      metric,
      {
        en: `**${countText(rows)} ${one ? "row has" : "rows have"} no ${en}.** ${one ? "It is" : "They are"} left out of every number that needs one.`,
        "zh-CN": `**有 ${countText(rows)} 行缺少${zh}。** 凡需要${zh}的数值都未计入这些行。`,
      },
      [place],
    );
  }
  if (!context.roles.decision) {
    add(
      "no-decision",
      {
        en: "**The score is compared, not decisions.** The plan names no decision, so rates of selection and of error are left out; name the cut that is used as columns.decision to compare them.",
        "zh-CN":
          "**比较的是分数，而不是决定。** 计划没有给出决定，因此略去选中率与差错率；将实际采用的分界写入 columns.decision 即可比较。",
      },
      [reading.place({ metric: "accuracy" })],
    );
  }
  if (!context.roles.label) {
    add(
      "no-label",
      {
        en: "**Only decisions are compared, not errors.** The plan names no label, so rates of error and of agreement with the truth are left out.",
        "zh-CN": "**只比较了决定，没有比较差错。** 计划没有给出标签，因此略去差错率以及与真实情况相符的各项比率。",
      },
      [reading.place({ metric: "accuracy" })],
    );
  }
  const calibration = reading.place({ metric: expectedCalibrationError.name });
  if (calibration !== null && reading.measures[calibration]?.reason === noProbability) {
    add(
      "score-no-probability",
      {
        en: "**Calibration is not compared.** Some scores lie outside [0, 1] and are no probabilities, so that Brier score, log loss and calibration error are left out; how the score ranks is compared.",
        "zh-CN":
          "**未比较校准。** 有分数超出 [0, 1]，不是概率，因此略去 Brier 分数、对数损失与校准误差；分数的排序能力仍作比较。",
      },
      [calibration],
    );
  }
  for (const [index, by] of context.roles.groupings.entries()) {
    const ranking = reading.place({ metric: `${rocAuc.name}-difference`, by: [...by] });
    if (ranking !== null && reading.measures[ranking]?.reason === tooMany) {
      add(
        `many-scored-groups-${index + 1}`,
        {
          en: `**The score is not compared by ${columnsText(by)}.** Metrics of the score are measured for at most ${countText(mostScored)} groups, and while at most ${countText(mostScoreCombinations)} combinations of protected values occur; put values together to compare it.`,
          "zh-CN": `**未按 ${columnsText(by)} 比较分数。** 分数的各项指标最多对 ${countText(mostScored)} 个组给出，且受保护列的取值组合不超过 ${countText(mostScoreCombinations)} 种；请合并取值后再作比较。`,
        },
        [ranking],
      );
    }
    const groups = reading.groups(by);
    const unknown = groups
      .filter((values) => values.includes(null))
      .map((values) => reading.place({ metric: "count", group: groupOf(by, values) }));
    const rows = unknown.reduce<number>(
      (sum, place) => sum + (place === null ? 0 : (reading.measures[place]?.value ?? 0)),
      0,
    );
    const columns = columnsText(by);
    if (rows > 0 && by.length === 1) {
      add(
        `unknown-group-${index + 1}`,
        {
          en: `**${columns} is unknown for ${countText(rows)} rows.** They are printed as a group of their own and stand outside the comparison.`,
          "zh-CN": `**有 ${countText(rows)} 行的 ${columns} 未知。** 它们单独列为一组，不纳入比较。`,
        },
        unknown,
      );
    }
    if (groups.length >= mostBootstrapped) {
      add(
        `many-groups-${index + 1}`,
        {
          en: `**Very many groups by ${columns}.** At most the ${countText(mostPrinted)} largest are printed one by one, though all of them enter the comparison; above ${countText(mostBootstrapped)} groups their intervals of Matthews correlation and kappa are linearised, not resampled.`,
          "zh-CN": `**按 ${columns} 的组非常多。** 逐一列出的最多为人数最多的 ${countText(mostPrinted)} 组，但全部组都参与比较；超过 ${countText(mostBootstrapped)} 组时，马修斯相关系数与 κ 系数的区间采用线性化方法，而非重抽样。`,
        },
        [],
      );
    }
  }
  return findings;
}
