import { hypergeometric } from "../../random/hypergeometric.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import type { PermuteInput } from "./index.ts";
import { marginsOf } from "./margins.ts";

/**
 * Row after row, cell after cell: how many of the row's members come from the column, given all before; replicate r
 * draws from counter r · 2^32 of (seed, stream).
 */
export function permuteReference(input: PermuteInput): Uint32Array {
  const { rows, columns, replicates, seed, stream, first = 0 } = input;
  const margins = marginsOf(input.table, rows, columns);
  const rowMargins = margins.subarray(0, rows);
  const out = new Uint32Array(replicates * rows * columns);
  let at = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const random = new PhiloxStream(seed, stream, (first + replicate) * 4294967296);
    const remaining = margins.slice(rows);
    let left = rowMargins.reduce((sum, size) => sum + size, 0);
    for (const size of rowMargins) {
      let need = size;
      let rest = left;
      for (const [column, count] of remaining.entries()) {
        rest -= count;
        const drawn = hypergeometric(random, count, rest, need);
        out[at++] = drawn;
        remaining[column] = count - drawn;
        need -= drawn;
      }
      left -= size;
    }
  }
  return out;
}
