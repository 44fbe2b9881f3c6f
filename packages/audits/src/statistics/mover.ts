import type { Interval } from "./interval.ts";

/** An estimate with its own interval, from which intervals of differences, sums and ratios are recovered. */
export interface Bounded extends Interval {
  readonly value: number;
}

/**
 * Interval of a.value − b.value for independent estimates: the method of variance estimates recovery.
 * With Wilson intervals of two rates it is Newcombe's hybrid score interval (method 10,
 * R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890). G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008)
 * 1693–1702, doi:10.1002/sim.3095.
 */
export function differenceInterval(a: Bounded, b: Bounded): Interval {
  const difference = a.value - b.value;
  return {
    low: difference - Math.hypot(a.value - a.low, b.high - b.value),
    high: difference + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** Interval of the mean of two independent estimates, by the same method. */
export function meanInterval(a: Bounded, b: Bounded): Interval {
  const mean = (a.value + b.value) / 2;
  return {
    low: mean - Math.hypot(a.value - a.low, b.value - b.low) / 2,
    high: mean + Math.hypot(a.high - a.value, b.high - b.value) / 2,
  };
}

/**
 * Interval of a.value / b.value for independent estimates that are not negative; `high` is Infinity where b may be 0.
 * A. Donner and G. Y. Zou, Statistical Methods in Medical Research 21 (2012) 347–359, doi:10.1177/0962280210383082;
 * the lower end in the form that has no pole where b's interval is lopsided.
 */
export function ratioInterval(a: Bounded, b: Bounded): Interval {
  const product = a.value * b.value;
  const lowA = Math.max(0, a.low);
  const lowB = Math.max(0, b.low);
  const forLow = product * product - lowA * b.high * (2 * a.value - lowA) * (2 * b.value - b.high);
  const forHigh = product * product - a.high * lowB * (2 * a.value - a.high) * (2 * b.value - lowB);
  const lowBelow = product + Math.sqrt(Math.max(0, forLow));
  return {
    low: lowBelow > 0 ? (lowA * (2 * a.value - lowA)) / lowBelow : 0,
    high:
      lowB > 0 ? (product + Math.sqrt(Math.max(0, forHigh))) / (lowB * (2 * b.value - lowB)) : Number.POSITIVE_INFINITY,
  };
}
