import { AssayError } from "@assay/schema";
import { exp } from "../../numbers/elementary.ts";

/**
 * The probability of a sum. For a row x and a background row z the values of the sum are rescaled by
 * slope(f(x), f(z)) = (σ(f(x)) − σ(f(z))) / (f(x) − f(z)), so that they add up to σ(f(x)) − σ(f(z)), and then averaged
 * over z: for each pair of rows, which costs rows × background. But the slope is a smooth function: on any interval it
 * is, to 1e-11, a mix of few of its own columns, slope(u, v) ≈ Σ_k slope(u, v_k) · share_k(v), whose nodes v_k and
 * shares are found by cross approximation with full pivoting (Bebendorf, doi:10.1007/PL00005410). So the values are
 * Σ_k slope(f(x), v_k) × the values over the background weighted by share_k(f(z)): about a dozen backgrounds instead of
 * as many as there are rows.
 */
export interface Link {
  /** float64: the predictions v_k. */
  readonly nodes: Float64Array;
  /** The largest difference from the slope found on a grid twice as fine as the one the nodes were found on. */
  readonly error: number;
  /** Writes share_k(v) for all k to `into` from `at` on. */
  shares(v: number, into: Float64Array, at: number): void;
  /** Writes slope(u, v_k) for all k to `into` from `at` on. */
  slopes(u: number, into: Float64Array, at: number): void;
}

/** The error that makes an end of adding nodes. */
const tolerance = 1e-11;
const maxNodes = 64;
const gridPoints = 64;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export function sigma(value: number): number {
  return 1 / (1 + exp(-value));
}

/**
 * (σ(u) − σ(v)) / (u − v) = sinh(δ) / δ / (4 cosh(u/2) cosh(v/2)) with δ = (u − v) / 2, which loses no digits where u and
 * v meet; in powers of e^−|·| so that nothing overflows.
 */
export function slope(u: number, v: number): number {
  const delta = Math.abs(u - v) / 2;
  const ratio = delta < 1e-4 ? 1 + (delta * delta) / 6 : (1 - exp(-2 * delta)) / (2 * delta);
  const growth = delta < 1e-4 ? 0 : delta;
  const scale = exp(growth - (Math.abs(u) + Math.abs(v)) / 2);
  return (ratio * scale) / ((1 + exp(-Math.abs(u))) * (1 + exp(-Math.abs(v))));
}

/** Writes slope(u, v) for every v to `into`: with one exponential, but where u and v nearly meet. */
function slopesOf(u: number, vs: Float64Array, sigmas: Float64Array, into: Float64Array, at: number): void {
  const own = sigma(u);
  for (let k = 0; k < vs.length; k++) {
    const v = vs[k] ?? 0;
    const apart = u - v;
    into[at + k] = Math.abs(apart) < 0.01 ? slope(u, v) : (own - (sigmas[k] ?? 0)) / apart;
  }
}

/**
 * @param rows The sums that rows can have: those of the best and worst leaves.
 * @param background Those that the background has.
 * @throws AssayError not-supported where 64 nodes are not enough
 */
export function makeLink(rows: Interval, background: Interval): Link {
  const us = grid(rows, gridPoints);
  const vs = grid(background, gridPoints);
  const width = vs.length;
  // rest[i][j] = slope(us[i], vs[j]) less what the nodes found so far say; each node takes the largest rest away.
  const rest = new Float64Array(us.length * width);
  for (const [i, u] of us.entries()) for (const [j, v] of vs.entries()) rest[i * width + j] = slope(u, v);
  const chosen: { u: number; v: number }[] = [];
  while (chosen.length < maxNodes) {
    let at = 0;
    let largest = 0;
    for (let k = 0; k < rest.length; k++) {
      const value = Math.abs(rest[k] ?? 0);
      if (value > largest) [at, largest] = [k, value];
    }
    if (largest <= tolerance) break;
    const [row, column] = [Math.floor(at / width), at % width];
    chosen.push({ u: us[row] ?? 0, v: vs[column] ?? 0 });
    const pivotRow = rest.slice(row * width, (row + 1) * width);
    const pivot = pivotRow[column] ?? 1;
    for (let from = 0; from < rest.length; from += width) {
      const factor = (rest[from + column] ?? 0) / pivot;
      for (let j = 0; j < width; j++) rest[from + j] = (rest[from + j] ?? 0) - factor * (pivotRow[j] ?? 0);
    }
  }
  const link = linkOf(chosen);
  const error = largestError(link, grid(rows, 2 * gridPoints + 1), grid(background, 2 * gridPoints + 1));
  if (error > 1e-10) {
    throw new AssayError(
      "not-supported",
      `treeShap: predictions from ${background.low} to ${background.high} are too far apart to explain probabilities (error ${error}); explain the log-odds`,
    );
  }
  return { ...link, error };
}

