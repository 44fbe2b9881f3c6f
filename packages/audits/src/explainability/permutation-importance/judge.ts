import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { countText, decimalText, listText, percentText, pText, tidyChinese } from "../../wording/index.ts";
import type { ImportanceScore } from "./scores/index.ts";
import type { ImportanceInput } from "./settings.ts";
import { scoreOf } from "./summary.ts";

interface Found {
  readonly index: number;
  readonly measure: Measure;
  readonly value: number;
}

const shown = { figure: "importance", table: "importance" } as const;

export function judgeImportance(conclusion: Conclusion, context: AuditContext<ImportanceInput>): Finding[] {
  const { measures } = conclusion;
  const { input, roles } = context;
  const score = scoreOf(input, roles);
  const alpha = Number((1 - input.confidence).toPrecision(12));
  const features = measures
    .flatMap((measure, index): Found[] =>
      measure.metric === "permutation-importance" && measure.value !== null
        ? [{ index, measure, value: measure.value }]
        : [],
    )
    .sort((a, b) => b.value - a.value);
  const needed = features.filter((feature) => (feature.measure.p_adjusted ?? 1) < alpha);
  const findings: Finding[] = [
    ...baseFinding(measures, score, input),
    ...neededFinding(features, needed, score, input),
    ...protectedFindings(
      needed,
      roles.protected.map((role) => role.name),
      score,
      input,
    ),
    ...idleFinding(features, needed, score),
    ...missingFinding(measures),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

function spanText({ measure, value }: Found, input: ImportanceInput): LocalizedText {
  const level = percentText(input.confidence, 0);
  const [at, low, high] = [value, measure.low ?? value, measure.high ?? value].map((one) => decimalText(one, 4));
  return { en: `${at} (${level} interval ${low} to ${high})`, "zh-CN": `${at}（${level} 区间 ${low} 至 ${high}）` };
}

/** Of a score that chance reaches too, what is lost by a shuffle tells nothing. */
const chance: Readonly<Record<string, number>> = { "balanced-accuracy": 0.5, "roc-auc": 0.5 };

function baseFinding(measures: readonly Measure[], score: ImportanceScore, input: ImportanceInput): Finding[] {
  const index = measures.findIndex((measure) => measure.metric === "baseline-score");
  const measure = measures[index];
  if (!measure) return [];
  if (measure.value === null) {
    return [
      {
        id: "no-score",
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**The model's ${score.label.en} is not defined on these rows.** They have no label, or hold one class only, or scores that are no probabilities; so nothing can be said of what its features add.`,
          "zh-CN": `**无法在这些行上计算模型的${score.label["zh-CN"]}。** 它们没有标签，或只含一个类别，或分数不是概率；因此无从得知各特征的作用。`,
        },
        measures: [index],
      },
    ];
  }
  const level = chance[score.name];
  const span = spanText({ index, measure, value: measure.value }, input);
  if (level === undefined || (measure.low ?? 0) > level) return [];
  return [
    {
      id: "no-better-than-chance",
      verdict: "indeterminate",
      severity: "high",
      text: {
        en: `**The model is not shown to be better than chance.** Its ${score.label.en} is ${span.en}; importances of such a model say little.`,
        "zh-CN": `**未能表明模型优于随机。** 其${score.label["zh-CN"]}为 ${span["zh-CN"]}；这样的模型，重要性说明不了什么。`,
      },
      measures: [index],
    },
  ];
}

function neededFinding(
  features: readonly Found[],
  needed: readonly Found[],
  score: ImportanceScore,
  input: ImportanceInput,
): Finding[] {
  const first = needed[0];
  const n = countText(features[0]?.measure.n ?? 0);
  if (features.length === 0) return [];
  if (!first) {
    return [
      {
        id: "needed",
        verdict: "indeterminate",
        severity: "medium",
        text: {
          en: `**No feature is shown to be needed.** Shuffling ${features.length === 1 ? "its one feature" : `any of ${features.length} features by itself`} does not worsen ${score.label.en} beyond chance (n = ${n})${features.length === 1 ? "" : "; features that tell the same may still carry the model together"}.`,
          "zh-CN": `**没有特征显示为模型所依赖。** ${features.length === 1 ? "打乱它唯一的特征" : `单独打乱 ${features.length} 个特征中的任何一个`}，${score.label["zh-CN"]}的变差都没有超出偶然（n = ${n}）${features.length === 1 ? "" : "；含义相同的特征仍可能共同支撑模型"}。`,
        },
        measures: features.map((feature) => feature.index),
        ...shown,
      },
    ];
  }
  const rest = needed.slice(1, 4);
  const also = {
    en: listText(rest.map(({ measure, value }) => `${measure.feature} (${decimalText(value, 4)})`)).en,
    "zh-CN": listText(rest.map(({ measure, value }) => `${measure.feature}（${decimalText(value, 4)}）`))["zh-CN"],
  };
  const span = spanText(first, input);
  const verb = score.direction === "higher" ? { en: "lowers", "zh-CN": "下降" } : { en: "raises", "zh-CN": "上升" };
  return [
    {
      id: "needed",
      verdict: "info",
      severity: "low",
      text: {
        en: `**The model needs ${first.measure.feature} most.** Shuffling it ${verb.en} ${score.label.en} by ${span.en}; adjusted ${pText(first.measure.p_adjusted ?? 1)}, n = ${n}${rest.length > 0 ? `. Then come ${also.en}` : ""}. ${countText(needed.length)} of ${countText(features.length)} features are shown to be needed.`,
        "zh-CN": `**模型最依赖 ${first.measure.feature}。** 打乱它使${score.label["zh-CN"]}${verb["zh-CN"]} ${span["zh-CN"]}；校正 ${pText(first.measure.p_adjusted ?? 1)}，n = ${n}${rest.length > 0 ? `。其次是 ${also["zh-CN"]}` : ""}。${countText(features.length)} 个特征中有 ${countText(needed.length)} 个显示为模型所依赖。`,
      },
      measures: needed.slice(0, 4).map((feature) => feature.index),
      ...shown,
    },
  ];
}

/** A protected column that a model is shown to need is worth a person's look, whatever the policy. */
function protectedFindings(
  needed: readonly Found[],
  names: readonly string[],
  score: ImportanceScore,
  input: ImportanceInput,
): Finding[] {
  return needed.flatMap((feature, rank): Finding[] => {
    const name = feature.measure.feature ?? "";
    const members = Object.hasOwn(input.groups, name) ? (input.groups[name] ?? []) : [name];
    const held = members.filter((member) => names.includes(member));
    if (held.length === 0) return [];
    const span = spanText(feature, input);
    const isGroup = members.length > 1;
    const list = listText(held);
    const pair = `${span.en} when ${isGroup ? "the group" : "it"} is shuffled (adjusted ${pText(feature.measure.p_adjusted ?? 1)})`;
    const claim = isGroup
      ? {
          en: `The model uses ${name}, inputs that hold ${held.length === 1 ? `${list.en}, a protected column` : `the protected columns ${list.en}`}.`,
          "zh-CN": `模型使用了特征组 ${name}，其中包含受保护属性 ${list["zh-CN"]}。`,
        }
      : { en: `The model uses ${name}, a protected column.`, "zh-CN": `模型使用了受保护属性 ${name}。` };
    const apart = isGroup
      ? {
          en: ` How much of that is ${held.length === 1 ? "its" : "their"} own the group does not tell: shuffle ${held.length === 1 ? "it" : "them"} alone.`,
          "zh-CN": `其中有多少来自受保护属性本身，从整组看不出来：请将其单独打乱。`,
        }
      : { en: "", "zh-CN": "" };
    return [
      {
        id: `protected-${name}`,
        verdict: "info",
        severity: "high",
        text: {
          en: `**${claim.en}** ${isGroup ? "The group" : "It"} is number ${rank + 1} of what the model needs: ${score.label.en} changes by ${pair}.${apart.en} Ask whether ${held.length === 1 ? "it" : "they"} may be ${held.length === 1 ? "an input" : "inputs"} at all, and see the fairness audits for the gaps between ${held.length === 1 ? "its" : "their"} groups.`,
          "zh-CN": `**${claim["zh-CN"]}** 在模型所依赖的特征中排第 ${rank + 1}：打乱它使${score.label["zh-CN"]}变化 ${span["zh-CN"]}（校正 ${pText(feature.measure.p_adjusted ?? 1)}）。${apart["zh-CN"]}请考虑它是否可以作为输入；各群体之间的差距见公平性审计。`,
        },
        measures: [feature.index],
        ...shown,
      },
    ];
  });
}

function idleFinding(features: readonly Found[], needed: readonly Found[], score: ImportanceScore): Finding[] {
  const idle = features.filter((feature) => !needed.includes(feature));
  if (idle.length === 0 || needed.length === 0) return [];
  const most = Math.max(...idle.map(({ measure, value }) => measure.high ?? value));
  const names = listText(idle.slice(0, 8).map(({ measure }) => measure.feature ?? ""));
  const more = idle.length > 8;
  return [
    {
      id: "not-shown",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Not shown to be needed: ${names.en}${more ? ` and ${idle.length - 8} more` : ""}.** The data leave room for at most ${decimalText(Math.max(0, most), 4)} of ${score.label.en} each; features that tell the same share what they add.`,
        "zh-CN": `**未显示为模型所依赖：${names["zh-CN"]}${more ? `等 ${idle.length} 个` : ""}。** 按这些数据，每个特征最多影响${score.label["zh-CN"]} ${decimalText(Math.max(0, most), 4)}；含义相同的特征会分摊其作用。`,
      },
      measures: idle.map((feature) => feature.index),
      table: "importance",
    },
  ];
}

function missingFinding(measures: readonly Measure[]): Finding[] {
  const index = measures.findIndex((measure) => measure.metric === "missing-count");
  const rows = measures[index]?.value ?? 0;
  if (rows === 0) return [];
  return [
    {
      id: "missing",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${countText(rows)} rows without a label are left out.**`,
        "zh-CN": `**有 ${countText(rows)} 行缺少标签，未计入。**`,
      },
      measures: [index],
    },
  ];
}
