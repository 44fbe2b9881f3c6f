import type { NumberColumn } from "../../columns.ts";
import { affineOf, type StepLink } from "../../program/links.ts";
import type { GraphNode } from "../graph.ts";
import { NotCompiled } from "../operand.ts";
import { type PostTransform, transformScores } from "../post-transform.ts";
import type { TreeTable } from "./tree-table.ts";
import { votedTargets } from "./voted-targets.ts";

/**
 * From the sums of a TreeEnsembleClassifier to its two outputs, by ONNX Runtime's rules (tree_ensemble_aggregator.h,
 * TreeAggregatorClassifier; ml_common.h, write_scores), which the standard leaves open for two classes:
 *
 * - Leaves that vote for one class id only (LightGBM, XGBoost, skl2onnx's forests) hold the score s of the second class.
 *   With no negative weight the label is s > 0.5, else s > 0. Scores are (σ(−s), σ(s)) with LOGISTIC; with any other
 *   transform (1 − s, s) where no weight is negative, else (−s, s).
 * - Leaves that vote for both ids give two scores, which are transformed as they are.
 */
export interface ClassifierScores {
  /** What the forest's sums begin with. */
  readonly base: Float64Array;
  /** From the forest's sums to the index of each row's class. */
  readonly label: (sums: readonly NumberColumn[], rows: number) => Uint32Array;
  /** From the forest's sums to a column for each class. */
  readonly scores: (sums: readonly NumberColumn[], rows: number) => readonly NumberColumn[];
  /** What each class's score is of the sums, where that is told. */
  readonly links: readonly StepLink[] | null;
}

/** @throws NotCompiled where the rules depend on the row, or are not settled; AssayError model-invalid */
export function classifierScores(
  node: GraphNode,
  table: TreeTable,
  base: Float64Array,
  transform: PostTransform,
  labels: "int64" | "string",
  classes: readonly string[],
): ClassifierScores {
  const count = table.targets;
  if (base.length > 0 && base.length !== count && !(count === 2 && base.length === 1)) {
    throw node.fault(`base_values has ${base.length} values for ${count} classes`);
  }
  if (transform === "PROBIT") throw new NotCompiled(`${node.place} has post_transform PROBIT`);
  if (count < 2) throw new NotCompiled(`${node.place} has one class`);
  const voted = votedTargets(node, table);
  return count === 2
    ? twoClasses(node, table, base, transform, voted, labels, classes)
    : manyClasses(table, base, transform, voted);
}

function manyClasses(
  table: TreeTable,
  base: Float64Array,
  transform: PostTransform,
  voted: readonly boolean[],
): ClassifierScores {
  const whole = new Float64Array(table.targets);
  whole.set(base);
  // A class that no leaf votes for, and without a base value, is never the label.
  const candidates = voted.flatMap((one, target) => (one || target < base.length ? [target] : []));
  return {
    base: whole,
    label: (sums, rows) => {
      const codes = new Uint32Array(rows);
      const [first = 0, ...others] = candidates;
      for (let row = 0; row < rows; row++) {
        let best = first;
        for (const target of others) {
          if ((sums[target]?.[row] ?? 0) > (sums[best]?.[row] ?? 0)) best = target;
        }
        codes[row] = best;
      }
      return codes;
    },
    scores: (sums, rows) => transformScores(transform, sums, rows),
    links: linksOf(transform, table.targets),
  };
}

/** What a transform makes of each score. SOFTMAX_ZERO leaves scores out of the sum where they are 0: no function of them that could be told. */
export function linksOf(transform: PostTransform, count: number): readonly StepLink[] | null {
  const each = (link: (place: number) => StepLink) => Array.from({ length: count }, (_, place) => link(place));
  switch (transform) {
    case "NONE":
      return each((place) => affineOf(place, 1, 0));
    case "LOGISTIC":
      return each((place) => logisticOf(place, 1));
    case "SOFTMAX":
      return each((place) => ({ kind: "softmax", place }));
    default:
      return null;
  }
}

function logisticOf(of: number, weight: 1 | -1): StepLink {
  return { kind: "logistic", of: { terms: [{ of, weight }], shift: 0 } };
}

function twoClasses(
  node: GraphNode,
  table: TreeTable,
  base: Float64Array,
  transform: PostTransform,
  voted: readonly boolean[],
  labels: "int64" | "string",
  classes: readonly string[],
): ClassifierScores {
  const [zero = false, one = false] = voted;
  if (zero && !one && base.length < 2) return oneColumn(table, base, transform);
  if (!zero && !one) throw new NotCompiled(`${node.place} has no votes`);
  if (!(zero && one) || base.length === 2) {
    throw new NotCompiled(`${node.place} has two classes in a form that the standard leaves open`);
  }
  // Two scores: ONNX Runtime's label is then the number 1 or 0, whatever the classes are called.
  if (labels === "int64" && (classes[0] !== "0" || classes[1] !== "1")) {
    throw new NotCompiled(`${node.place} votes for both of two classes that are not 0 and 1`);
  }
  const whole = new Float64Array(2);
  whole.set(base);
  return {
    base: whole,
    label: ([, second], rows) => Uint32Array.from({ length: rows }, (_, row) => ((second?.[row] ?? 0) > 0 ? 1 : 0)),
    scores: (sums, rows) => transformScores(transform, sums, rows),
    links: linksOf(transform, 2),
  };
}

function oneColumn(table: TreeTable, base: Float64Array, transform: PostTransform): ClassifierScores {
  const positive = table.voteWeight.every((weight) => weight >= 0);
  const whole = new Float64Array(2);
  whole.set(base);
  const cut = positive ? 0.5 : 0;
  return {
    base: whole,
    label: ([score], rows) => Uint32Array.from({ length: rows }, (_, row) => ((score?.[row] ?? 0) > cut ? 1 : 0)),
    scores: ([score], rows) => {
      const column = score ?? new Float64Array(rows);
      const plain = transform !== "LOGISTIC";
      const other = Float64Array.from(column, (value) => (positive && plain ? 1 - value : -value));
      return plain ? [other, column] : transformScores("LOGISTIC", [other, column], rows);
    },
    links:
      transform === "LOGISTIC"
        ? [logisticOf(0, -1), logisticOf(0, 1)]
        : [affineOf(0, -1, positive ? 1 : 0), affineOf(0, 1, 0)],
  };
}
