import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { permute } from "./index.ts";
import { marginsOf } from "./margins.ts";

const people = 1_000_000;
const rows = 12;
const columns = 4;
const replicates = 10_000;
const peerReplicates = 5;

export const benches: readonly Bench[] = [
  {
    name: "permute: 10,000 null tables of 1,000,000 rows, 12 groups × 4 outcomes",
    async prepare() {
      const random = new PhiloxStream(3, 0);
      const group = Uint8Array.from({ length: people }, () => random.integer(rows));
      const outcome = Uint8Array.from({ length: people }, () => random.integer(columns));
      const table = new Float64Array(rows * columns);
      for (const [person, row] of group.entries()) {
        const cell = row * columns + (outcome[person] ?? 0);
        table[cell] = (table[cell] ?? 0) + 1;
      }
      const device = await openDevice("cpu");
      return {
        ours: () => permute(device, { table, rows, columns, replicates, seed: 1, stream: 0 }),
        peer: {
          name: "a JS loop that shuffles the outcomes (Fisher–Yates) and counts",
          scale: replicates / peerReplicates,
          run() {
            const out = new Uint32Array(peerReplicates * rows * columns);
            const shuffled = outcome.slice();
            for (let replicate = 0; replicate < peerReplicates; replicate++) {
              for (let last = people - 1; last > 0; last--) {
                const other = Math.floor(Math.random() * (last + 1));
                const held = shuffled[last] ?? 0;
                shuffled[last] = shuffled[other] ?? 0;
                shuffled[other] = held;
              }
              for (let person = 0; person < people; person++) {
                const cell = replicate * rows * columns + (group[person] ?? 0) * columns + (shuffled[person] ?? 0);
                out[cell] = (out[cell] ?? 0) + 1;
              }
            }
            return out;
          },
        },
        limit: null,
        agree(ours: unknown, peer: unknown) {
          const expected = marginsOf(table, rows, columns);
          for (const drawn of [ours as Uint32Array, peer as Uint32Array]) {
            for (let at = 0; at < drawn.length; at += rows * columns) {
              deepEqual(marginsOf(Float64Array.from(drawn.subarray(at, at + rows * columns)), rows, columns), expected);
            }
          }
        },
        notes: `the peer ran ${peerReplicates} replicates, scaled linearly to ${replicates}`,
      };
    },
  },
];
