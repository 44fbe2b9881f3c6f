import type { ComparedMeasure, ComparedVerdict } from "./comparison.ts";
import { measureKey } from "./measure-key.ts";

/** What is shown of a number: equal on both sides it is unchanged, whatever a test could not tell. */
export type ShownVerdict = ComparedVerdict | "unchanged";

/** A number of a comparison, and those that say the same: under another name, as its complement, or in another audit. */
export interface ComparedQuantity {
  readonly measure: ComparedMeasure;
  /** Its place among the measures. */
  readonly place: number;
  readonly also: readonly ComparedMeasure[];
}

/** Names under which one share goes, its complement among them. */
const names: Readonly<Record<string, string>> = {
  "error-rate": "accuracy",
  "false-negative-rate": "true-positive-rate",
  "favourable-rate": "selection-rate",
  precision: "positive-predictive-value",
  recall: "true-positive-rate",
  "true-negative-rate": "false-positive-rate",
};

/** Disparities that are another's by definition; the greater of two stands where it is equal to one of them. */
const disparities: Readonly<Record<string, readonly string[]>> = {
  "demographic-parity-difference": ["selection-rate-difference"],
  "demographic-parity-ratio": ["selection-rate-ratio"],
  "equalized-odds-difference": ["true-positive-rate-difference", "false-positive-rate-difference"],
  "equalized-odds-ratio": ["true-positive-rate-ratio", "false-positive-rate-ratio"],
};

const disparity = /-(difference|ratio)$/;

/**
 * Every quantity once, in the order of the measures. Two measures are one quantity where they speak of the same people, their
 * names are of one share, and their values on both sides are equal or add up to 1.
 */
export function comparedQuantities(measures: readonly ComparedMeasure[]): ComparedQuantity[] {
  const byName = new Map<string, { measure: ComparedMeasure; place: number; also: ComparedMeasure[] }[]>();
  const found: { measure: ComparedMeasure; place: number; also: ComparedMeasure[] }[] = [];
  // What is told of the quantity comes from a number whose verdict is known; what is made of others comes after them.
  const order = [...measures.entries()].sort(
    ([x, a], [y, b]) =>
      Number(a.metric.startsWith("equalized-odds")) - Number(b.metric.startsWith("equalized-odds")) ||
      Number(a.verdict === "unknown") - Number(b.verdict === "unknown") ||
      x - y,
  );
  for (const [place, measure] of order) {
    const keys = namesOf(measure.metric).map((metric) => measureKey({ ...about(measure), metric }));
    const own = keys.flatMap((key) => byName.get(key) ?? []).find((one) => isSame(one.measure, measure));
    if (own !== undefined) own.also.push(measure);
    else {
      const quantity = { measure, place, also: [] };
      found.push(quantity);
      const [key = ""] = keys;
      byName.set(key, [...(byName.get(key) ?? []), quantity]);
    }
  }
  return found.sort((x, y) => x.place - y.place);
}

export function shownVerdict({ verdict, difference, low, high, method }: ComparedMeasure): ShownVerdict {
  if (difference !== 0) return verdict;
  const isSettled = low === undefined || method === "joint-intervals" || (low === 0 && high === 0);
  return isSettled && verdict !== "changed" ? "unchanged" : verdict;
}

function namesOf(metric: string): readonly string[] {
  const known = disparities[metric];
  if (known !== undefined) return known;
  const [end = ""] = disparity.exec(metric) ?? [];
  const base = metric.slice(0, metric.length - end.length);
  return [`${names[base] ?? base}${end}`];
}

/** Whom a number is about, as a measure without a value. */
function about({ a: _a, b: _b, difference: _d, verdict: _v, audit: _u, ...place }: ComparedMeasure) {
  return { ...place, value: null };
}

function isSame(x: ComparedMeasure, y: ComparedMeasure): boolean {
  const sides = [
    [x.a.value, y.a.value],
    [x.b.value, y.b.value],
  ] as const;
  const isEqual = sides.every(([one, other]) => one === other || near(one, other));
  if (isEqual) return x.metric === y.metric || sides.some(([one]) => one !== null);
  if (disparity.test(x.metric) || disparity.test(y.metric)) return false;
  return sides.every(([one, other]) => one !== null && other !== null && near(one, 1 - other));
}

/** Equal but for rounding in the last digits of a float64. */
function near(x: number | null, y: number | null): boolean {
  return x !== null && y !== null && Math.abs(x - y) <= 1e-12 * Math.max(1, Math.abs(x));
}
