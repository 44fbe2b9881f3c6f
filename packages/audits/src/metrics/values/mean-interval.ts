import { exp, log } from "@assay/compute";
import type { Interval } from "../../statistics/interval.ts";
import { criticalValue, normalCdf } from "../../statistics/normal.ts";
import { studentQuantile } from "../../statistics/student.ts";
import type { ValueEstimate } from "./value-metric.ts";
import type { Quantity } from "./value-moments.ts";

/** Further out, a normal's level cannot be told from 1. */
const furthest = 8;
/** An ordinary level, at which an interval is turned back into a standard error. */
const ordinary = 0.95;

/** Logarithm of the widest factor between a value and its bound: rows that bound nothing still give numbers, not infinities. */
export const widest = 300;

/** Student's critical value at the level of a normal's. */
export function studentReach(z: number, degrees: number): number {
  const df = Math.max(degrees, 1);
  const key = `${z}/${df}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const reach = studentQuantile(normalCdf(Math.min(z, furthest)), df);
  if (known.size > 10_000) known.clear();
  known.set(key, reach);
  return reach;
}

/** Groups of one size ask for the same again and again. */
const known = new Map<string, number>();

/**
 * What a share u of rows that were not seen could make of a mean where all n rows seen are the same: 1 − (α/2)^(1/n), drawn
 * to the lowest or highest value of all rows. The rule of three for n rows (J. A. Hanley and A. Lippman-Hand, JAMA 249 (1983)
 * 1743–1745, doi:10.1001/jama.1983.03330370053031).
 */
export function unseen({ n, mean, least, most }: Pick<Quantity, "n" | "mean" | "least" | "most">, z: number): Interval {
  const level = 2 * normalCdf(Math.min(z, furthest)) - 1;
  const share = 1 - exp(log((1 - level) / 2) / Math.max(n, 1));
  return { low: mean - share * (mean - least), high: mean + share * (most - mean) };
}

/**
 * The mean of a quantity with Student's interval. `log`: of a quantity that is never negative, on the log scale, where the
 * long tail gets the longer arm. Null where no row has it.
 */
export function meanEstimate(quantity: Quantity, scale: "identity" | "log"): ValueEstimate | null {
  const { n, mean, standardError } = quantity;
  if (!(n > 0) || !Number.isFinite(mean)) return null;
  const isLog = scale === "log";
  if (!(standardError > 0) || (isLog && !(mean > 0))) return withoutSpread(quantity);
  const degrees = isLog ? carriedBy(quantity) : quantity.effective - 1;
  return {
    value: mean,
    n,
    se: standardError,
    interval: (z) => {
      const half = studentReach(z, degrees) * standardError;
      if (!isLog) return { low: mean - half, high: mean + half };
      const factor = exp(Math.min(half / mean, widest));
      return { low: mean / factor, high: mean * factor };
    },
    method: isLog ? "student-log" : "student",
    tested: isLog
      ? { value: log(mean), standardError: standardError / mean, degrees }
      : { value: mean, standardError, degrees },
  };
}

/**
 * How many rows carry a sum of what is never negative: (Σx)² / Σx², all of them where they are alike. A spread is as uncertain as
 * the rows that make it are few: where large errors are rare, Student's degrees of freedom by this number keep the level far
 * better than n − 1 (docs/methods/coverage-outputs.md).
 */
export function carriedBy({ effective, mean, standardError }: Quantity): number {
  return Math.max(1, effective / (1 + effective * (standardError / mean) ** 2));
}

function withoutSpread(quantity: Quantity): ValueEstimate {
  const interval = (z: number): Interval => unseen(quantity, z);
  const { low, high } = interval(criticalValue(ordinary));
  return {
    value: quantity.mean,
    n: quantity.n,
    se: (high - low) / (2 * criticalValue(ordinary)),
    interval,
    method: "unseen",
    tested: null,
  };
}
