import type { BoostLoss } from "./index.ts";

/**
 * How a row's gradient g and hessian h become the two integers of its pair: round(g / gradient), and 2^shift +
 * round(h / hessian), so that the second counts the rows too.
 */
export interface Units {
  readonly gradient: number;
  readonly hessian: number;
  readonly shift: number;
}

/**
 * Units that are powers of two, so small as they can be while no sum of n rows leaves 63 bits, or the hessians' part of the
 * second integer. With a million rows a gradient is rounded to 2^−42 of the largest, a hessian to 2^−24: far below what
 * rows of a leaf differ by. `largest` is the largest |g|, `weight` the largest weight.
 */
export function unitsFor(loss: BoostLoss, rows: number, largest: number, weight: number): Units {
  const bits = 32 - Math.clz32(rows);
  const shift = 64 - bits;
  const most = loss === "squared-error" ? weight : weight / 4;
  return {
    // 50 bits a row: what a double holds without rounding a second time.
    gradient: above(largest) * 2 ** -Math.min(62 - bits, 50),
    hessian: above(most) * 2 ** -Math.min(shift - bits, 50),
    shift,
  };
}

/** The smallest power of two ≥ x; 1 for what is as good as 0, whose parts have no double. */
function above(x: number): number {
  if (x < 2 ** -900) return 1;
  let power = 2 ** Math.floor(Math.log2(x));
  while (power < x) power *= 2;
  return power;
}