function linkOf(chosen: readonly { u: number; v: number }[]): Omit<Link, "error"> {
  const nodes = Float64Array.from(chosen, ({ v }) => v);
  // slope(u_i, v_k) shares_k(v) = slope(u_i, v): solved with the factors of elimination in the order of the pivots.
  const size = chosen.length;
  const lower = chosen.map(({ u }) => Float64Array.from(nodes, (v) => slope(u, v)));
  for (let k = 0; k < size; k++) {
    const pivot = lower[k]?.[k] ?? 1;
    for (let i = k + 1; i < size; i++) {
      const row = lower[i];
      if (!row) continue;
      const factor = (row[k] ?? 0) / pivot;
      row[k] = factor;
      for (let j = k + 1; j < size; j++) row[j] = (row[j] ?? 0) - factor * (lower[k]?.[j] ?? 0);
    }
  }
  const factors = Float64Array.from(lower.flatMap((row) => [...row]));
  const us = Float64Array.from(chosen, ({ u }) => u);
  const [ofUs, ofNodes] = [us.map(sigma), nodes.map(sigma)];
  return {
    nodes,
    shares(v, into, at) {
      slopesOf(v, us, ofUs, into, at);
      for (let i = 1; i < size; i++) {
        let value = into[at + i] ?? 0;
        for (let k = 0; k < i; k++) value -= (factors[i * size + k] ?? 0) * (into[at + k] ?? 0);
        into[at + i] = value;
      }
      for (let i = size - 1; i >= 0; i--) {
        let value = into[at + i] ?? 0;
        for (let k = i + 1; k < size; k++) value -= (factors[i * size + k] ?? 0) * (into[at + k] ?? 0);
        into[at + i] = value / (factors[i * size + i] ?? 1);
      }
    },
    slopes: (u, into, at) => slopesOf(u, nodes, ofNodes, into, at),
  };
}

function largestError(link: Omit<Link, "error">, us: readonly number[], vs: readonly number[]): number {
  const size = link.nodes.length;
  const slopes = new Float64Array(us.length * size);
  for (const [i, u] of us.entries()) link.slopes(u, slopes, i * size);
  const shares = new Float64Array(size);
  let error = 0;
  for (const v of vs) {
    link.shares(v, shares, 0);
    for (const [i, u] of us.entries()) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (slopes[i * size + k] ?? 0) * (shares[k] ?? 0);
      error = Math.max(error, Math.abs(sum - slope(u, v)));
    }
  }
  return error;
}

/**
 * Chebyshev points of an interval, its ends with them, and as many of the part where the probability still changes; one
 * point where the interval has no length.
 */
function grid({ low, high }: Interval, points: number): number[] {
  if (low === high) return [low];
  const [from, to] = [Math.max(low, -flat), Math.min(high, flat)];
  return from < to && (from > low || to < high)
    ? [...chebyshev(low, high, points), ...chebyshev(from, to, points)]
    : chebyshev(low, high, points);
}

/** Beyond, a probability is within 1e-13 of 0 or 1. */
const flat = 30;

function chebyshev(low: number, high: number, points: number): number[] {
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  return Array.from({ length: points }, (_, k) => middle - half * Math.cos((Math.PI * k) / (points - 1)));
}
