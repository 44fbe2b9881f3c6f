import { ok } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { resample } from "./index.ts";

const rows = 1_000_000;
const cells = 56;
const replicates = 10_000;
const peerReplicates = 10;

export const benches: readonly Bench[] = [
  {
    name: "resample: 10,000 bootstrap replicates of 1,000,000 rows in 56 cells",
    async prepare() {
      const random = new PhiloxStream(2, 0);
      const cellOf = Uint8Array.from({ length: rows }, () => Math.min(random.integer(cells), random.integer(cells)));
      const counts = new Float64Array(cells);
      for (const cell of cellOf) counts[cell] = (counts[cell] ?? 0) + 1;
      const device = await openDevice("cpu");
      return {
        ours: () => resample(device, { counts, replicates, seed: 1, stream: 0 }),
        peer: {
          name: "a JS loop that draws the rows again",
          scale: replicates / peerReplicates,
          run() {
            const out = new Uint32Array(peerReplicates * cells);
            for (let replicate = 0; replicate < peerReplicates; replicate++) {
              const at = replicate * cells;
              for (let row = 0; row < rows; row++) {
                const cell = at + (cellOf[Math.floor(Math.random() * rows)] ?? 0);
                out[cell] = (out[cell] ?? 0) + 1;
              }
            }
            return out;
          },
        },
        limit: null,
        agree(ours: unknown, peer: unknown) {
          // Both draw from one distribution: every replicate's cells lie within 6 standard deviations of its means.
          for (const drawn of [ours as Uint32Array, peer as Uint32Array]) {
            for (const [index, value] of drawn.entries()) {
              const count = counts[index % cells] ?? 0;
              ok(Math.abs(value - count) <= 6 * Math.sqrt(count) + 6);
            }
          }
        },
        notes: `the peer ran ${peerReplicates} replicates, scaled linearly to ${replicates}`,
      };
    },
  },
];
