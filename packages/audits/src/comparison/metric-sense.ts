import type { LocalizedText } from "@assay/schema";
import { classMetrics } from "../metrics/classes/index.ts";
import { metrics } from "../metrics/index.ts";
import { scoreMetrics } from "../metrics/scores/index.ts";

/** Which way a metric is better, its name in words, and whether it is read in percent. */
export interface MetricSense {
  readonly direction: "higher" | "lower" | "none";
  readonly label: LocalizedText;
  readonly percent: boolean;
  /** False: `label` is the metric's id, for want of words. */
  readonly named: boolean;
}

/** Metrics beyond those of a decision, a score or a class that have a better side. */
const others: Readonly<Record<string, readonly ["higher" | "lower", LocalizedText]>> = {
  "average-prosecutor-risk": ["lower", { en: "Average prosecutor risk", "zh-CN": "平均检察官风险" }],
  "entropy-l-diversity": ["higher", { en: "Entropy l-diversity", "zh-CN": "熵 l-多样性" }],
  "impact-ratio": ["higher", { en: "Impact ratio", "zh-CN": "影响比" }],
  "k-anonymity": ["higher", { en: "k-anonymity", "zh-CN": "k-匿名" }],
  "l-diversity": ["higher", { en: "l-diversity", "zh-CN": "l-多样性" }],
  "latency-ms": ["lower", { en: "Median latency", "zh-CN": "延迟中位数" }],
  "prosecutor-risk": ["lower", { en: "Prosecutor risk", "zh-CN": "检察官风险" }],
  "scoring-impact-ratio": ["higher", { en: "Scoring impact ratio", "zh-CN": "评分影响比" }],
  "t-closeness": ["lower", { en: "t-closeness", "zh-CN": "t-接近度" }],
};

const gapLabels: Readonly<Record<string, LocalizedText>> = {
  "demographic-parity": { en: "Demographic parity", "zh-CN": "人口统计均等" },
  "equalized-odds": { en: "Equalized odds", "zh-CN": "均等化几率" },
};

/** Sense of a metric by its name, gaps and ratios of metrics too. */
export function metricSense(name: string): MetricSense {
  const [, of, part] = /^(.+?)-(difference-corrected|difference|ratio)$/.exec(name) ?? [];
  const base = own(name);
  if (base !== null) return base;
  const other = Object.hasOwn(others, name) ? others[name] : undefined;
  if (other !== undefined) return { direction: other[0], label: other[1], percent: false, named: true };
  if (of !== undefined && part !== undefined) {
    const inner = own(of);
    const known = inner?.label ?? gapLabels[of];
    const label = known ?? { en: of, "zh-CN": of };
    const isRatio = part === "ratio";
    return {
      direction: isRatio ? "higher" : "lower",
      label: isRatio
        ? { en: `Ratio of ${lower(label.en)} over groups`, "zh-CN": `各组${label["zh-CN"]}之比` }
        : { en: `Gap in ${lower(label.en)}`, "zh-CN": `${label["zh-CN"]}差距` },
      percent: !isRatio && (inner?.percent ?? true),
      named: known !== undefined,
    };
  }
  return { direction: "none", label: { en: name, "zh-CN": name }, percent: false, named: false };
}

function own(name: string): MetricSense | null {
  for (const metric of [...metrics, ...scoreMetrics]) {
    if (metric.name !== name) continue;
    const isShare = metric.range[0] === 0 && metric.range[1] === 1;
    const percent = isShare && metrics.some((one) => one.name === name) && name !== "f1";
    return { direction: metric.direction, label: metric.label, percent, named: true };
  }
  const ofClass = classMetrics.find((metric) => metric.name === name);
  return ofClass === undefined ? null : { direction: "higher", label: ofClass.label, percent: false, named: true };
}

/** A name within a sentence: abbreviations and names of people keep their capital. */
function lower(text: string): string {
  return /^([A-Z][A-Z0-9]|Cohen|Matthews)/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
