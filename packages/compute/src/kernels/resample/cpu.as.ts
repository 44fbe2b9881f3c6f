import { binomial } from "../../random/binomial.as";
import { start } from "../../random/philox.as";

/** counts: f64[cells]; out: u32[replicates * cells]. Replicates first, first + 1, ... */
export function resample(
  counts: usize,
  cells: u32,
  out: usize,
  first: u32,
  replicates: u32,
  seed: f64,
  stream: f64,
): void {
  let total: f64 = 0;
  for (let cell: u32 = 0; cell < cells; cell++) total += load<f64>(counts + (<usize>cell << 3));
  for (let replicate: u32 = 0; replicate < replicates; replicate++) {
    start(seed, stream, first + replicate);
    let rest = total;
    let left = total;
    for (let cell: u32 = 0; cell < cells; cell++) {
      const count = load<f64>(counts + (<usize>cell << 3));
      const drawn = binomial(left, count, rest);
      store<u32>(out, <u32>drawn);
      out += 4;
      left -= drawn;
      rest -= count;
    }
  }
}
