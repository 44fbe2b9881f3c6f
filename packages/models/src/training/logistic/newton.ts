import { cholesky, solve } from "./cholesky.ts";
import type { Minimum, SearchOptions } from "./minimum.ts";
import { type LogisticProblem, largest, product, stepped } from "./problem.ts";

/** A pivot so small beside its diagonal is rounding: a column that others make up. */
const rounding = 1e-11;
/** Steps below this, beside coefficients of size 1, are no growth. */
const settled = 1e-3;

/**
 * Newton's method with halved steps, which is iteratively reweighted least squares where the step is whole. Coordinates
 * whose columns are combinations of others (`fixed`: u8[width], from `dependentColumns`) keep their start.
 */
export async function newton(
  problem: LogisticProblem,
  start: Float64Array,
  fixed: Uint8Array,
  { tolerance, maxIterations, watch }: SearchOptions,
): Promise<Minimum> {
  const { size, width } = problem;
  let v = start;
  let { gradient } = await problem.at(v, "no-loss");
  let last = Number.POSITIVE_INFINITY;
  const growing = new Uint8Array(0);
  for (let iteration = 0; ; iteration++) {
    for (let at = 0; at < size; at++) if (fixed[at % width] === 1) gradient[at] = 0;
    const steepest = largest(gradient);
    // Steps shrink quadratically: the next is far below the last.
    if (steepest <= tolerance && last <= settled * Math.max(1, largest(v))) {
      return { v, status: "converged", iterations: iteration, gradient: steepest, growing };
    }
    const hessian = await problem.hessian();
    for (let at = 0; at < size; at++) if (fixed[at % width] === 1) isolate(hessian, size, at);
    const direction = solve(cholesky(hessian, size, 1e-15), gradient).map((value) => -value);
    const far = largest(direction);
    if (steepest <= tolerance && far <= settled * Math.max(1, largest(v))) {
      return { v, status: "converged", iterations: iteration, gradient: steepest, growing };
    }
    if (steepest <= tolerance && problem.penalties.every((penalty) => penalty === 0)) {
      const grew = Uint8Array.from(direction, (value) => Number(Math.abs(value) >= 0.1 * far));
      return { v, status: "diverging", iterations: iteration, gradient: steepest, growing: grew };
    }
    if (iteration >= maxIterations) {
      return { v, status: "iteration-limit", iterations: iteration, gradient: steepest, growing };
    }
    await watch(iteration);
    let next = stepped(v, 1, direction);
    let moved: Float64Array | null = (await problem.at(next, "no-loss")).gradient;
    last = far;
    if (!goesDown(gradient, moved, direction)) {
      const shorter = await halved(problem, v, direction, product(gradient, direction));
      moved = shorter?.gradient ?? null;
      next = shorter?.v ?? v;
      last = (shorter?.t ?? 0) * far;
    }
    if (!moved) {
      await problem.at(v, "no-loss");
      return { v, status: "stalled", iterations: iteration, gradient: steepest, growing };
    }
    v = next;
    gradient = moved;
  }
}

/**
 * Whether a whole step is a good one, by gradients alone. f is convex: where it still sinks along the direction it was
 * higher before. Else it must be nearly level, and the gradient smaller.
 */
function goesDown(before: Float64Array, after: Float64Array, direction: Float64Array): boolean {
  const slope = product(after, direction);
  if (slope <= 0) return true;
  return slope <= -0.25 * product(before, direction) && largest(after) < largest(before);
}

/** Half a step, or a quarter, …, with which f sinks enough (Armijo's rule); null where rounding leaves none. */
async function halved(
  problem: LogisticProblem,
  v: Float64Array,
  direction: Float64Array,
  slope: number,
): Promise<{ readonly v: Float64Array; readonly gradient: Float64Array; readonly t: number } | null> {
  const { loss } = await problem.at(v);
  // What rounding may add to the loss.
  const slack = 1e-14 * Math.abs(loss);
  for (let t = 1; t > 1e-10; t /= 2) {
    const next = stepped(v, t, direction);
    const there = await problem.at(next);
    if (there.loss <= loss + 1e-4 * t * slope + slack) return { v: next, gradient: there.gradient, t };
  }
  return null;
}

/** u8[width]: 1 for columns that are combinations of the ones before them, by the first output's block of the Hessian. */
export function dependentColumns(hessian: Float64Array, size: number, width: number): Uint8Array {
  const block = new Float64Array(width * width);
  // The intercept comes first: a column that does not vary depends on it.
  const order = [width - 1, ...Array.from({ length: width - 1 }, (_, column) => column)];
  for (const [i, one] of order.entries()) {
    for (const [j, other] of order.entries()) block[i * width + j] = hessian[one * size + other] ?? 0;
  }
  const { dependent } = cholesky(block, width, rounding);
  const fixed = new Uint8Array(width);
  for (const [i, one] of order.entries()) fixed[one] = dependent[i] ?? 0;
  return fixed;
}

/** Makes a coordinate independent of all others. */
function isolate(hessian: Float64Array, size: number, at: number): void {
  hessian.fill(0, at * size, (at + 1) * size);
  for (let row = 0; row < size; row++) hessian[row * size + at] = 0;
  hessian[at * size + at] = 1;
}
