import { binomial } from "../../random/binomial.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import type { ResampleInput } from "./index.ts";

/**
 * Multinomial(n, counts / n) by conditional binomials, cell after cell; replicate r draws from counter r · 2^32 of
 * (seed, stream).
 */
export function resampleReference(input: ResampleInput): Uint32Array {
  const { counts, replicates, seed, stream, first = 0 } = input;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const out = new Uint32Array(replicates * counts.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const random = new PhiloxStream(seed, stream, (first + replicate) * 4294967296);
    let rest = total;
    let left = total;
    for (const [cell, count] of counts.entries()) {
      const drawn = binomial(random, left, count, rest);
      out[replicate * counts.length + cell] = drawn;
      left -= drawn;
      rest -= count;
    }
  }
  return out;
}
