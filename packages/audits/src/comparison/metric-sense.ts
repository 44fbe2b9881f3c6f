import type { LocalizedText } from "@assay/schema";
import { classMetrics } from "../metrics/classes/index.ts";
import { metrics } from "../metrics/index.ts";
import { scoreMetrics } from "../metrics/scores/index.ts";

/** Which way a metric is better, its name in words, and whether it is read in percent. */
export interface MetricSense {
  readonly direction: "higher" | "lower" | "none";
  readonly label: LocalizedText;
  readonly percent: boolean;
}

/** Metrics beyond those of a decision, a score or a class that have a better side. */
const others: Readonly<Record<string, "higher" | "lower">> = {
  "average-prosecutor-risk": "lower",
  "entropy-l-diversity": "higher",
  "impact-ratio": "higher",
  "k-anonymity": "higher",
  "l-diversity": "higher",
  "latency-ms": "lower",
  "prosecutor-risk": "lower",
  "scoring-impact-ratio": "higher",
  "t-closeness": "lower",
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
  if (of !== undefined && part !== undefined) {
    const inner = own(of);
    const label = inner?.label ?? gapLabels[of] ?? { en: of, "zh-CN": of };
    const isRatio = part === "ratio";
    return {
      direction: isRatio ? "higher" : "lower",
      label: isRatio
        ? { en: `Ratio of ${lower(label.en)} over groups`, "zh-CN": `各组${label["zh-CN"]}之比` }
        : { en: `Gap in ${lower(label.en)}`, "zh-CN": `${label["zh-CN"]}差距` },
      percent: !isRatio && (inner?.percent ?? true),
    };
  }
  return { direction: others[name] ?? "none", label: { en: name, "zh-CN": name }, percent: false };
}

function own(name: string): MetricSense | null {
  for (const metric of [...metrics, ...scoreMetrics]) {
    if (metric.name !== name) continue;
    const isShare = metric.range[0] === 0 && metric.range[1] === 1;
    const percent = isShare && metrics.some((one) => one.name === name) && name !== "f1";
    return { direction: metric.direction, label: metric.label, percent };
  }
  if (classMetrics.some((metric) => metric.name === name)) {
    return { direction: "higher", label: { en: name, "zh-CN": name }, percent: false };
  }
  return null;
}

/** A name within a sentence: abbreviations and names of people keep their capital. */
function lower(text: string): string {
  return /^([A-Z][A-Z0-9]|Cohen|Matthews)/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
