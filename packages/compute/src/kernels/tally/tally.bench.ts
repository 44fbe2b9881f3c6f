import { deepEqual, ok } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { exactToNumber } from "../../exact-sum.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { type Tally, tally } from "./index.ts";

const rows = 10_000_000;

export const benches: readonly Bench[] = [
  { name: "tally: 10,000,000 rows of group × label × decision", prepare: () => prepare(false) },
  { name: "tally: the same, weighted (exact Σw and Σw²)", prepare: () => prepare(true) },
];

async function prepare(weighted: boolean) {
  const random = new PhiloxStream(1, 0);
  const [group, label, decision] = [13, 3, 3].map((size) => {
    const codes = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) codes[row] = random.integer(size);
    return { codes, size };
  });
  if (!group || !label || !decision) throw new Error("three columns");
  const weights = weighted ? new Float64Array(rows) : null;
  if (weights) for (let row = 0; row < rows; row++) weights[row] = 0.5 + random.uniform();
  const columns = [group, label, decision];
  const device = await openDevice("cpu");
  const arrays = [...columns.map((column) => column.codes), ...(weights ? [weights] : [])];
  const copies = arrays.map((array) => new Uint8Array(array.byteLength));
  return {
    ours: () => tally(device, { columns, rows, counts: null, weights }),
    peer: {
      name: weighted ? "a JS loop adding doubles, rounded at every step" : "a JS loop over the same arrays",
      scale: 1,
      run() {
        const counts = new Float64Array(13 * 3 * 3);
        const sums = new Float64Array(13 * 3 * 3);
        const squares = new Float64Array(13 * 3 * 3);
        const [a, b, c] = [group.codes, label.codes, decision.codes];
        for (let row = 0; row < rows; row++) {
          const cell = ((a[row] ?? 0) * 3 + (b[row] ?? 0)) * 3 + (c[row] ?? 0);
          counts[cell] = (counts[cell] ?? 0) + 1;
          if (weights) {
            const weight = weights[row] ?? 0;
            sums[cell] = (sums[cell] ?? 0) + weight;
            squares[cell] = (squares[cell] ?? 0) + weight * weight;
          }
        }
        return { counts, sums, squares };
      },
    },
    limit: {
      name: "copying the columns once",
      run: () =>
        arrays.forEach((array, index) => {
          copies[index]?.set(new Uint8Array(array.buffer));
        }),
    },
    agree(ours: unknown, peer: unknown) {
      const a = ours as Tally;
      const b = peer as { counts: Float64Array; sums: Float64Array };
      deepEqual(a.counts, b.counts);
      for (const [cell, sum] of (a.weights?.sums ?? []).entries()) {
        ok(Math.abs(exactToNumber(sum) - (b.sums[cell] ?? 0)) < 1e-6 * (b.sums[cell] ?? 0));
      }
    },
    notes: "one thread each",
  };
}
