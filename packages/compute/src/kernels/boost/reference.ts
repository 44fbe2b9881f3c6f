import { exp } from "../../numbers/elementary.ts";
import type { BoostTargets, TreeOptions } from "./boosting.ts";
import type { BinnedTable } from "./check.ts";
import type { Units } from "./units.ts";

/** A row's gradient and hessian as integers. */
export interface Pair {
  readonly gradient: bigint;
  readonly hessian: bigint;
}

/** What `differentiate` means, for one output: derivatives of the row's weighted loss by its score, in the units. */
export function pairsReference(
  { loss, labels, weights }: Omit<BoostTargets, "base" | "outputs">,
  scores: readonly Float64Array[],
  output: number,
  units: Units,
): Pair[] {
  return Array.from(labels, (label, row) => {
    const weight = weights?.[row] ?? 1;
    const all = scores.map((column) => column[row] ?? 0);
    const score = all[output] ?? 0;
    let [gradient, hessian] = [score - label, 1];
    if (loss !== "squared-error") {
      const top = Math.max(...all);
      const p =
        loss === "log-loss"
          ? 1 / (1 + exp(-score))
          : exp(score - top) / all.reduce((sum, one) => sum + exp(one - top), 0);
      gradient = p - (loss === "log-loss" ? label : Number(label === output));
      hessian = p * (1 - p);
    }
    return {
      gradient: BigInt(toEven((gradient * weight) / units.gradient)),
      hessian: BigInt(toEven((hessian * weight) / units.hessian)),
    };
  });
}

/** The nearest integer, of two the even one. */
function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}

/** A node with the rows that came to it. */
export interface ReferenceNode {
  readonly rows: readonly number[];
  readonly value: number;
  split: {
    readonly feature: number;
    readonly bin: number;
    readonly missingLeft: boolean;
    readonly gain: number;
    readonly left: ReferenceNode;
    readonly right: ReferenceNode;
  } | null;
}

/** What `grow` means: of all leaves the one that gains most is split, each possible split tried on its rows. */
export function growReference(
  table: BinnedTable,
  pairs: readonly Pair[],
  rows: readonly number[],
  options: TreeOptions,
  units: Units,
): ReferenceNode {
  type Candidate = NonNullable<ReferenceNode["split"]>;
  const sum = (of: readonly number[]) => {
    let [g, h] = [0n, 0n];
    for (const row of of) {
      g += pairs[row]?.gradient ?? 0n;
      h += pairs[row]?.hessian ?? 0n;
    }
    return [Number(g) * units.gradient, Number(h) * units.hessian] as const;
  };
  const leaf = (of: readonly number[]): ReferenceNode => {
    const [g, h] = sum(of);
    const value = Math.fround((-options.learningRate * g) / (h + options.l2Regularization + 1e-15));
    return { rows: of, value, split: null };
  };
  const worth = ([g, h]: readonly [number, number]) => (g * g) / (h + options.l2Regularization + 1e-15);
  const best = (of: readonly number[], depth: number): Candidate | null => {
    if (depth >= options.maxDepth || of.length < 2 * options.minSamplesLeaf) return null;
    let found: { feature: number; bin: number; missingLeft: boolean; gain: number } | null = null;
    const parent = worth(sum(of));
    for (let feature = 0; feature < table.features; feature++) {
      const none = table.missing[feature] === 1 ? (table.counts[feature] ?? 0) - 1 : -1;
      const bins = (table.counts[feature] ?? 0) - (table.missing[feature] ?? 0);
      const binOf = (row: number) => table.bins[row * table.features + feature] ?? 0;
      const anyMissing = of.some((row) => binOf(row) === none);
      for (let bin = 0; bin < (anyMissing ? bins : bins - 1); bin++) {
        for (const missingLeft of anyMissing ? [false, true] : [false]) {
          const left = of.filter((row) => (binOf(row) === none ? missingLeft : binOf(row) <= bin));
          const right = of.filter((row) => !(binOf(row) === none ? missingLeft : binOf(row) <= bin));
          if (Math.min(left.length, right.length) < options.minSamplesLeaf) continue;
          const sums = [sum(left), sum(right)] as const;
          if (sums.some(([, h]) => h < options.minHessian)) continue;
          const gain = worth(sums[0]) + worth(sums[1]) - parent;
          if (gain > (found?.gain ?? options.minGain)) {
            found = { feature, bin, missingLeft: anyMissing ? missingLeft : left.length > right.length, gain };
          }
        }
      }
    }
    if (!found) return null;
    const { feature, bin, missingLeft } = found;
    const none = table.missing[feature] === 1 ? (table.counts[feature] ?? 0) - 1 : -1;
    const goesLeft = (row: number) => {
      const own = table.bins[row * table.features + feature] ?? 0;
      return own === none ? missingLeft : own <= bin;
    };
    return { ...found, left: leaf(of.filter(goesLeft)), right: leaf(of.filter((row) => !goesLeft(row))) };
  };
  const root = leaf(rows);
  let open = [{ node: root, depth: 0, candidate: best(rows, 0) }];
  for (let leaves = 1; leaves < options.maxLeafNodes; leaves++) {
    let most: (typeof open)[number] | null = null;
    for (const one of open) {
      if (one.candidate && one.candidate.gain > (most?.candidate?.gain ?? Number.NEGATIVE_INFINITY)) most = one;
    }
    if (!most?.candidate) break;
    const { node, depth, candidate } = most;
    node.split = candidate;
    open = open.filter((one) => one !== most);
    for (const child of [candidate.left, candidate.right]) {
      open.push({ node: child, depth: depth + 1, candidate: best(child.rows, depth + 1) });
    }
  }
  return root;
}
