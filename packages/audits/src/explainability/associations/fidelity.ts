import type { Measure } from "@assay/schema";
import { deLong } from "../../statistics/delong.ts";
import { meanInterval } from "../../statistics/mover.ts";
import { pairedGain } from "../../statistics/paired-gain.ts";
import { scoreCurve } from "../../statistics/score-curve.ts";
import { wilson } from "../../statistics/wilson.ts";
import type { TreeNode } from "./tree.ts";

const split = "held-out";

/** What a leaf answers: the commoner decision of the rows it grew on; the whole tree's where they are even. */
export function answerOf(node: TreeNode, tree: readonly TreeNode[]): 0 | 1 {
  const [no, yes] = node.counts;
  if (no !== yes) return yes > no ? 1 : 0;
  const [allNo = 0, allYes = 0] = tree[0]?.counts ?? [];
  return allYes > allNo ? 1 : 0;
}

/** How well the tree's answers agree with the decisions of rows that it did not grow on. */
export function fidelityMeasures(tree: readonly TreeNode[], confidence: number): Measure[] {
  const root = tree[0];
  const [, , outNo = 0, outYes = 0] = root?.counts ?? [];
  const n = outNo + outYes;
  const names = [
    "surrogate-balanced-accuracy",
    "surrogate-baseline",
    "surrogate-fidelity",
    "surrogate-fidelity-gain",
    "surrogate-roc-auc",
  ];
  if (!root || n === 0) {
    return names.map((metric) => ({ metric, value: null, split, n: 0, reason: "no row is held out" }));
  }
  const leaves = tree.filter((node) => node.split === null);
  const always = answerOf(root, tree);
  let right = 0;
  let rightNo = 0;
  let rightYes = 0;
  let better = 0;
  let worse = 0;
  for (const leaf of leaves) {
    const [, , no, yes] = leaf.counts;
    const answer = answerOf(leaf, tree);
    right += answer === 1 ? yes : no;
    if (answer === 1) rightYes += yes;
    else rightNo += no;
    if (answer !== always) {
      // Where the two differ, one of them is right.
      better += answer === 1 ? yes : no;
      worse += answer === 1 ? no : yes;
    }
  }
  const rate = (metric: string, k: number): Measure => ({
    metric,
    value: k / n,
    split,
    ...wilson(k, n, confidence),
    confidence,
    n,
    method: "wilson",
  });
  const gain = pairedGain(better, worse, n, confidence);
  return [
    balanced(rightNo, outNo, rightYes, outYes, confidence),
    rate("surrogate-baseline", always === 1 ? outYes : outNo),
    rate("surrogate-fidelity", right),
    {
      metric: "surrogate-fidelity-gain",
      value: gain.value,
      split,
      ...gain.interval,
      confidence,
      n,
      p: gain.p,
      method: "agresti-min",
    },
    ranking(leaves, n, confidence),
  ];
}

function balanced(rightNo: number, no: number, rightYes: number, yes: number, confidence: number): Measure {
  const metric = "surrogate-balanced-accuracy";
  const n = no + yes;
  if (no === 0 || yes === 0) return { metric, value: null, split, n, reason: "held-out rows of only one decision" };
  const shares = [
    { value: rightNo / no, ...wilson(rightNo, no, confidence) },
    { value: rightYes / yes, ...wilson(rightYes, yes, confidence) },
  ] as const;
  const value = (shares[0].value + shares[1].value) / 2;
  return { metric, value, split, ...meanInterval(...shares), confidence, n, method: "mover-wilson" };
}

/** AUC of the leaves' shares of yes (on the rows they grew on) over the held-out rows. */
function ranking(leaves: readonly TreeNode[], n: number, confidence: number): Measure {
  const scored = leaves
    .map(({ counts: [no, yes, outNo, outYes] }) => ({ score: no + yes > 0 ? yes / (no + yes) : 0.5, outNo, outYes }))
    .filter(({ outNo, outYes }) => outNo + outYes > 0)
    .sort((a, b) => a.score - b.score);
  const curve = scoreCurve({
    scores: Float64Array.from(scored, (leaf) => leaf.score),
    weights: null,
    positive: scored.map((leaf) => leaf.outYes),
    negative: scored.map((leaf) => leaf.outNo),
  });
  const auc = deLong(curve, confidence);
  const metric = "surrogate-roc-auc";
  if (!auc) return { metric, value: null, split, n, reason: "held-out rows of only one decision" };
  return { metric, value: auc.value, split, low: auc.low, high: auc.high, confidence, n, method: auc.method };
}
