import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { slices } from "./index.ts";

const rows = 1_000_000;
const sizes = Array.from({ length: 20 }, (_, column) => 3 + (column % 8));
const peerSets = 20;

/** Every three of twenty columns. */
const sets = sizes.flatMap((_, a) =>
  sizes.slice(a + 1).flatMap((_, b) => sizes.slice(a + b + 2).map((_, c) => [a, a + 1 + b, a + b + 2 + c])),
);

export const benches: readonly Bench[] = [
  {
    name: "slices: all slices of 3 of 20 columns, 1,000,000 rows",
    async prepare() {
      const random = new PhiloxStream(4, 0);
      const columns = sizes.map((size) => ({
        codes: Uint8Array.from({ length: rows }, () => Math.min(random.integer(size), random.integer(size))),
        size,
      }));
      const outcomes = Uint8Array.from({ length: rows }, () => random.integer(4));
      const device = await openDevice("cpu");
      return {
        ours: () => slices(device, { columns, outcomes, rows, times: null, sets }),
        peer: {
          name: "a JS loop over the same arrays, set by set",
          scale: sets.length / peerSets,
          run() {
            return sets.slice(0, peerSets).map(([a = 0, b = 0, c = 0]) => {
              const [x, y, z] = [a, b, c].map((column) => columns[column]?.codes ?? outcomes) as [
                Uint8Array,
                Uint8Array,
                Uint8Array,
              ];
              const [second, third] = [sizes[b] ?? 1, sizes[c] ?? 1];
              const counts = new Float64Array((sizes[a] ?? 1) * second * third * 4);
              for (let row = 0; row < rows; row++) {
                const slice = ((x[row] ?? 0) * second + (y[row] ?? 0)) * third + (z[row] ?? 0);
                const at = slice * 4 + (outcomes[row] ?? 0);
                counts[at] = (counts[at] ?? 0) + 1;
              }
              return counts;
            });
          },
        },
        limit: null,
        agree(ours: unknown, peer: unknown) {
          deepEqual((ours as Float64Array[]).slice(0, peerSets), peer);
        },
        notes: `the peer counted ${peerSets} of ${sets.length} sets, scaled linearly`,
      };
    },
  },
];
