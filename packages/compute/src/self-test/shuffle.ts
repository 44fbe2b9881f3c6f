import { shuffledIndex } from "../kernels/permute/shuffled-index.ts";
import { shuffledIndexes } from "../kernels/permute/shuffled-indexes.ts";
import type { Trial } from "./trial.ts";

const seed = 12;

/** Rows shuffled on the device, where the indexes stay. Floor: see `shuffledIndexes`. */
export const shuffle = {
  name: "shuffle",
  unit: "rows",
  least: 4_096,
  most: 4_194_304,
  async prepare(device, amount) {
    const buffer = device.allocate(amount * 4);
    let stream = 0;
    return {
      units: amount,
      async run() {
        stream++;
        await shuffledIndexes(device, { rows: amount, seed, stream, into: buffer });
        await device.download(buffer, new Uint32Array(1));
      },
      async check() {
        const found = await device.download(buffer, new Uint32Array(amount));
        const step = Math.ceil(amount / 1000);
        for (let row = 0; row < amount; row += step) {
          const expected = shuffledIndex(seed, stream, amount, row);
          if (found[row] !== expected) return `row ${row} goes to ${found[row]}, not ${expected}`;
        }
        return null;
      },
      free: () => buffer.free(),
    };
  },
} as const satisfies Trial;
