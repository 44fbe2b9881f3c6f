import { philox, splitInteger } from "../random/philox.ts";
import type { Trial } from "./trial.ts";

const seed = 11;

/** Random words made on the device, where they stay. Floor: see `philoxWords`. */
export const words = {
  name: "words",
  unit: "words",
  least: 16_384,
  most: 16_777_216,
  async prepare(device, amount) {
    const blocks = amount / 4;
    const buffer = device.allocate(amount * 4);
    let stream = 0;
    return {
      units: amount,
      async run() {
        stream++;
        await device.dispatch("philoxWords", [buffer, ...splitInteger(seed), ...splitInteger(stream), 0, 0], blocks);
        await device.download(buffer, new Uint32Array(1));
      },
      async check() {
        const found = await device.download(buffer, new Uint32Array(amount));
        const step = Math.ceil(blocks / 1000);
        for (let block = 0; block < blocks; block += step) {
          const expected = philox(seed, stream, block);
          const at = expected.findIndex((word, index) => word !== found[4 * block + index]);
          if (at >= 0) return `word ${4 * block + at} is ${found[4 * block + at]}, not ${expected[at]}`;
        }
        return null;
      },
      free: () => buffer.free(),
    };
  },
} as const satisfies Trial;
