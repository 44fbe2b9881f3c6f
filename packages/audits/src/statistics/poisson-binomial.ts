import { exp, log1p } from "@assay/compute";

/** How many of independent yes–no events happen, as probabilities of `least`, `least + 1`, … */
export interface CountDistribution {
  readonly least: number;
  readonly probabilities: Float64Array;
}

/**
 * The distribution of the number of events when `counts[i]` independent ones have probability `chances[i]`: the sum of
 * binomials, convolved; tails under about 1e-20 are cut. Null where more than `most` outcomes matter, where the normal
 * approximation serves.
 */
export function poissonBinomial(
  chances: ArrayLike<number>,
  counts: ArrayLike<number>,
  most: number,
): CountDistribution | null {
  let rows = 0;
  let mean = 0;
  let variance = 0;
  for (let index = 0; index < chances.length; index++) {
    const chance = chances[index] ?? 0;
    const count = counts[index] ?? 0;
    rows += count;
    mean += count * chance;
    variance += count * chance * (1 - chance);
  }
  // The rarer kind is counted, so that its number stays small.
  const flip = mean > rows / 2;
  const size = Math.min(rows, Math.ceil((flip ? rows - mean : mean) + 12 * Math.sqrt(variance) + 30)) + 1;
  if (size > most) return null;
  let current = new Float64Array(size);
  let next = new Float64Array(size);
  current[0] = 1;
  let top = 0;
  for (let index = 0; index < chances.length; index++) {
    const count = counts[index] ?? 0;
    const chance = flip ? 1 - (chances[index] ?? 0) : (chances[index] ?? 0);
    if (count === 0 || chance === 0) continue;
    const one = binomial(count, chance, size);
    const reach = Math.min(size - 1, top + one.length - 1);
    next.fill(0, 0, reach + 1);
    for (let a = 0; a <= top; a++) {
      const mass = current[a] ?? 0;
      if (mass < 1e-300) continue;
      for (let b = 0; b < one.length && a + b < size; b++) next[a + b] = (next[a + b] ?? 0) + mass * (one[b] ?? 0);
    }
    [current, next] = [next, current];
    top = reach;
  }
  if (!flip) return { least: 0, probabilities: current };
  return { least: rows - size + 1, probabilities: current.reverse() };
}

/** Probabilities of 0 … at most `size − 1` events out of `count`. */
function binomial(count: number, chance: number, size: number): Float64Array {
  const length = Math.min(count + 1, size);
  const masses = new Float64Array(length);
  if (chance >= 1) {
    if (count < length) masses[count] = 1;
    return masses;
  }
  masses[0] = exp(count * log1p(-chance));
  for (let k = 1; k < length; k++) {
    masses[k] = ((masses[k - 1] ?? 0) * (count - k + 1) * chance) / (k * (1 - chance));
  }
  return masses;
}
