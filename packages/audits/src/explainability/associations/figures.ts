import type { Figure, LocalizedText, Measure } from "@assay/schema";
import type { Binning } from "../../binning/binning.ts";
import { percentText } from "../../wording/index.ts";
import { testText } from "./rules.ts";
import type { TreeNode } from "./tree.ts";

/** Features beyond these are in the table. */
const mostShown = 20;

/** How much every feature tells of the decision. */
export function informationFigure(
  measures: readonly Measure[],
  confidence: number,
  what: LocalizedText,
): Figure | null {
  const rows = measures
    .filter((measure) => measure.metric === "mutual-information" && measure.value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .slice(0, mostShown);
  if (rows.length === 0) return null;
  return {
    kind: "intervals",
    id: "information",
    title: { en: `What tells most of the ${what.en}`, "zh-CN": `哪些特征最能说明${what["zh-CN"]}` },
    caption: {
      en: `How many bits of the ${what.en} each feature gives away by itself, less what chance adds, with its ${percentText(confidence, 0)} interval. 0: knowing the feature tells nothing.`,
      "zh-CN": `单凭每个特征可得知${what["zh-CN"]}的多少比特（已扣除偶然部分），以及 ${percentText(confidence, 0)} 区间。0 表示知道该特征毫无帮助。`,
    },
    unit: "bits",
    xTitle: { en: "Mutual information, bits", "zh-CN": "互信息（比特）" },
    rows: rows.map((measure) => ({
      label: { en: measure.feature ?? "", "zh-CN": measure.feature ?? "" },
      value: measure.value,
      low: measure.low ?? null,
      high: measure.high ?? null,
      n: measure.n ?? null,
      few: false,
    })),
    reference: { value: 0, label: { en: "tells nothing", "zh-CN": "毫无关联" } },
  };
}

export function treeFigure(
  tree: readonly TreeNode[],
  binnings: readonly (Binning | null)[],
  what: LocalizedText,
  target: string,
): Figure {
  return {
    kind: "tree",
    id: "tree",
    title: { en: `The ${what.en} in a few questions`, "zh-CN": `用几个问题概括${what["zh-CN"]}` },
    caption: {
      en: `A small tree grown on part of the rows. Each box holds the rows that its questions lead to, and the share of them with ${target}.`,
      "zh-CN": `用一部分行生成的一棵小树。每个方框是按问题分到的行，以及其中 ${target} 的比例。`,
    },
    nodes: tree.map((node) => {
      const [no, yes, outNo, outYes] = node.counts;
      const n = no + yes + outNo + outYes;
      const value = n > 0 ? (yes + outYes) / n : 0;
      const share = percentText(value);
      return {
        id: node.id,
        parent: node.parent,
        test: testText(node, tree, binnings),
        label: { en: `${share} positive`, "zh-CN": `${share} 为正` },
        value,
        n,
      };
    }),
  };
}
