import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { shuffledIndexes } from "./shuffled-indexes.ts";

const rows = 10_000_000;

export const benches: readonly Bench[] = [
  {
    name: "permute: a shuffle of 10,000,000 row indexes",
    async prepare() {
      const device = await openDevice("cpu");
      const shuffled = new Uint32Array(rows);
      const copy = new Uint32Array(rows);
      return {
        async ours() {
          const buffer = await shuffledIndexes(device, { rows, seed: 1, stream: 0 });
          await device.download(buffer, shuffled);
          buffer.free();
          return shuffled;
        },
        peer: {
          name: "a Fisher–Yates shuffle in JS with Math.random",
          scale: 1,
          run() {
            const indexes = new Uint32Array(rows);
            for (let row = 0; row < rows; row++) indexes[row] = row;
            for (let last = rows - 1; last > 0; last--) {
              const other = Math.floor(Math.random() * (last + 1));
              const held = indexes[last] ?? 0;
              indexes[last] = indexes[other] ?? 0;
              indexes[other] = held;
            }
            return indexes;
          },
        },
        limit: { name: "copying the indexes once", run: () => copy.set(shuffled) },
        agree(ours: unknown, peer: unknown) {
          const random = new PhiloxStream(6, 0);
          for (const indexes of [ours as Uint32Array, peer as Uint32Array]) {
            const seen = new Uint8Array(rows);
            for (const index of indexes) seen[index] = 1;
            deepEqual([indexes.length, seen.indexOf(0)], [rows, -1]);
            // Neighbours are no longer near each other.
            let near = 0;
            for (let draw = 0; draw < 10_000; draw++) {
              const row = random.integer(rows - 1);
              if (Math.abs((indexes[row] ?? 0) - (indexes[row + 1] ?? 0)) < rows / 100) near++;
            }
            deepEqual(near < 300, true);
          }
        },
        notes: "each row's place is computed by itself, so that it needs no order and no table",
      };
    },
  },
];
