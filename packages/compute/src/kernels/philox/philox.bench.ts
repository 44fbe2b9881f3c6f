import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { philoxBlock } from "../../random/philox.ts";
import { philoxWords } from "./index.ts";

const blocks = 4_000_000;

export const benches: readonly Bench[] = [
  {
    name: "philox: 16,000,000 random words",
    async prepare() {
      const device = await openDevice("cpu");
      const copied = new Uint32Array(4 * blocks);
      const words = new Uint32Array(4 * blocks);
      return {
        ours: () => philoxWords(device, { seed: 1, stream: 2, counter: 0, blocks }),
        peer: {
          name: "the same words in a JS loop",
          scale: 1,
          run() {
            const out = new Uint32Array(4 * blocks);
            for (let block = 0; block < blocks; block++) out.set(philoxBlock(1, 0, block, 0, 2, 0), 4 * block);
            return out;
          },
        },
        limit: { name: "copying the words once", run: () => copied.set(words) },
        agree(ours: unknown, peer: unknown) {
          deepEqual(Buffer.from((ours as Uint32Array).buffer), Buffer.from((peer as Uint32Array).buffer));
        },
        notes: "",
      };
    },
  },
];
