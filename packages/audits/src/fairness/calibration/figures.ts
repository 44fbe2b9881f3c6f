import type { Figure, LocalizedText } from "@assay/schema";
import { columnsText, groupText } from "../../groups/reading.ts";
import { isProbability, reliabilityBins, rocPoints, type ScoreCurve, wilson } from "../../statistics/index.ts";
import { percentText } from "../../wording/index.ts";
import type { ScoredGroup, ScoredGrouping } from "./conclude.ts";
import type { Input } from "./settings.ts";

/** Curves that can be told apart in one figure. */
const mostDrawn = 7;

export function figuresOf(groupings: readonly ScoredGrouping[], all: ScoreCurve, input: Input): Figure[] {
  return groupings.flatMap(({ by, groups }, place): Figure[] => {
    // Crossed columns have more curves than can be read.
    if (by.length > 1) return [];
    const largest = [...groups]
      .filter(({ known, rows }) => known && rows >= input.min_count)
      .sort((a, b) => b.rows - a.rows)
      .slice(0, mostDrawn);
    const drawn = groups.filter((group) => largest.includes(group));
    if (drawn.length === 0) return [];
    const cut = groups.filter(({ known }) => known).length > drawn.length;
    const told: LocalizedText = cut
      ? {
          en: ` The ${drawn.length} largest groups of at least ${input.min_count} rows are drawn.`,
          "zh-CN": `图中为至少 ${input.min_count} 行的组中最大的 ${drawn.length} 个。`,
        }
      : { en: "", "zh-CN": "" };
    return [
      ...(isProbability(all) ? [reliability(by, drawn, place, told, input)] : []),
      ...roc(by, drawn, place, told),
    ];
  });
}

function reliability(
  by: readonly string[],
  groups: readonly ScoredGroup[],
  place: number,
  told: LocalizedText,
  { bins, confidence }: Input,
): Figure {
  return {
    kind: "curves",
    id: `reliability-${place + 1}`,
    title: {
      en: `What scores say and what comes, by ${columnsText(by)}`,
      "zh-CN": `按 ${columnsText(by)} 看分数与实际结果`,
    },
    caption: {
      en: `Rows of each group are put into bins by score. Across: their mean score; up: the share that is positive, with its ${percentText(confidence, 0)} interval. On the diagonal a score is the probability it says; where groups part, one score means different things.${told.en}`,
      "zh-CN": `各组的行按分数分箱。横轴为箱内平均分数，纵轴为正例比例及其 ${percentText(confidence, 0)} 区间。落在对角线上，说明分数就是它所声称的概率；各组分离，说明同一分数的含义因组而异。${told["zh-CN"]}`,
    },
    xTitle: { en: "Mean score", "zh-CN": "平均分数" },
    yTitle: { en: "Share positive", "zh-CN": "正例比例" },
    diagonal: true,
    series: groups.map((group) => ({
      label: groupText(group.values),
      mark: "dot",
      points: reliabilityBins(group.curve, bins).map((bin): [number, number, number, number] => {
        const { low, high } = wilson(bin.rate * bin.rows, bin.rows, confidence);
        return [bin.score, bin.rate, low, high];
      }),
    })),
  };
}

function roc(by: readonly string[], groups: readonly ScoredGroup[], place: number, told: LocalizedText): Figure[] {
  const series = groups.flatMap((group) => {
    const points = rocPoints(group.curve, 256);
    return points === null ? [] : [{ label: groupText(group.values), mark: "line" as const, points }];
  });
  if (series.length < 2) return [];
  return [
    {
      kind: "curves",
      id: `roc-${place + 1}`,
      title: {
        en: `How well the score ranks, by ${columnsText(by)}`,
        "zh-CN": `按 ${columnsText(by)} 看分数的排序能力`,
      },
      caption: {
        en: `Each point is one threshold: the share of a group's negative rows at or above it (across) and of its positive rows (up). The area between two curves is ABROCA.${told.en}`,
        "zh-CN": `每个点对应一个阈值：横轴是该组不低于该阈值的负例比例，纵轴是正例比例。两条曲线之间的面积即 ABROCA。${told["zh-CN"]}`,
      },
      xTitle: { en: "False-positive rate", "zh-CN": "假正例率" },
      yTitle: { en: "True-positive rate", "zh-CN": "真正例率" },
      diagonal: true,
      series,
    },
  ];
}
