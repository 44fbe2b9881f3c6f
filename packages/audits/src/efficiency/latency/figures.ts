import type { Figure } from "@assay/schema";
import { countText, decimalText, shareText } from "../../wording/index.ts";
import { splitOf } from "./conclude.ts";
import type { Pace } from "./pace.ts";
import type { LatencyInput } from "./settings.ts";

const bins = 30;

/** How long calls took. The few that took far longer are counted in words: they would press all others into one bar. */
export function callsFigure(pace: Pace): Figure {
  const { sorted } = pace;
  const from = sorted[0] ?? 0;
  const most = Math.min(pace.slowest, Math.max(pace.p99.value * 1.1, from * 1.001));
  const width = (most - from) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  let beyond = 0;
  for (const ms of sorted) {
    const bin = ms >= most ? bins - 1 : Math.floor((ms - from) / width);
    if (ms > most) beyond++;
    else counts[Math.min(bins - 1, bin)] = (counts[Math.min(bins - 1, bin)] ?? 0) + 1;
  }
  const rows = pace.batch === 1 ? "one row" : `${countText(pace.batch)} rows`;
  return {
    kind: "histogram",
    id: "times",
    title: { en: "How long a call takes", "zh-CN": "单次调用耗时" },
    caption: {
      en: `${countText(sorted.length)} calls of ${rows} each on ${pace.description}, after warm-up.${beyond > 0 ? ` ${countText(beyond)} longer ones, up to ${msText(pace.slowest)}, lie outside the picture; they count in every number.` : ""}`,
      "zh-CN": `预热后在 ${pace.description} 上的 ${countText(sorted.length)} 次调用，每次 ${countText(pace.batch)} 行。${beyond > 0 ? `另有 ${countText(beyond)} 次更久（最长 ${msText(pace.slowest)}），超出图示范围，但计入所有数字。` : ""}`,
    },
    xTitle: { en: "Milliseconds", "zh-CN": "毫秒" },
    yTitle: { en: "Calls", "zh-CN": "调用次数" },
    series: [
      {
        label: { en: "calls", "zh-CN": "调用" },
        bins: counts.map((count, bin) => ({ from: from + bin * width, to: from + (bin + 1) * width, count })),
      },
    ],
  };
}

/** Rows in a second by batch size; nothing to compare with one alone. */
export function throughputFigure(paces: readonly Pace[], first: Pace, input: LatencyInput): readonly Figure[] {
  if (paces.length < 2) return [];
  const level = shareText(input.confidence);
  return [
    {
      kind: "intervals",
      id: "throughput",
      title: { en: "Rows in a second", "zh-CN": "每秒处理行数" },
      caption: {
        en: `Rows in a second at the median call, one call after another, with the ${level} interval.`,
        "zh-CN": `逐次调用、按调用耗时中位数折算的每秒行数，附 ${level} 区间。`,
      },
      unit: "count",
      xTitle: { en: "Rows in a second", "zh-CN": "每秒行数" },
      rows: paces.map((pace) => {
        const { value, interval } = pace.median;
        const rate = (ms: number | undefined): number | null =>
          ms === undefined || !(ms > 0) ? null : (pace.batch * 1000) / ms;
        const label = splitOf(pace, first);
        return {
          label: { en: label, "zh-CN": label.replace("batch", "批量") },
          value: rate(value),
          low: rate(interval?.high),
          high: rate(interval?.low),
          n: pace.sorted.length,
          few: interval === null,
        };
      }),
      reference: null,
    },
  ];
}

/** 0.0423 → `0.042 ms`: three digits or so, as milliseconds are told. */
export function msText(ms: number): string {
  return `${decimalText(ms, ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : ms >= 0.1 ? 3 : 4)} ms`;
}
