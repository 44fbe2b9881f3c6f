import { type CodedTable, coded, numbers } from "@assay/dataset";
import { type ProbabilityOutput, probabilityOutputs } from "../../../class-probabilities.ts";
import type { AuditContext } from "../../../define.ts";
import type { Estimated } from "../../../groups/group-measures.ts";
import { mostScored } from "../../../groups/limits.ts";
import { curvesBy, emptyCurve, overallCurve, valuesKey } from "../../../groups/score-curves.ts";
import { addScore, replicatesOfGroups, tooMany, withReason } from "../../../groups/score-estimates.ts";
import { type GroupScores, measureScoresOf, mergeGroupScores } from "../../../groups/score-summary.ts";
import { brierScore } from "../../../metrics/scores/brier-score.ts";
import { expectedCalibrationError } from "../../../metrics/scores/expected-calibration-error.ts";
import {
  calibrationStream,
  groupCalibrationStream,
  noProbability,
  type ScoreMetric,
} from "../../../metrics/scores/index.ts";
import { logLoss } from "../../../metrics/scores/log-loss.ts";
import type { RowWeights } from "../../../row-weights.ts";
import { isProbability, type ScoreCurve } from "../../../statistics/index.ts";
import { meanLoss } from "../../../statistics/moment-interval.ts";
import type { Input } from "../settings.ts";

/** Sorted numbers of the probabilities of classes by combination of protected values, one list for each metric. */
export type ClassScores = Readonly<Record<ProbabilityOutput, GroupScores>>;

interface ProbabilityMetric extends ScoreMetric {
  /** The number of a row that it is made of. */
  readonly output: ProbabilityOutput;
}

/**
 * Metrics of the probabilities of several classes, alphabetical.
 * - Brier score: Σ over classes of (probability − [class is the label])², as scikit-learn 1.7 has it of several classes
 *   (`brier_score_loss`, scale_by_half "auto"): 0 to 2.
 * - Calibration error of the largest probability against whether its class is the label. C. Guo, G. Pleiss, Y. Sun and
 *   K. Q. Weinberger, ICML (2017) 1321–1330, arXiv:1706.04599.
 * - Log loss: −log of the label's probability, kept 2.2e-16 from 0 and 1 as scikit-learn does.
 */
export const probabilityMetrics: readonly ProbabilityMetric[] = [
  {
    ...brierScore,
    output: "squared-distance",
    range: [0, 2],
    meaning: {
      en: "the mean squared distance of all probabilities from the label, summed over classes: 0 at best, 2 at worst",
      "zh-CN": "各类别概率与标签之差的平方，对类别求和后取平均：最好为 0，最差为 2",
    },
    estimate: (curve, { confidence }) => meanLoss(curve, (distance) => distance, confidence, 0, 2),
  },
  {
    ...expectedCalibrationError,
    output: "top-probability",
    meaning: {
      en: "the mean distance of the largest probability and the share predicted rightly, over bins of that probability; chance alone keeps it above 0",
      "zh-CN": "按最大概率分箱后，该概率与预测正确的比例之差的平均；仅凭偶然也会大于 0",
    },
  },
  {
    ...logLoss,
    output: "label-probability",
    meaning: {
      en: "the mean surprise at the label in nats, 0 at best; saying the same of each of k classes gives ln k",
      "zh-CN": "对标签的平均意外程度（奈特），最好为 0；对 k 个类别一视同仁时为 ln k",
    },
  },
];

/** Labels that make a curve of a number: of the largest probability whether it is right, else one and the same. */
export async function measureProbabilities(
  rows: CodedTable,
  weights: RowWeights,
  { roles, device }: AuditContext<unknown>,
): Promise<ClassScores> {
  const columns = roles.protected.map((role) => coded(rows, role.request));
  const of = (output: ProbabilityOutput, labels: Uint8Array): Promise<GroupScores> =>
    measureScoresOf(rows, numbers(rows, { kind: "model", output }).values, labels, columns, weights, device);
  const same = (code: number): Uint8Array => new Uint8Array(rows.rows).fill(code);
  return {
    "label-probability": await of("label-probability", same(2)),
    "squared-distance": await of("squared-distance", same(1)),
    "top-probability": await of("top-probability", rightOrWrong(rows, roles)),
  };
}

