import { binomial, type Device, PhiloxStream, resample } from "@assay/compute";
import { pairedCells } from "./paired-cells.ts";

export interface DrawOptions {
  readonly device: Device;
  readonly replicates: number;
  readonly seed: number;
  /** Of the first group; each group has two of its own. */
  readonly stream: number;
}

/** Bootstrap replicates of a group's rows, as tables of paired counts: u32[replicates × 12]. */
export function bootstrapDraws(counts: Float64Array, options: DrawOptions): Promise<Uint32Array> {
  const { device, replicates, seed, stream } = options;
  return resample(device, { counts, replicates, seed, stream });
}

/**
 * Tables of paired counts under the null hypothesis that the two decisions of a row could as well have come the other way
 * round: of the rows that a and b decide differently, each is turned with probability ½. u32[replicates × 12].
 */
export function exchangeDraws(counts: Float64Array, { replicates, seed, stream }: DrawOptions): Uint32Array {
  const out = new Uint32Array(replicates * pairedCells);
  const random = new PhiloxStream(seed, stream + 1, 0);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const start = replicate * pairedCells;
    for (let label = 0; label < 3; label++) {
      const at = label * 4;
      // Decisions (0,0), (0,1), (1,0), (1,1) of a and b.
      const [both0 = 0, onlyB = 0, onlyA = 0, both1 = 0] = counts.subarray(at, at + 4);
      const turned = onlyA + onlyB === 0 ? 0 : binomial(random, onlyA + onlyB, 1, 2);
      out[start + at] = both0;
      out[start + at + 1] = turned;
      out[start + at + 2] = onlyA + onlyB - turned;
      out[start + at + 3] = both1;
    }
  }
  return out;
}
