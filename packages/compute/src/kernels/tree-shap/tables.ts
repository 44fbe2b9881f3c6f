import type { DeviceBuffer } from "../../device.ts";
import { useBuffers } from "../buffers.ts";
import { lanes } from "./background.ts";
import type { Model } from "./model.ts";
import type { Program } from "./program.ts";

/** A program on the cpu device with what its blocks give to each code. */
export interface Tables {
  readonly program: Program;
  readonly words: DeviceBuffer;
  /** f64[slots][codes] for each block; f64[codes][slots][channels] where there are channels. */
  readonly table: DeviceBuffer;
  /** float64[outputs]: the blocks' part of the mean prediction; 0 where there are channels. */
  readonly base: Float64Array;
}

/** Where the shares of a program's codes are: f64[shareEntries][channels] from byte `offset` on; null: path-dependent. */
export interface Shares {
  readonly buffer: DeviceBuffer;
  readonly sets: number;
  readonly channels: number;
}

/** Makes a program's tables; `take` gives the buffer that they stay in. */
export async function buildTables(
  model: Model,
  program: Program,
  words: DeviceBuffer,
  shares: Shares | null,
  pairs: boolean,
  take: (sizeBytes: number) => DeviceBuffer,
): Promise<Tables> {
  const { host, forest } = model;
  const channels = shares?.channels ?? 1;
  const table = take(program.tableEntries * channels * 8);
  return useBuffers(host, async (takeHere) => {
    const numbers = takeHere(program.numbers.byteLength, "any");
    host.upload(numbers, program.numbers);
    const bases = takeHere(program.blocks * forest.outputs * 8, "any");
    host.clear(bases);
    const scratchBytes = Math.ceil((3088 + 98 * 2 ** program.maxBits) / 64) * 64;
    const scratch = takeHere(lanes * scratchBytes, "any");
    const args = [words, program.blocks, numbers, model.quadrature, shares?.buffer ?? 0, shares?.sets ?? 0, channels];
    args.push(pairs ? 1 : 0, table, forest.outputs, bases, scratch, scratchBytes, lanes);
    await host.dispatch("treeShapBuild", args, lanes);
    const each = await host.download(bases, new Float64Array(program.blocks * forest.outputs));
    const base = new Float64Array(forest.outputs);
    for (const [index, value] of each.entries()) {
      const output = index % forest.outputs;
      base[output] = (base[output] ?? 0) + value;
    }
    return { program, words, table, base };
  });
}
