import type { LoadedLogistic, LogisticPass } from "@assay/compute";

/**
 * The function that a fit makes small: f(v) = (Σ weight · −log p(label) + ½ Σ λ v²) / Σ weight, over v float64[outputs ×
 * (columns + 1)] of standardised columns, each output's intercept last and without penalty.
 */
export class LogisticProblem {
  readonly outputs: number;
  /** Coefficients of an output, its intercept among them. */
  readonly width: number;
  readonly size: number;
  /** float64[columns]: λ of each column. */
  readonly penalties: Float64Array;
  readonly #loaded: LoadedLogistic;
  readonly #totalWeight: number;

  constructor(loaded: LoadedLogistic, outputs: number, penalties: Float64Array, totalWeight: number) {
    this.outputs = outputs;
    this.width = loaded.columns + 1;
    this.size = outputs * this.width;
    this.penalties = penalties;
    this.#loaded = loaded;
    this.#totalWeight = totalWeight;
  }

  /** f, where it is asked for, and its gradient. */
  async at(v: Float64Array, asked: "loss" | "no-loss" = "loss"): Promise<LogisticPass> {
    const { loss, gradient } = await this.#loaded.pass(v, asked);
    let penalty = 0;
    for (let at = 0; at < this.size; at++) {
      const value = v[at] ?? 0;
      const lambda = this.#penalty(at);
      penalty += 0.5 * lambda * value * value;
      gradient[at] = ((gradient[at] ?? 0) + lambda * value) / this.#totalWeight;
    }
    return { loss: (loss + penalty) / this.#totalWeight, gradient };
  }

  /**
   * The Hessian of f where `at` was last. Several outputs leave a direction free in every column without penalty, the same
   * for all outputs, of which no probability depends: along it the Hessian is made positive, so that a step has no part of it.
   */
  async hessian(): Promise<Float64Array> {
    const { outputs, width, size } = this;
    const hessian = await this.#loaded.hessian();
    for (let at = 0; at < hessian.length; at++) hessian[at] = (hessian[at] ?? 0) / this.#totalWeight;
    for (let at = 0; at < size; at++) {
      const place = at * size + at;
      hessian[place] = (hessian[place] ?? 0) + this.#penalty(at) / this.#totalWeight;
    }
    if (outputs === 1) return hessian;
    for (let column = 0; column < width; column++) {
      if (this.#penalty(column) > 0) continue;
      const ridge = (hessian[column * size + column] ?? 0) / outputs;
      for (let one = 0; one < outputs; one++) {
        for (let other = 0; other < outputs; other++) {
          const place = (one * width + column) * size + other * width + column;
          hessian[place] = (hessian[place] ?? 0) + ridge;
        }
      }
    }
    return hessian;
  }

  /** λ of a coefficient; 0 for intercepts. */
  #penalty(at: number): number {
    return this.penalties[at % this.width] ?? 0;
  }
}

export function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

export function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** a + t · d */
export function stepped(a: Float64Array, t: number, d: Float64Array): Float64Array {
  return a.map((value, at) => value + t * (d[at] ?? 0));
}