/** 2 where the predicted class is the label, 1 where it is not, 0 where either is missing. */
function rightOrWrong(rows: CodedTable, { labelText, prediction }: AuditContext<unknown>["roles"]): Uint8Array {
  const right = new Uint8Array(rows.rows);
  if (labelText === null || prediction === null) return right;
  const [label, said] = [coded(rows, labelText), coded(rows, prediction)];
  const same = Int32Array.from([-1, ...said.levels.map((level) => label.levels.indexOf(level) + 1)]);
  for (let row = 0; row < right.length; row++) {
    const truth = label.codes[row] ?? 0;
    const told = said.codes[row] ?? 0;
    if (truth > 0 && told > 0) right[row] = same[told] === truth ? 2 : 1;
  }
  return right;
}

/** Associative and commutative, to the bit. `maps` take codes of either side to those of both. */
export function mergeProbabilities(
  a: ClassScores,
  b: ClassScores,
  mapsA: readonly Uint32Array[],
  mapsB: readonly Uint32Array[],
): ClassScores {
  const of = (output: ProbabilityOutput): GroupScores => mergeGroupScores(a[output], b[output], mapsA, mapsB);
  return {
    "label-probability": of("label-probability"),
    "squared-distance": of("squared-distance"),
    "top-probability": of("top-probability"),
  };
}

type Curves = Readonly<Record<ProbabilityOutput, ScoreCurve>>;

/** The estimates of all rows with those of the probabilities. */
export function probableOverall<One extends Estimated>(
  one: One,
  scores: ClassScores,
  context: AuditContext<Input>,
): One {
  const curves = curvesOf((output) => overallCurve(scores[output]));
  return withProbabilities(one, curves, context, calibrationStream, context.input.replicates);
}

/** The groups' estimates with those of the probabilities; where groups are too many, with the reason in their place. */
export function probableGroups<One extends Estimated>(
  groups: readonly One[],
  by: readonly string[],
  columns: Parameters<typeof curvesBy>[0]["columns"],
  scores: ClassScores,
  context: AuditContext<Input>,
): One[] {
  const found =
    groups.length > mostScored ? null : curvesOf((output) => curvesBy({ columns, scores: scores[output] }, by));
  const replicates = replicatesOfGroups(groups.length, context.input.replicates);
  return groups.map((one) => {
    if (found === null || Object.values(found).includes(null)) {
      return { ...one, of: withReason(one, tooMany, probabilityMetrics).of };
    }
    context.signal.throwIfAborted();
    const key = valuesKey(one.group.values);
    const curves = curvesOf((output) => found[output]?.get(key)?.() ?? emptyCurve(scores[output]));
    return withProbabilities(one, curves, context, groupCalibrationStream(by, one.group.values), replicates);
  });
}

function curvesOf<Curve>(of: (output: ProbabilityOutput) => Curve): Record<ProbabilityOutput, Curve> {
  return Object.fromEntries(probabilityOutputs.map((output) => [output, of(output)])) as Record<
    ProbabilityOutput,
    Curve
  >;
}

function withProbabilities<One extends Estimated>(
  one: One,
  curves: Curves,
  context: AuditContext<Input>,
  stream: number,
  replicates: number,
): One {
  const { bins, confidence } = context.input;
  const { positiveRows: right, negativeRows: wrong } = curves["top-probability"].totals;
  const isNone = !isProbability(curves["top-probability"]) || !isProbability(curves["label-probability"]);
  const of = new Map(one.of);
  for (const metric of probabilityMetrics) {
    const options = { bins, confidence, replicates, seed: context.plan.seed, stream };
    const estimate = isNone && right + wrong > 0 ? null : metric.estimate(curves[metric.output], options);
    const reason = isNone && right + wrong > 0 ? noProbability : metric.undefinedReason;
    const result = estimate === null ? { metric, estimate, reason } : { metric, estimate };
    addScore(of, result, right + wrong, Math.min(right, wrong), confidence);
  }
  return { ...one, of };
}
