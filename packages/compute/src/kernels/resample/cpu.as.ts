import { binomial } from "../../random/binomial.as";
import { start } from "../../random/philox.as";

/** counts: f64[cells]; out: u32[items * cells]. Item i is replicate first + i. */
export function resample(
  counts: usize,
  cells: u32,
  out: usize,
  first: u32,
  seed: f64,
  stream: f64,
  begin: u32,
  end: u32,
): void {
  let to = out + ((<usize>begin * cells) << 2);
  let total: f64 = 0;
  for (let cell: u32 = 0; cell < cells; cell++) total += load<f64>(counts + (<usize>cell << 3));
  for (let item = begin; item < end; item++) {
    start(seed, stream, first + item);
    let rest = total;
    let left = total;
    for (let cell: u32 = 0; cell < cells; cell++) {
      const count = load<f64>(counts + (<usize>cell << 3));
      const drawn = binomial(left, count, rest);
      store<u32>(to, <u32>drawn);
      to += 4;
      left -= drawn;
      rest -= count;
    }
  }
}
