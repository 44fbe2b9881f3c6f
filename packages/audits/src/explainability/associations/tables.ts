import type { LocalizedText, Measure, Table, TableCell } from "@assay/schema";
import type { Binning } from "../../binning/binning.ts";
import { wilson } from "../../statistics/wilson.ts";
import { answerOf } from "./fidelity.ts";
import { reasonText } from "./reasons.ts";
import { ruleText } from "./rules.ts";
import type { TreeNode } from "./tree.ts";

/** Leaves with fewer held-out rows are marked thin. */
const few = 30;

export function informationTable(measures: readonly Measure[], what: LocalizedText): Table {
  const rows = measures.filter((measure) => measure.metric === "mutual-information");
  rows.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const other = (metric: string, feature: string | undefined): Measure | undefined =>
    measures.find((measure) => measure.metric === metric && measure.feature === feature);
  const cell = (measure: Measure | undefined): TableCell =>
    measure?.value == null ? null : { value: measure.value, low: measure.low ?? null, high: measure.high ?? null };
  return {
    id: "information",
    title: { en: "Every feature by itself", "zh-CN": "逐个特征" },
    caption: {
      en: `Mutual information with the ${what.en} in bits, less what chance adds and as it stands; as a share of all there is to know; and the p of a permutation test, adjusted by Holm over the features.`,
      "zh-CN": `与${what["zh-CN"]}的互信息（比特），分别为扣除偶然部分后与原值；占全部不确定性的比例；以及置换检验的 p 值，按 Holm 法对所有特征校正。`,
    },
    columns: [
      { title: { en: "Feature", "zh-CN": "特征" }, format: "text" },
      { title: { en: "Bits", "zh-CN": "比特" }, format: "number" },
      { title: { en: "As it stands", "zh-CN": "原值" }, format: "number" },
      { title: { en: "Share", "zh-CN": "比例" }, format: "percent" },
      { title: { en: "Adjusted p", "zh-CN": "校正 p" }, format: "p" },
      { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
      { title: { en: "Remark", "zh-CN": "说明" }, format: "text" },
    ],
    rows: rows.map((measure) => ({
      few: false,
      cells: [
        measure.feature ?? "",
        cell(measure),
        other("mutual-information-plug-in", measure.feature)?.value ?? null,
        cell(other("normalized-mutual-information", measure.feature)),
        measure.p_adjusted ?? null,
        measure.n ?? null,
        measure.reason === undefined ? null : reasonText(measure.reason),
      ],
    })),
  };
}

export function rulesTable(
  tree: readonly TreeNode[],
  binnings: readonly (Binning | null)[],
  target: string,
  confidence: number,
): Table {
  const leaves = tree.filter((node) => node.split === null);
  const share = (node: TreeNode): number => {
    const [no, yes, outNo, outYes] = node.counts;
    return (yes + outYes) / Math.max(1, no + yes + outNo + outYes);
  };
  leaves.sort((a, b) => share(b) - share(a) || a.id - b.id);
  return {
    id: "rules",
    title: { en: "The tree as rules", "zh-CN": "以规则表示的树" },
    caption: {
      en: `What each leaf says, the share of its rows with ${target}, and how often it is right on rows it did not grow on.`,
      "zh-CN": `每个叶节点给出的判断、其中 ${target} 的比例，以及在未参与生成的行上判断正确的比例。`,
    },
    columns: [
      { title: { en: "Where", "zh-CN": "条件" }, format: "text" },
      { title: { en: "Says", "zh-CN": "判断" }, format: "text" },
      { title: { en: "Share positive", "zh-CN": "为正的比例" }, format: "percent" },
      { title: { en: "Rows", "zh-CN": "行数" }, format: "count" },
      { title: { en: "Right, held out", "zh-CN": "留出行中正确" }, format: "percent" },
      { title: { en: "Rows held out", "zh-CN": "留出行数" }, format: "count" },
    ],
    rows: leaves.map((node) => {
      const [no, yes, outNo, outYes] = node.counts;
      const n = no + yes + outNo + outYes;
      const held = outNo + outYes;
      const answer = answerOf(node, tree);
      const right = answer === 1 ? outYes : outNo;
      return {
        few: held < few,
        cells: [
          ruleText(node, tree, binnings),
          answer === 1 ? { en: "yes", "zh-CN": "是" } : { en: "no", "zh-CN": "否" },
          n === 0 ? null : { value: (yes + outYes) / n, ...wilson(yes + outYes, n, confidence) },
          n,
          held === 0 ? null : { value: right / held, ...wilson(right, held, confidence) },
          held,
        ],
      };
    }),
  };
}
