import { meanAbsoluteError } from "./mean-absolute-error.ts";
import { meanLabel } from "./mean-label.ts";
import { meanPrediction } from "./mean-prediction.ts";
import { meanResidual } from "./mean-residual.ts";
import { r2 } from "./r2.ts";
import { rootMeanSquaredError } from "./root-mean-squared-error.ts";
import type { ValueMetric } from "./value-metric.ts";

export type { ValueEstimate, ValueMetric } from "./value-metric.ts";
export type { Quantity, ValueMoments } from "./value-moments.ts";

/** Every metric of predicted numbers, alphabetical. */
export const valueMetrics = [
  meanAbsoluteError,
  meanLabel,
  meanPrediction,
  meanResidual,
  r2,
  rootMeanSquaredError,
] as const satisfies readonly ValueMetric[];

/** How intervals and tests of these metrics are made: what the coverage study holds, and what a report calls them. */
export const valueMethods: Readonly<
  Record<string, { readonly value: string; readonly range: string; readonly test: string }>
> = Object.fromEntries(
  valueMetrics.map(({ name }) => {
    const isLog = name === "mean-absolute-error" || name === "root-mean-squared-error" || name === "r2";
    return [name, { value: isLog ? "student-log" : "student", range: "tukey-mover", test: "welch" }];
  }),
);
