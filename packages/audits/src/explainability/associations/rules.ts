import type { LocalizedText } from "@assay/schema";
import type { Binning } from "../../binning/binning.ts";
import type { TreeNode } from "./tree.ts";

/** The condition that leads from a node's parent to it; null for the root. */
export function testText(
  node: TreeNode,
  tree: readonly TreeNode[],
  binnings: readonly (Binning | null)[],
): LocalizedText | null {
  const parent = node.parent === null ? null : tree[node.parent];
  const split = parent?.split;
  const binning = split ? binnings[split.feature] : null;
  if (!split || !binning) return null;
  const isFirst = split.children[0] === node.id;
  const left = new Set(split.left);
  if (binning.kind === "number") return numberText(binning, left, isFirst);
  if (binning.kind === "text") return textText(binning, left, isFirst);
  return null;
}

function numberText(
  { name, cuts }: Extract<Binning, { kind: "number" }>,
  left: ReadonlySet<number>,
  isFirst: boolean,
): LocalizedText {
  const missingLeft = left.has(0);
  const highest = Math.max(...left);
  if (highest === 0) {
    return isFirst
      ? { en: `${name} is missing`, "zh-CN": `${name} 缺失` }
      : { en: `${name} is not missing`, "zh-CN": `${name} 未缺失` };
  }
  const cut = numberWord(cuts[highest - 1] ?? Number.NaN);
  const test = `${name} ${isFirst ? "≤" : ">"} ${cut}`;
  return missingLeft === isFirst && missingLeft
    ? { en: `${test}, or missing`, "zh-CN": `${test}，或缺失` }
    : { en: test, "zh-CN": test };
}

/** Few values are named; many are told by what they are not. */
function textText(
  { name, levels, others, missing }: Extract<Binning, { kind: "text" }>,
  left: ReadonlySet<number>,
  isFirst: boolean,
): LocalizedText {
  const bins = levels.length + 1 + (others ? 1 : 0);
  const all = Array.from({ length: bins }, (_, bin) => bin).filter((bin) => bin > 0 || missing);
  const here = all.filter((bin) => left.has(bin) === isFirst);
  const there = all.filter((bin) => left.has(bin) !== isFirst);
  const isNot = there.length < here.length;
  const named = (isNot ? there : here).map((bin): LocalizedText => {
    if (bin === 0) return { en: "missing", "zh-CN": "缺失" };
    if (bin > levels.length) return { en: "any other value", "zh-CN": "其他值" };
    return { en: levels[bin - 1] ?? "", "zh-CN": levels[bin - 1] ?? "" };
  });
  const shown = named.slice(0, 6);
  const more = named.length - shown.length;
  const en = shown.map((one) => one.en).join(" or ") + (more > 0 ? ` or ${more} more` : "");
  const zh = shown.map((one) => one["zh-CN"]).join("、") + (more > 0 ? ` 等 ${named.length} 个值` : "");
  return isNot
    ? { en: `${name} is not ${en}`, "zh-CN": `${name} 不是 ${zh}` }
    : { en: `${name} is ${en}`, "zh-CN": `${name} 是 ${zh}` };
}

/** The way from the root to a node, in words. */
export function ruleText(
  node: TreeNode,
  tree: readonly TreeNode[],
  binnings: readonly (Binning | null)[],
): LocalizedText {
  const tests: LocalizedText[] = [];
  for (let at: TreeNode | undefined = node; at; at = at.parent === null ? undefined : tree[at.parent]) {
    const test = testText(at, tree, binnings);
    if (test) tests.unshift(test);
  }
  if (tests.length === 0) return { en: "every row", "zh-CN": "所有行" };
  return {
    en: tests.map((test) => test.en).join(" and "),
    "zh-CN": tests.map((test) => test["zh-CN"]).join("，且 "),
  };
}

/** A cut as people write it: no exponent where it can be left out, a true minus sign. */
function numberWord(value: number): string {
  return String(Number(value.toPrecision(12))).replace("-", "−");
}
