import type { ConfusionMetric } from "./metric.ts";

/** The metric of one table; NaN where it is not defined. */
export function confusionValue(metric: ConfusionMetric, tp: number, fp: number, fn: number, tn: number): number {
  switch (metric) {
    case "balanced-accuracy": {
      const [positive, negative] = [tp + fn, fp + tn];
      return positive > 0 && negative > 0 ? (tp / positive + tn / negative) / 2 : Number.NaN;
    }
    case "cohen-kappa": {
      const below = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);
      return below > 0 ? (2 * (tp * tn - fp * fn)) / below : Number.NaN;
    }
    case "mcc": {
      const product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
      return product > 0 ? (tp * tn - fp * fn) / Math.sqrt(product) : Number.NaN;
    }
  }
}

/** The greatest studentised distance over the groups' tables that start at `start`. */
export function confusionDistance(
  metric: ConfusionMetric,
  tables: ArrayLike<number>,
  groups: number,
  start: number,
): number {
  const values = new Float64Array(groups);
  const variances = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    const at = start + 4 * group;
    const cell = (place: number): number => (tables[at + place] ?? 0) + 0.5;
    [values[group], variances[group]] = studentised(metric, cell(0), cell(1), cell(2), cell(3));
  }
  return greatestDistance(values, variances);
}

/** Value and variance, the latter by the derivatives with respect to the cells (the delta method). */
function studentised(metric: ConfusionMetric, tp: number, fp: number, fn: number, tn: number): [number, number] {
  const value = confusionValue(metric, tp, fp, fn, tn);
  switch (metric) {
    case "balanced-accuracy": {
      const [positive, negative] = [tp + fn, fp + tn];
      const [tpr, tnr] = [tp / positive, tn / negative];
      return [value, (tpr * (1 - tpr)) / positive / 4 + (tnr * (1 - tnr)) / negative / 4];
    }
    case "cohen-kappa": {
      const below = (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn);
      const a = (2 * tn - value * (fp + tn + (fn + tn))) / below;
      const b = (-2 * fn - value * (fp + tn + (tp + fp))) / below;
      const c = (-2 * fp - value * (fn + tn + (tp + fn))) / below;
      const d = (2 * tp - value * (tp + fp + (tp + fn))) / below;
      return [value, a * a * tp + b * b * fp + c * c * fn + d * d * tn];
    }
    case "mcc": {
      const [decided, positive, negative, refused] = [tp + fp, tp + fn, tn + fp, tn + fn];
      const root = Math.sqrt(decided * positive * negative * refused);
      const half = value / 2;
      const a = tn / root - half * (1 / decided + 1 / positive);
      const b = -fn / root - half * (1 / decided + 1 / negative);
      const c = -fp / root - half * (1 / positive + 1 / refused);
      const d = tp / root - half * (1 / negative + 1 / refused);
      return [value, a * a * tp + b * b * fp + c * c * fn + d * d * tn];
    }
  }
}

/**
 * Greatest distance of a group's value from the mean weighted by precision, in standard errors of that distance.
 * For two groups it is |a − b| / √(v + w).
 */
export function greatestDistance(values: Float64Array, variances: Float64Array): number {
  let weight = 0;
  let sum = 0;
  for (let group = 0; group < values.length; group++) {
    const w = 1 / (variances[group] ?? 1);
    weight += w;
    sum += w * (values[group] ?? 0);
  }
  const mean = sum / weight;
  let most = 0;
  for (let group = 0; group < values.length; group++) {
    const off = (values[group] ?? 0) - mean;
    const square = (off * off) / Math.max((variances[group] ?? 1) - 1 / weight, 1e-300);
    if (square > most) most = square;
  }
  return Math.sqrt(most);
}
