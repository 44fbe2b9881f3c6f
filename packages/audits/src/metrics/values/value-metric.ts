import type { LocalizedText } from "@assay/schema";
import type { Reference } from "../../define.ts";
import type { Interval } from "../../statistics/interval.ts";
import type { ValueMoments } from "./value-moments.ts";

/** A metric of predicted numbers in one group, with what intervals and tests ask of it. */
export interface ValueEstimate {
  readonly value: number;
  /** Rows that it stands on. */
  readonly n: number;
  /** Never 0 where the value could have come out otherwise: else what the interval implies. */
  readonly se: number;
  /** Interval at a critical value of the standard normal. */
  readonly interval: (z: number) => Interval;
  /** student: from the rows' spread. unseen: the rows show none, and rows that were not seen are let in. */
  readonly method: string;
  /** Where the estimate is nearest to normal, with its degrees of freedom: what Welch's test is fed. Null without a spread. */
  readonly tested: { readonly value: number; readonly standardError: number; readonly degrees: number } | null;
}

/** A metric of predicted numbers. */
export interface ValueMetric {
  readonly name: string;
  readonly label: LocalizedText;
  /** What the number says in plain words, as a clause. */
  readonly meaning: LocalizedText;
  readonly range: readonly [number, number];
  /** Which columns a row must have for this metric to count it. */
  readonly needs: "prediction" | "label" | "both";
  /** min / max over groups says something: values of one sign with a zero that means none. */
  readonly hasRatio: boolean;
  /** Null where it is not defined. */
  readonly estimate: (moments: ValueMoments) => ValueEstimate | null;
  readonly undefinedReason: string;
  readonly reference: Reference;
}

export const scikitRegression = (of: string): Reference => ({
  of,
  citation: "scikit-learn user guide, regression metrics",
  url: "https://scikit-learn.org/stable/modules/model_evaluation.html#regression-metrics",
});
