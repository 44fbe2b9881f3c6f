import type { Device, DeviceBuffer } from "../../device.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import { checkCounts, checkReplicates, chunkReplicates } from "../replicates.ts";

export interface ResampleInput {
  /** Rows in each cell: integers from 0, below 2^32 in total. */
  readonly counts: Float64Array;
  readonly replicates: number;
  /** Integers from 0 to 2^53 − 1. */
  readonly seed: number;
  readonly stream: number;
  /** Number of the first replicate, default 0: replicates can be split over threads. */
  readonly first?: number;
}

/**
 * Bootstrap replicates of a table of counts: each is a draw of Multinomial(n, counts / n), which is what resampling
 * the n rows would give. Returns replicates × cells, row-major. A replicate is a pure function of (seed, stream, its
 * number): the same on every device and for any split. n = 0 gives zeros.
 *
 * Runs on `device.host` whatever device is given, on all its threads: 10,000 replicates of 56 cells take about 30 ms of one,
 * in draws that each need the one before and reject a few. A GPU would not have compiled the kernel and carried them back by
 * then.
 * @throws AssayError data-too-large for n ≥ 2^32, data-invalid for a count that is no integer from 0
 */
export async function resample({ host }: Device, input: ResampleInput): Promise<Uint32Array> {
  checkReplicates("resample", input);
  const cells = input.counts.length;
  const out = new Uint32Array(input.replicates * cells);
  await useBuffers(host, (take) =>
    drawReplicates(host, take, input, async ({ counts, drawn, first, start, end }) => {
      await host.dispatch("resample", [counts, cells, drawn, first, input.seed, input.stream], end - start);
      await host.download(drawn, out.subarray(start * cells, end * cells));
    }),
  );
  return out;
}

/** Replicates that are drawn at once: `start` to `end` of those asked for, the buffer's first of number `first`. */
export interface ReplicateChunk {
  readonly counts: DeviceBuffer;
  /** Room for their cells. */
  readonly drawn: DeviceBuffer;
  readonly first: number;
  readonly start: number;
  readonly end: number;
}

/** Calls `draw` with every chunk of the replicates, one after another; what it draws may stay on `host`. */
export async function drawReplicates(
  host: Device,
  take: TakeBuffer,
  input: ResampleInput,
  draw: (chunk: ReplicateChunk) => Promise<void>,
): Promise<void> {
  const { counts, replicates, first = 0 } = input;
  checkReplicates("resample", input);
  checkCounts("resample", counts);
  const cells = counts.length;
  if (replicates * cells === 0) return;
  const chunk = Math.min(replicates, chunkReplicates(cells));
  const countBuffer = take(counts.byteLength, "any");
  const drawn = take(chunk * cells * 4, "any");
  host.upload(countBuffer, counts);
  for (let start = 0; start < replicates; start += chunk) {
    const end = Math.min(start + chunk, replicates);
    await draw({ counts: countBuffer, drawn, first: first + start, start, end });
  }
}
