import { AssayError } from "@assay/schema";
import type { Device, DeviceBuffer } from "../../device.ts";
import { type TakeBuffer, useBuffers } from "../buffers.ts";
import { checkCounts, checkReplicates, chunkReplicates } from "../replicates.ts";
import { marginsOf } from "./margins.ts";

export interface PermuteInput {
  /** rows × columns counts, row-major: integers from 0, below 2^32 in total. */
  readonly table: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly replicates: number;
  /** Integers from 0 to 2^53 − 1. */
  readonly seed: number;
  readonly stream: number;
  /** Number of the first replicate, default 0: replicates can be split over threads. */
  readonly first?: number;
}

/**
 * Tables under the null that rows and columns are independent, both margins as they are: what shuffling one label over
 * the people would give (multivariate hypergeometric). Returns replicates × rows × columns, row-major. A replicate is a
 * pure function of (seed, stream, its number): the same on every device and for any split.
 *
 * Runs on `device.host` whatever device is given, on all its threads: 10,000 tables of 12 × 4 cells take a few tens of
 * milliseconds of one, in draws that each need the one before and reject a few. A GPU would not have compiled the kernel and
 * carried them back by then.
 * @throws AssayError data-too-large for a total ≥ 2^32, data-invalid for a count that is no integer from 0
 */
export async function permute({ host }: Device, input: PermuteInput): Promise<Uint32Array> {
  checkReplicates("permute", input);
  const cells = input.table.length;
  const out = new Uint32Array(input.replicates * cells);
  await useBuffers(host, (take) =>
    drawNullTables(host, take, input, async ({ margins, scratch, drawn, first, start, end }) => {
      const { rows, columns, seed, stream } = input;
      await host.dispatch("permute", [margins, rows, columns, scratch, drawn, first, seed, stream], end - start);
      await host.download(drawn, out.subarray(start * cells, end * cells));
    }),
  );
  return out;
}

/** Null tables that are drawn at once: `start` to `end` of those asked for, the buffer's first of number `first`. */
export interface NullChunk {
  readonly margins: DeviceBuffer;
  /** f64[(end − start) × columns]. */
  readonly scratch: DeviceBuffer;
  /** Room for their cells. */
  readonly drawn: DeviceBuffer;
  readonly first: number;
  readonly start: number;
  readonly end: number;
}

/** Calls `draw` with every chunk of the tables, one after another; what it draws may stay on `host`. */
export async function drawNullTables(
  host: Device,
  take: TakeBuffer,
  input: PermuteInput,
  draw: (chunk: NullChunk) => Promise<void>,
): Promise<void> {
  const { table, rows, columns, replicates, first = 0 } = input;
  if (!Number.isInteger(rows) || rows < 0 || !Number.isInteger(columns) || columns < 0) {
    throw new AssayError("internal", `permute: rows and columns must be integers from 0, got ${rows} × ${columns}`);
  }
  if (table.length !== rows * columns) {
    throw new AssayError(
      "internal",
      `permute: a table of ${rows} × ${columns} needs ${rows * columns} cells, got ${table.length}`,
    );
  }
  checkReplicates("permute", input);
  checkCounts("permute", table);
  const cells = table.length;
  if (replicates * cells === 0) return;
  const chunk = Math.min(replicates, chunkReplicates(cells));
  const margins = marginsOf(table, rows, columns);
  const marginBuffer = take(margins.byteLength, "any");
  const scratch = take(chunk * columns * 8, "any");
  const drawn = take(chunk * cells * 4, "any");
  host.upload(marginBuffer, margins);
  for (let start = 0; start < replicates; start += chunk) {
    const end = Math.min(start + chunk, replicates);
    await draw({ margins: marginBuffer, scratch, drawn, first: first + start, start, end });
  }
}
