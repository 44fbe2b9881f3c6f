import type { Finding, LocalizedText, Measure } from "@assay/schema";
import type { AuditContext, Conclusion } from "../../define.ts";
import { criticalValue, normalQuantile } from "../../statistics/normal.ts";
import { countText, decimalText, listText, percentText, pText, tidyChinese } from "../../wording/index.ts";
import type { ClassificationInput } from "./settings.ts";
import { neverPredicted } from "./unknown.ts";

/** Fewer rows of a class than this, and its recall is too wide to judge. */
const few = 30;

interface Found {
  readonly index: number;
  readonly measure: Measure;
  readonly value: number;
}

/** Findings speak of what was measured; pass and fail come from the plan's rules. */
export function judgeClassification({ measures }: Conclusion, context: AuditContext<ClassificationInput>): Finding[] {
  const find = (metric: string, name?: string): Found | null => {
    const index = measures.findIndex((measure) => measure.metric === metric && measure.class === name);
    const measure = measures[index];
    return measure && measure.value !== null ? { index, measure, value: measure.value } : null;
  };
  const level = percentText(context.input.confidence, 0);
  const span = (found: Found): LocalizedText => spanText(found, level, percent);
  const findings: Finding[] = [
    ...accuracyFinding(find, span).map((finding) => ({ ...finding, table: "report", figure: "confusion" })),
    ...rankingFinding(find, context.input.confidence).map((finding) => ({ ...finding, figure: "roc" })),
    ...calibrationFinding(find, measures, context.input.confidence).map((finding) => ({
      ...finding,
      figure: "reliability",
    })),
    ...classFindings(measures, find, span).map((finding) => ({ ...finding, table: "report" })),
    ...missingFinding(find),
  ];
  return findings.map((finding) => ({
    ...finding,
    text: { en: finding.text.en, "zh-CN": tidyChinese(finding.text["zh-CN"]) },
  }));
}

type Find = (metric: string, name?: string) => Found | null;
const percent = (value: number): string => percentText(value);

function spanText(found: Found, level: string, show: (value: number) => string): LocalizedText {
  const { low, high } = found.measure;
  if (low === undefined || high === undefined) return { en: show(found.value), "zh-CN": show(found.value) };
  return {
    en: `${show(found.value)} (${level} interval ${show(low)} to ${show(high)})`,
    "zh-CN": `${show(found.value)}（${level} 区间 ${show(low)} 至 ${show(high)}）`,
  };
}

function accuracyFinding(find: Find, span: (found: Found) => LocalizedText): Finding[] {
  const accuracy = find("accuracy");
  const baseline = find("baseline-accuracy");
  const gain = find("accuracy-gain");
  if (!accuracy || !baseline || !gain) return [];
  const { low = -1, high = 1, p = 1, n = 0 } = gain.measure;
  const points = (value: number): string => decimalText(value * 100, 1);
  const facts = {
    en: `Of ${countText(n)} rows, ${span(accuracy).en} agree with the label; always saying the commonest class would agree with ${percentText(baseline.value)}: a gain of ${points(gain.value)} points (${points(low)} to ${points(high)}; ${pText(p)}).`,
    "zh-CN": `在 ${countText(n)} 行中，${span(accuracy)["zh-CN"]} 与标签一致；若总是给出最常见的类别，则有 ${percentText(baseline.value)} 一致：提升 ${points(gain.value)} 个百分点（${points(low)} 至 ${points(high)}；${pText(p)}）。`,
  };
  const verdict = low > 0 ? "info" : high < 0 ? "info" : "indeterminate";
  // Then no prediction can gain anything, however good.
  const isOneClass = baseline.value === 1;
  const claim: LocalizedText =
    low > 0
      ? {
          en: "Predictions agree with the label more often than a constant guess.",
          "zh-CN": "预测与标签一致的比例高于固定猜测。",
        }
      : high < 0
        ? {
            en: "Predictions agree with the label less often than a constant guess.",
            "zh-CN": "预测与标签一致的比例低于固定猜测。",
          }
        : isOneClass
          ? { en: "One class is all there is.", "zh-CN": "标签只有一个类别。" }
          : {
              en: "It cannot be told whether predictions beat a constant guess.",
              "zh-CN": "尚不能判断预测是否优于固定猜测。",
            };
  const advice: LocalizedText =
    high < 0
      ? {
          en: " Unless one kind of error costs far more than the other, the decision rule loses against saying nothing.",
          "zh-CN": " 除非一类错误的代价远高于另一类，否则这一判定规则还不如不作判断。",
        }
      : low > 0
        ? { en: "", "zh-CN": "" }
        : isOneClass
          ? {
              en: " Nothing can be told of telling classes apart: rows of another class are needed.",
              "zh-CN": " 无从得知能否区分不同类别：需要另一类别的数据。",
            }
          : { en: " More rows, or a better threshold, are needed.", "zh-CN": " 需要更多数据，或更合适的阈值。" };
  return [
    {
      id: "accuracy",
      verdict,
      severity: high < 0 ? "high" : low > 0 ? "low" : "medium",
      text: {
        en: `**${claim.en}** ${facts.en}${advice.en}`,
        "zh-CN": `**${claim["zh-CN"]}** ${facts["zh-CN"]}${advice["zh-CN"]}`,
      },
      measures: [accuracy.index, baseline.index, gain.index],
    },
  ];
}

