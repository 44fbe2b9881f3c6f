import type { Figure, LocalizedText } from "@assay/schema";
import { criticalValue } from "../statistics/index.ts";
import { decimalText, percentText } from "../wording/index.ts";
import { type Attributions, type AttributionWords, blocksOf, drawnRows, type FeatureShare } from "./attribution.ts";

/** Features beyond these are in the table. */
const mostShown = 15;
const mostSteps = 9;

/** The global view: how far each feature moves the output, and which way for which values. */
export function attributionFigures(
  shares: readonly FeatureShare[],
  summary: Attributions,
  { figure, value, magnitude, what }: AttributionWords,
  confidence: number,
): Figure[] {
  const shown = [...shares].sort((a, b) => b.magnitude - a.magnitude).slice(0, mostShown);
  if (shown.length === 0) return [];
  const z = criticalValue(confidence);
  const level = percentText(confidence, 0);
  const more = shares.length - shown.length;
  const rest =
    more > 0
      ? { en: ` ${more} more are in the table.`, "zh-CN": `另有 ${more} 个特征见表。` }
      : { en: "", "zh-CN": "" };
  const label = (share: FeatureShare): LocalizedText => ({ en: share.name, "zh-CN": share.name });
  const blocks = blocksOf(summary.blocks);
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const dots = dotsOf(summary, shares.length);
  return [
    {
      kind: "intervals",
      id: figure,
      title: { en: "What moves the output", "zh-CN": "哪些特征推动输出" },
      caption: {
        en: `How far each feature moves the ${what.en} of a row on average, whichever way, with its ${level} interval over rows.${rest.en}`,
        "zh-CN": `每个特征平均把一行的${what["zh-CN"]}移动多远（不论方向），以及在各行间的 ${level} 区间。${rest["zh-CN"]}`,
      },
      unit: "number",
      xTitle: { en: `${magnitude.en}, ${what.en}`, "zh-CN": `${magnitude["zh-CN"]}（${what["zh-CN"]}）` },
      rows: shown.map((share) => ({
        label: label(share),
        value: share.magnitude,
        low: rows > 1 ? Math.max(0, share.magnitude - z * share.error) : null,
        high: rows > 1 ? share.magnitude + z * share.error : null,
        n: rows,
        few: false,
      })),
      reference: { value: 0, label: { en: "moves nothing", "zh-CN": "没有作用" } },
    },
    {
      kind: "swarm",
      id: "values",
      title: { en: "Which way, for which values", "zh-CN": "什么取值推向哪一边" },
      caption: {
        en: `Each dot is a row: how far the feature moved its ${what.en}. ${dots.rows} rows are drawn. The colour tells whether the row's own value is low or high; texts have no colour.`,
        "zh-CN": `每个点是一行：该特征把它的${what["zh-CN"]}移动了多远。共画出 ${dots.rows} 行。颜色表示该行取值的高低；文本没有颜色。`,
      },
      xTitle: { en: `${value.en}, ${what.en}`, "zh-CN": `${value["zh-CN"]}（${what["zh-CN"]}）` },
      scale: { low: { en: "low value", "zh-CN": "取值低" }, high: { en: "high value", "zh-CN": "取值高" } },
      rows: shown.map((share) => {
        const heights = summary.heights[share.place] ?? new Float64Array(0);
        return {
          label: label(share),
          points: Array.from({ length: dots.rows }, (_, row): [number, number | null] => [
            rounded(dots.values[row * shares.length + share.place] ?? 0),
            Number.isNaN(heights[row] ?? Number.NaN) ? null : rounded(heights[row] ?? 0),
          ]).filter(([value]) => !Number.isNaN(value)),
        };
      }),
    },
  ];
}

/** One decision's view: from the mean output to this row's, the largest steps first. */
export function decisionFigures(summary: Attributions, { what, base, baseOutput }: AttributionWords): Figure[] {
  return Object.entries(summary.decisions).map(([row, { values, output, texts }]): Figure => {
    const steps = texts
      .map((label, place) => ({ label, value: values[place] ?? 0 }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const shown = steps.length > mostSteps + 1 ? steps.slice(0, mostSteps) : steps;
    const others = steps.slice(shown.length);
    const rest = others.reduce((sum, step) => sum + step.value, 0);
    return {
      kind: "waterfall",
      id: `decision-${row}`,
      title: { en: `Row ${row}, step by step`, "zh-CN": `第 ${row} 行，逐步说明` },
      caption: {
        en: `From ${baseOutput.en}, ${decimalText(summary.base, 3)}, to this row's, ${decimalText(output, 3)}: how far each of its values moves it.`,
        "zh-CN": `从${baseOutput["zh-CN"]} ${decimalText(summary.base, 3)} 到该行的 ${decimalText(output, 3)}：它的每个取值各移动了多远。`,
      },
      unit: "number",
      xTitle: { en: what.en, "zh-CN": what["zh-CN"] },
      start: { label: base, value: summary.base },
      steps: [
        ...shown,
        ...(others.length > 0
          ? [{ label: { en: `${others.length} other features`, "zh-CN": `其余 ${others.length} 个特征` }, value: rest }]
          : []),
      ],
      end: { label: { en: "this row", "zh-CN": "该行" }, value: output },
    };
  });
}

/** Values of the rows that are drawn: the first of those written. */
function dotsOf(summary: Attributions, inputs: number): { readonly rows: number; readonly values: Float64Array } {
  const values: number[] = [];
  for (const block of blocksOf(summary.blocks)) {
    if (values.length >= drawnRows * inputs) break;
    for (const value of block.values.subarray(0, drawnRows * inputs - values.length)) values.push(value);
  }
  return { rows: Math.floor(values.length / Math.max(1, inputs)), values: Float64Array.from(values) };
}

/** Six digits: a figure needs no more, and its text stays short. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
