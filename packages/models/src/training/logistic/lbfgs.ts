import type { Minimum, SearchOptions } from "./minimum.ts";
import { type LogisticProblem, largest, product, stepped } from "./problem.ts";

const history = 10;

/**
 * L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.5), for more coefficients than a Hessian is worth.
 * Steps meet Wolfe's conditions by bisection: f is convex, so that they are found.
 */
export async function lbfgs(
  problem: LogisticProblem,
  start: Float64Array,
  { tolerance, maxIterations, watch }: SearchOptions,
): Promise<Minimum> {
  const pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  let v = start;
  let { loss, gradient } = await problem.at(v);
  const end = (status: Minimum["status"], iterations: number): Minimum => ({
    ...{ v, status, iterations, gradient: largest(gradient), growing: new Uint8Array(0) },
  });
  for (let iteration = 0; ; iteration++) {
    if (largest(gradient) <= tolerance) return end("converged", iteration);
    if (iteration >= maxIterations) return end("iteration-limit", iteration);
    await watch(iteration);
    let direction: Float64Array = towards(gradient, pairs);
    let slope = product(gradient, direction);
    if (!(slope < 0)) {
      pairs.length = 0;
      direction = gradient.map((value) => -value);
      slope = product(gradient, direction);
    }
    let [low, high] = [0, Number.POSITIVE_INFINITY];
    let t = pairs.length === 0 ? Math.min(1, 1 / largest(gradient)) : 1;
    let found: { readonly v: Float64Array; readonly loss: number; readonly gradient: Float64Array } | null = null;
    for (let trial = 0; trial < 60; trial++) {
      const next = stepped(v, t, direction);
      const there = await problem.at(next);
      if (!(there.loss <= loss + 1e-4 * t * slope + 1e-15 * Math.abs(loss))) high = t;
      else if (product(there.gradient, direction) < 0.9 * slope) low = t;
      else {
        found = { v: next, ...there };
        break;
      }
      t = high === Number.POSITIVE_INFINITY ? 2 * t : (low + high) / 2;
    }
    if (!found) {
      await problem.at(v);
      return end("stalled", iteration);
    }
    const s = stepped(found.v, -1, v);
    const y = stepped(found.gradient, -1, gradient);
    const curvature = product(s, y);
    if (curvature > 0) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > history) pairs.shift();
    }
    ({ v, loss, gradient } = found);
  }
}

/** −H · gradient, H the inverse Hessian as the last steps tell it. */
function towards(
  gradient: Float64Array,
  pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  let q: Float64Array = gradient.slice();
  const alphas: number[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = rho * product(s, q);
    alphas.push(alpha);
    q = stepped(q, -alpha, y);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * product(last.y, last.y));
    q = q.map((value) => value * scale);
  }
  for (const { s, y, rho } of pairs) {
    const alpha = alphas.pop() ?? 0;
    q = stepped(q, alpha - rho * product(y, q), s);
  }
  return q.map((value) => -value);
}
