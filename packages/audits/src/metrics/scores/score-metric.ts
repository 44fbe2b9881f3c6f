import type { LocalizedText } from "@assay/schema";
import type { Reference } from "../../define.ts";
import type { Interval } from "../../statistics/interval.ts";
import type { ScoreCurve } from "../../statistics/score-curve.ts";

export interface ScoreOptions {
  readonly confidence: number;
  /** Equal-width bins of the calibration error. */
  readonly bins: number;
  readonly replicates: number;
  readonly seed: number;
  readonly stream: number;
}

export interface ScoreEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly method: string;
  /** Null where the metric has none, NaN or 0 where the rows do not show it. */
  readonly standardError: number | null;
  /** The interval at another level. */
  readonly at: (confidence: number) => Interval;
  /** Of the metric's own test, where it has one. */
  readonly p?: number;
  /** The value less what chance alone adds, of a metric that is biased. */
  readonly debiased?: number;
}

/** A metric of a score against a binary label. */
export interface ScoreMetric {
  readonly name: string;
  readonly label: LocalizedText;
  /** What the number says in plain words, as a clause. */
  readonly meaning: LocalizedText;
  readonly range: readonly [number, number];
  readonly direction: "higher" | "lower";
  /** Needs scores in [0, 1]. */
  readonly probability: boolean;
  /** Where its estimate is nearest to normal: groups are tested against each other there. Null where there is no such test. */
  readonly scale: "log" | "logit" | null;
  /** Null where it is not defined. */
  readonly estimate: (curve: ScoreCurve, options: ScoreOptions) => ScoreEstimate | null;
  readonly undefinedReason: string;
  readonly reference: Reference;
}

/** Why the metrics that need a probability are unknown. */
export const noProbability = "score outside [0, 1] is no probability";

export const scikitScores = (of: string): Reference => ({
  of,
  citation: "scikit-learn user guide, metrics and scoring",
  url: "https://scikit-learn.org/stable/modules/model_evaluation.html",
});
