// The elementary functions over an array, so that a test can hold their bits against elementary.ts.
import { exp, log, log1p } from "./elementary.as";

/** out[i] = log, log1p or exp (which = 0, 1, 2) of x[i]; f64. */
export function elementary(which: u32, x: usize, out: usize, count: u32): void {
  for (let index: usize = 0; index < <usize>count << 3; index += 8) {
    const value = load<f64>(x + index);
    store<f64>(out + index, which == 0 ? log(value) : which == 1 ? log1p(value) : exp(value));
  }
}
