import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice, probeDevices } from "../../open-device.ts";
import { philoxBlock } from "../../random/philox.ts";
import { philoxWords } from "./index.ts";

const blocks = 4_000_000;

/** GPUs that are ones: what the processor plays is no faster than the cpu device. */
const cards = (await probeDevices()).filter((probe) => probe.name !== "cpu" && probe.available && !probe.software);

export const benches: readonly Bench[] = [
  { name: "cpu" as const, description: "1 thread" },
  ...cards.map((probe) => ({ name: probe.name, description: probe.available ? probe.description : "" })),
].map(({ name, description }) => ({
  name: `philox: 16,000,000 random words (${name}, ${description})`,
  async prepare() {
    const device = await openDevice(name);
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
}));
