import type { Finding, LocalizedText } from "@assay/schema";
import type { AuditContext } from "../../../define.ts";
import { type GapClaim, gapFinding, lowered } from "../../../groups/gap-finding.ts";
import { plainText, type Reading } from "../../../groups/reading.ts";
import type { Metric } from "../../../metrics/index.ts";
import { countText, percentText } from "../../../wording/index.ts";
import { claims } from "../binary/claims.ts";
import { rateGap } from "../binary/judge.ts";
import { judgeStrata } from "../judge-strata.ts";
import { leftOutGroups, leftOutRows, manyGroups, unknownGroups } from "../judge-who.ts";
import type { Input } from "../settings.ts";
import { classFigureId, drawnClasses } from "./figures.ts";
import { accuracy, labelOf, probabilitiesFor, ratesFor, stratifiedOfClasses, tableMetrics } from "./given.ts";
import { mostClasses, mostRated } from "./limits.ts";

const accuracyClaim: GapClaim = {
  ...accuracyGap(),
  advice: {
    en: "Chance alone does not explain it: some groups are predicted less well; look at what the model knows of them, and at the classes it confuses there.",
    "zh-CN": "仅凭偶然难以解释：某些组的预测更不准确；应查看模型对这些组掌握了什么信息，以及在这些组中混淆了哪些类别。",
  },
};

function accuracyGap(): GapClaim {
  const claim = claims.find(({ metric }) => metric === accuracy.name);
  if (!claim) throw new Error("no claim about accuracy");
  return rateGap({
    ...claim,
    outcome: { en: "were predicted as their label says", "zh-CN": "预测与标签一致" },
  });
}

const f1Claim: GapClaim = {
  metric: "f1-macro",
  label: { en: "macro F1", "zh-CN": "F1（宏平均）" },
  subject: { en: "F1, averaged over classes,", "zh-CN": "各类别平均的 F1" },
  verb: "differs",
  between: (most, least): LocalizedText => ({
    en: `Macro F1, in which rare classes count as much as common ones, is ${percentText(most.value)} for ${most.name.en} and ${percentText(least.value)} for ${least.name.en}`,
    "zh-CN": `宏平均 F1（少见类别与常见类别同等计入），${most.name["zh-CN"]} 为 ${percentText(most.value)}，${least.name["zh-CN"]} 为 ${percentText(least.value)}`,
  }),
  spread: { en: "Macro F1", "zh-CN": "宏平均 F1" },
  advice: {
    en: "Chance alone does not explain it; look at which classes are rare in which group.",
    "zh-CN": "仅凭偶然难以解释；应查看各组中哪些类别较少。",
  },
};

const calibrationClaim: GapClaim = {
  metric: "expected-calibration-error",
  label: { en: "calibration error", "zh-CN": "校准误差" },
  subject: { en: "Calibration", "zh-CN": "校准" },
  verb: "differs",
  between: (most, least): LocalizedText => ({
    en: `Over bins of the largest probability, that probability and the share predicted rightly lie ${percentText(most.value)} apart on average for ${most.name.en} and ${percentText(least.value)} for ${least.name.en}`,
    "zh-CN": `按最大概率分箱，该概率与预测正确的比例平均相差，${most.name["zh-CN"]} 为 ${percentText(most.value)}、${least.name["zh-CN"]} 为 ${percentText(least.value)}`,
  }),
  spread: {
    en: "Over bins of the largest probability, the mean distance of that probability and the share predicted rightly",
    "zh-CN": "按最大概率分箱，该概率与预测正确的比例的平均差距",
  },
  advice: {
    en: "The model is not equally sure of itself with equal right in every group; recalibrate its probabilities on other rows before anyone reads them as chances.",
    "zh-CN": "模型在各组中的把握并不同样可信；在有人把概率当作真实机会解读之前，应用另外的数据重新校准。",
  },
};

export function judgeClasses(reading: Reading, context: AuditContext<Input>): Finding[] {
  const { roles } = context;
  const names = namesOf(reading);
  const classes = reading.find({ metric: "classes" })?.value ?? 0;
  const findings: Finding[] = [];
  const hasTable = roles.labelText !== null && classes <= mostClasses;
  const rated = names;
  for (const by of roles.groupings) {
    if (hasTable) {
      findings.push(...gapFinding(accuracyClaim, by, reading, context, "disparities"));
      findings.push(...gapFinding(f1Claim, by, reading, context, "disparities"));
    }
    if (probabilitiesFor(roles).length > 0) {
      findings.push(...gapFinding(calibrationClaim, by, reading, context, "score-disparities"));
    }
    for (const metric of ratesFor(roles)) {
      const claim = classClaim(metric, rated, by, reading, context);
      if (claim) findings.push(...gapFinding(claim, by, reading, context, "disparities"));
    }
    const told = [
      ...(hasTable ? [accuracy, ...tableMetrics(roles)] : []),
      ...ratesFor(roles).flatMap((metric) =>
        rated.map((name) => ({ name: metric.name, label: labelOf(metric, plainText(name)), class: name })),
      ),
    ];
    findings.push(...leftOutGroups(by, reading, context, told));
  }
  const texts = rated.map((name) => ({ name, text: plainText(name) }));
  return [
    ...findings,
    ...judgeStrata(reading, stratifiedOfClasses(roles, texts), context),
    ...leftOutRows(reading, ["prediction", "label", "weight"]),
    ...unmeasured(classes, context),
    ...unknownGroups(reading, context),
    ...manyGroups(reading, context),
  ];
}

