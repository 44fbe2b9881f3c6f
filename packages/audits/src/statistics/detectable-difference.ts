import { normalQuantile } from "./normal.ts";

/**
 * The smallest difference of two rates that a one-sided test at `alpha` finds with this power, where the common rate is
 * `rate` and the groups have n and m members, by the normal approximation; never more than what is left up to 1, null
 * where a group is empty or not even that could be found.
 * J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed. (2003), section 4.3,
 * doi:10.1002/0471445428.
 */
export function detectableDifference(
  rate: number,
  { n, m }: { readonly n: number; readonly m: number },
  { alpha, power }: { readonly alpha: number; readonly power: number },
): number | null {
  if (!(n > 0 && m > 0)) return null;
  const forAlpha = normalQuantile(1 - alpha);
  const forPower = normalQuantile(power);
  // The group's own rate is higher, and its variance another: the difference is found by bisection.
  const missing = (difference: number): number => {
    const own = rate + difference;
    const pooled = (n * own + m * rate) / (n + m);
    const underNone = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    const underSome = Math.sqrt((own * (1 - own)) / n + (rate * (1 - rate)) / m);
    return forAlpha * underNone + forPower * underSome - difference;
  };
  const most = 1 - rate;
  if (missing(most) > 0) return null;
  let [low, high] = [0, most];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (missing(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}