function rankingFinding(find: Find, confidence: number): Finding[] {
  const auc = find("roc-auc");
  if (!auc) return [];
  const { low = 0, high = 1, n = 0 } = auc.measure;
  const facts = spanText(auc, percentText(confidence, 0), percent);
  const verdict = low > 0.5 || high < 0.5 ? "info" : "indeterminate";
  // Four fifths of such samples would show a true AUC this far from chance: at 95 %, (1.96 + 0.84) standard errors.
  const z = criticalValue(confidence);
  const shown = ((z + normalQuantile(0.8)) / (2 * z)) * (high - low);
  const claim: LocalizedText =
    low > 0.5
      ? { en: "The score ranks positives above negatives.", "zh-CN": "分数把正例排在负例之前。" }
      : high < 0.5
        ? { en: "The score ranks the wrong way round.", "zh-CN": "分数的排序方向相反。" }
        : {
            en: "It cannot be told whether the score ranks better than chance.",
            "zh-CN": "尚不能判断分数的排序是否优于随机。",
          };
  const rest: LocalizedText =
    low > 0.5
      ? { en: "", "zh-CN": "" }
      : high < 0.5
        ? {
            en: " Check that a higher score means more likely positive, and which class `positive` names.",
            "zh-CN": " 请检查是否分数越高越可能为正例，以及 `positive` 指的是哪一类。",
          }
        : {
            en: ` This sample would show a distance of ${decimalText(shown * 100, 1)} points from 50 % four times in five.`,
            "zh-CN": ` 这一样本有五分之四的把握发现与 50 % 相差 ${decimalText(shown * 100, 1)} 个百分点的情形。`,
          };
  return [
    {
      id: "ranking",
      verdict,
      severity: high < 0.5 ? "high" : low > 0.5 ? "low" : "medium",
      text: {
        en: `**${claim.en}** In ${facts.en} of pairs the positive row has the higher score, ties counted half; chance gives 50 % (n = ${countText(n)}).${rest.en}`,
        "zh-CN": `**${claim["zh-CN"]}** 在一正一负的配对中，正例分数更高的占 ${facts["zh-CN"]}，相等计一半；随机为 50 %（n = ${countText(n)}）。${rest["zh-CN"]}`,
      },
      measures: [auc.index],
    },
  ];
}

function calibrationFinding(find: Find, measures: readonly Measure[], confidence: number): Finding[] {
  const error = find("expected-calibration-error");
  const debiased = find("expected-calibration-error-debiased");
  if (!error || !debiased) {
    const index = measures.findIndex((measure) => measure.metric === "expected-calibration-error");
    const reason = measures[index]?.reason;
    if (!reason?.startsWith("score outside")) return [];
    return [
      {
        id: "calibration",
        verdict: "info",
        severity: "low",
        text: {
          en: "**The score is not a probability.** Some scores lie outside [0, 1], so that Brier score, log loss and calibration say nothing and are left out; ranking measures stand.",
          "zh-CN":
            "**分数不是概率。** 有分数超出 [0, 1]，因此 Brier 分数、对数损失与校准均无意义，不予给出；排序类指标不受影响。",
        },
        measures: [index],
      },
    ];
  }
  const mean = find("mean-score");
  const rate = find("base-rate");
  const { low = 0, high = 1, p = 1, n = 0 } = debiased.measure;
  const points = (value: number): string => decimalText(value * 100, 1);
  const off = p < 1 - confidence;
  const level = percentText(confidence, 0);
  const side: LocalizedText =
    mean && rate
      ? {
          en: ` On average the score says ${percentText(mean.value)} and ${percentText(rate.value)} come true.`,
          "zh-CN": ` 平均而言，分数给出 ${percentText(mean.value)}，实际为 ${percentText(rate.value)}。`,
        }
      : { en: "", "zh-CN": "" };
  // Many rows show gaps too small to matter; a gap whose interval ends below three points is told as small.
  const small = high < 0.03;
  const advice: LocalizedText = !off
    ? { en: "", "zh-CN": "" }
    : small
      ? {
          en: " The gap is small: ask whether it matters where the score is read as a chance.",
          "zh-CN": " 差距不大：请考虑在把分数当作概率使用之处，它是否要紧。",
        }
      : {
          en: " Read the score as a rank, or recalibrate it on other rows before anyone reads it as a chance.",
          "zh-CN": " 在有人把它当作概率解读之前，请只把它当作排序，或用另外的数据重新校准。",
        };
  const claim: LocalizedText = off
    ? small
      ? { en: "Scores differ a little from the probabilities they claim.", "zh-CN": "分数与其声称的概率略有出入。" }
      : { en: "Scores are not the probabilities they claim.", "zh-CN": "分数与其声称的概率不符。" }
    : { en: "No miscalibration is shown.", "zh-CN": "未发现校准偏差。" };
  return [
    {
      id: "calibration",
      verdict: off ? "info" : "indeterminate",
      severity: off && low > 0.05 ? "high" : off && !small ? "medium" : "low",
      text: {
        en: `**${claim.en}** Score and outcome lie ${points(debiased.value)} points apart on average, less what chance adds (${level} interval ${points(low)} to ${points(high)}; ${points(error.value)} as it stands; ${pText(p)}; n = ${countText(n)}).${side.en}${advice.en}`,
        "zh-CN": `**${claim["zh-CN"]}** 扣除偶然部分后，分数与结果平均相差 ${points(debiased.value)} 个百分点（${level} 区间 ${points(low)} 至 ${points(high)}；未扣除时为 ${points(error.value)}；${pText(p)}；n = ${countText(n)}）。${side["zh-CN"]}${advice["zh-CN"]}`,
      },
      measures: [debiased.index, error.index],
    },
  ];
}