/** The sentence about one rate: of the class in which the gap is surest, then widest, and how many others differ. */
function classClaim(
  metric: Metric,
  names: readonly string[],
  by: readonly string[],
  reading: Reading,
  context: AuditContext<Input>,
): GapClaim | null {
  const gaps = names.flatMap((name, index) => {
    const gap = reading.find({ metric: `${metric.name}-difference`, by: [...by], class: name });
    return gap === null || gap.value === null ? [] : [{ index, name, value: gap.value, p: gap.p_adjusted ?? 1 }];
  });
  const [first] = [...gaps].sort((a, b) => a.p - b.p || b.value - a.value);
  if (!first) return null;
  const sure = gaps.filter(({ p }) => p < 1 - context.input.confidence).length;
  const name = plainText(first.name);
  const label = labelOf(metric, name);
  const words = phrases(name)[metric.name];
  if (!words) return null;
  return {
    metric: metric.name,
    class: first.name,
    id: classFigureId(metric.name, first.index),
    isDrawn: drawnClasses(metric.name, names, by, reading).includes(first.index),
    label: { en: lowered(label.en), "zh-CN": label["zh-CN"] },
    subject: words.subject,
    verb: "differs",
    between: (most, least) => ({
      en: `${words.among.en}, ${percentText(most.value)} of ${most.name.en} and ${percentText(least.value)} of ${least.name.en} ${words.outcome.en}`,
      "zh-CN": `${words.among["zh-CN"]}，${most.name["zh-CN"]} 有 ${percentText(most.value)}、${least.name["zh-CN"]} 有 ${percentText(least.value)} ${words.outcome["zh-CN"]}`,
    }),
    spread: {
      en: `${words.among.en}, the share that ${words.outcome.en}`,
      "zh-CN": `${words.among["zh-CN"]}，${words.outcome["zh-CN"]}的比例`,
    },
    ...(gaps.length > 1
      ? {
          beside: {
            en: ` The gap is significant in ${countText(sure)} of ${countText(gaps.length)} classes.`,
            "zh-CN": `${countText(gaps.length)} 个类别中，差距显著的有 ${countText(sure)} 个。`,
          },
        }
      : {}),
    advice: {
      en: "Chance alone does not explain it; find out what drives it before relying on these predictions.",
      "zh-CN": "仅凭偶然难以解释；采信这些预测之前，应先查明成因。",
    },
  };
}

interface Phrases {
  readonly subject: LocalizedText;
  readonly among: LocalizedText;
  readonly outcome: LocalizedText;
}

function phrases(name: string): Readonly<Record<string, Phrases>> {
  return {
    "selection-rate": {
      subject: { en: `How often “${name}” is predicted`, "zh-CN": `被预测为“${name}”的比例` },
      among: { en: "Of all rows", "zh-CN": "全部行中" },
      outcome: { en: `were predicted “${name}”`, "zh-CN": `被预测为“${name}”` },
    },
    "true-positive-rate": {
      subject: { en: `How often “${name}” is recognised`, "zh-CN": `“${name}”被识别出的比例` },
      among: { en: `Of rows whose label is “${name}”`, "zh-CN": `标签为“${name}”的行中` },
      outcome: { en: "were predicted so", "zh-CN": "预测正确" },
    },
    "false-positive-rate": {
      subject: { en: `How often “${name}” is predicted wrongly`, "zh-CN": `误判为“${name}”的比例` },
      among: { en: `Of rows whose label is not “${name}”`, "zh-CN": `标签不是“${name}”的行中` },
      outcome: { en: "were predicted it all the same", "zh-CN": `却被预测为“${name}”` },
    },
    "positive-predictive-value": {
      subject: { en: `What the prediction “${name}” is worth`, "zh-CN": `预测“${name}”的可靠程度` },
      among: { en: `Of rows predicted “${name}”`, "zh-CN": `被预测为“${name}”的行中` },
      outcome: { en: "are it", "zh-CN": "确实如此" },
    },
  };
}

/** The classes that have measures of their own, in order. */
function namesOf(reading: Reading): readonly string[] {
  return reading.measures.flatMap((measure) =>
    measure.metric === "selection-rate" &&
    measure.class !== undefined &&
    !measure.group &&
    !measure.by &&
    !measure.stratum
      ? [measure.class]
      : [],
  );
}

/** What was not measured of these classes. */
function unmeasured(classes: number, { roles }: AuditContext<Input>): Finding[] {
  const head = { verdict: "info", severity: "low", measures: [] as number[] } as const;
  const findings: Finding[] = [];
  if (roles.labelText === null) {
    findings.push({
      ...head,
      id: "no-label",
      text: {
        en: "**Only predictions are compared, not errors.** The plan names no label, so accuracy and rates of error are left out.",
        "zh-CN": "**只比较了预测，没有比较差错。** 计划没有给出标签，因此略去准确率与各项差错率。",
      },
    });
  }
  if (classes > mostClasses) {
    findings.push({
      ...head,
      id: "many-classes",
      verdict: "indeterminate",
      text: {
        en: `**${countText(classes)} classes are more than can be compared.** At most ${mostClasses} are. If they are numbers, set output to values; texts that stand for a missing number belong in data.missing.`,
        "zh-CN": `**有 ${countText(classes)} 个类别，无法比较。** 最多比较 ${mostClasses} 个。如果它们是数值，请把 output 设为 values；表示缺失数值的文字应列入 data.missing。`,
      },
    });
  } else if (classes > mostRated) {
    findings.push({
      ...head,
      id: "many-classes",
      text: {
        en: `**Rates of single classes are left out.** There are ${countText(classes)} classes; each is compared against the rest where there are at most ${mostRated}. Accuracy and the metrics of the whole table are compared.`,
        "zh-CN": `**略去了单个类别的比率。** 共有 ${countText(classes)} 个类别；不超过 ${mostRated} 个时才逐一与其余类别对照。准确率与整张表的各项指标仍作比较。`,
      },
    });
  }
  return findings;
}
