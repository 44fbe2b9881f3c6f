import { betaCdf } from "./beta.ts";
import type { Interval } from "./interval.ts";
import { criticalValue } from "./normal.ts";

export interface PairedGain {
  /** (better − worse) / rows. */
  readonly value: number;
  readonly interval: Interval;
  /** McNemar's exact two-sided p. */
  readonly p: number;
}

/**
 * How many more rows one rule gets right than another on the same rows, as a share: `better` rows only the one gets right,
 * `worse` only the other. Interval: Agresti and Min, Statistics in Medicine 24 (2005) 729–740, doi:10.1002/sim.1781.
 * Test: Q. McNemar, Psychometrika 12 (1947) 153–157, doi:10.1007/BF02295996. With few discordant rows the exact test is the
 * stricter of the two: what it does not rule out, 0, the interval then holds as well.
 */
export function pairedGain(better: number, worse: number, rows: number, confidence: number): PairedGain {
  const value = (better - worse) / rows;
  const padded = rows + 2;
  const middle = (better - worse) / padded;
  const half = criticalValue(confidence) * Math.sqrt(((better + worse + 1) / padded - middle * middle) / padded);
  const least = Math.min(better, worse);
  // P(X ≤ least), X ~ Binomial(better + worse, ½), is an incomplete beta.
  const p = better === worse ? 1 : Math.min(1, 2 * betaCdf(0.5, Math.max(better, worse), least + 1));
  const zero = p > 1 - confidence ? 0 : value;
  return {
    value,
    interval: {
      low: Math.max(-1, Math.min(value, zero, middle - half)),
      high: Math.min(1, Math.max(value, zero, middle + half)),
    },
    p,
  };
}