function classFindings(measures: readonly Measure[], find: Find, span: (found: Found) => LocalizedText): Finding[] {
  const recalls = measures.flatMap((measure, index): Found[] =>
    measure.metric === "recall" && measure.class !== undefined && measure.value !== null
      ? [{ index, measure, value: measure.value }]
      : [],
  );
  const findings: Finding[] = [];
  const enough = recalls.filter((recall) => (recall.measure.n ?? 0) >= few);
  const weakest = [...enough].sort((a, b) => a.value - b.value)[0];
  const best = [...enough].sort((a, b) => b.value - a.value)[0];
  if (weakest && best && (weakest.measure.high ?? 1) < (best.measure.low ?? 0)) {
    const precision = find("precision", weakest.measure.class);
    const more: LocalizedText = precision
      ? {
          en: ` Of rows predicted as it, ${span(precision).en} are.`,
          "zh-CN": ` 被预测为该类的行中，${span(precision)["zh-CN"]} 确属该类。`,
        }
      : { en: "", "zh-CN": "" };
    const name = weakest.measure.class ?? "";
    findings.push({
      id: "weakest-class",
      verdict: "info",
      severity: weakest.value < 0.5 ? "medium" : "low",
      text: {
        en: `**Rows of class ${name} are missed most.** ${span(weakest).en} of its ${countText(weakest.measure.n ?? 0)} rows are predicted as it, against ${span(best).en} for class ${best.measure.class ?? ""}.${more.en}`,
        "zh-CN": `**类别 ${name} 漏判最多。** 该类 ${countText(weakest.measure.n ?? 0)} 行中，${span(weakest)["zh-CN"]} 被正确预测；类别 ${best.measure.class ?? ""} 为 ${span(best)["zh-CN"]}。${more["zh-CN"]}`,
      },
      measures: [weakest.index, best.index, ...(precision ? [precision.index] : [])],
    });
  }
  const thin = recalls.filter((recall) => (recall.measure.n ?? 0) < few);
  if (thin.length > 0) {
    const names = listText(thin.slice(0, 12).map((recall) => recall.measure.class ?? ""));
    findings.push({
      id: "thin-classes",
      verdict: "indeterminate",
      severity: "low",
      text: {
        en: `**Too few rows to judge ${thin.length === 1 ? "one class" : `${thin.length} classes`}.** Fewer than ${few} rows have the label ${names.en}${thin.length > 12 ? " and others" : ""}; their recall is told with its wide interval.`,
        "zh-CN": `**${thin.length} 个类别数据太少，无法判断。** 标签为 ${names["zh-CN"]}${thin.length > 12 ? " 等" : " "}的行不足 ${few} 行；其召回率连同很宽的区间一并列出。`,
      },
      measures: thin.map((recall) => recall.index),
    });
  }
  const silent = measures.flatMap((measure, index) =>
    measure.metric === "precision" &&
    measure.class !== undefined &&
    measure.reason === neverPredicted &&
    find("recall", measure.class) !== null
      ? [{ measure, index }]
      : [],
  );
  if (silent.length > 0) {
    const names = listText(silent.map(({ measure }) => measure.class ?? ""));
    findings.push({
      id: "never-predicted",
      verdict: "info",
      severity: "medium",
      text: {
        en: `**Never predicted: ${names.en}.** Precision is not defined there; macro and weighted averages count it as 0.`,
        "zh-CN": `**从未预测过：${names["zh-CN"]}。** 其精确率没有定义；宏平均与加权平均按 0 计。`,
      },
      measures: silent.map(({ index }) => index),
    });
  }
  return findings;
}

function missingFinding(find: Find): Finding[] {
  const missing = find("missing-count");
  if (!missing || missing.value === 0) return [];
  return [
    {
      id: "missing",
      verdict: "info",
      severity: "low",
      text: {
        en: `**${countText(missing.value)} rows are left out.** They have no label, no prediction, decision or score, or no weight.`,
        "zh-CN": `**有 ${countText(missing.value)} 行未计入。** 这些行缺少标签，或缺少预测、决定、分数或权重。`,
      },
      measures: [missing.index],
    },
  ];
}
