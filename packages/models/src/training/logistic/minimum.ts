/** Where a search ended. */
export interface Minimum {
  readonly v: Float64Array;
  /**
   * `converged`: gradient and step are below the tolerance. `diverging`: the gradient is, but coefficients still grow, as no
   * finite ones are best. `stalled`: rounding lets the loss sink no more before the gradient is below the tolerance.
   */
  readonly status: "converged" | "diverging" | "iteration-limit" | "stalled";
  readonly iterations: number;
  /** The largest |∂f/∂v|. */
  readonly gradient: number;
  /** u8[size]: 1 for coefficients that still grew; empty unless diverging. */
  readonly growing: Uint8Array;
}

export interface SearchOptions {
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Called before each iteration. */
  readonly watch: (iteration: number) => Promise<void>;
}
