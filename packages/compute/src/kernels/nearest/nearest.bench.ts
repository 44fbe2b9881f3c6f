import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { uploadTable } from "../../device-table.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { type Nearest, nearest } from "./index.ts";

export const benches: readonly Bench[] = [bench(30, 10_000, 5), bench(200, 4_000, 5), bench(8, 10_000, 50)];

/** Neighbours of a table's rows among themselves. */
function bench(columns: number, rows: number, k: number): Bench {
  return {
    name: `nearest: ${k} of ${rows.toLocaleString("en")} rows for each of them, ${columns} columns`,
    async prepare() {
      const random = new PhiloxStream(1, 0);
      const data = Array.from({ length: columns }, () => {
        const column = new Float32Array(rows);
        for (let row = 0; row < rows; row++) column[row] = random.uniform();
        return column;
      });
      const device = await openDevice("cpu");
      const table = uploadTable(device, data);
      const wide = new Float32Array(rows * columns);
      for (const [index, column] of data.entries()) {
        for (let row = 0; row < rows; row++) wide[row * columns + index] = column[row] ?? 0;
      }
      // A part of the queries, as a plain loop is slow.
      const asked = Math.ceil(rows / 40);
      return {
        ours: () => nearest(device, { queries: table, references: table, k, excludeSelf: true }),
        peer: {
          name: "a JS loop over rows of a typed array, with a heap",
          scale: rows / asked,
          run: () => plain(wide, rows, columns, asked, k),
        },
        limit: null,
        agree(ours: unknown, peer: unknown) {
          // The peer sums in float64: its order of nearly equal distances may be another, so that distances are compared.
          const [a, b] = [ours as Nearest, peer as Float64Array];
          deepEqual(
            [...b.keys()].filter((at) => Math.abs((a.distances[at] ?? 0) - (b[at] ?? 0)) > 1e-4 * (b[at] ?? 0)),
            [],
          );
        },
        notes: "one thread each",
      };
    },
  };
}

/** Squared distances of the first rows' k nearest others, ascending: a heap of the k best, the worst of them on top. */
function plain(data: Float32Array, rows: number, columns: number, asked: number, k: number): Float64Array {
  const out = new Float64Array(asked * k);
  const heap = new Float64Array(k);
  for (let query = 0; query < asked; query++) {
    heap.fill(Number.POSITIVE_INFINITY);
    const own = query * columns;
    for (let row = 0; row < rows; row++) {
      if (row === query) continue;
      const other = row * columns;
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        const difference = (data[own + column] ?? 0) - (data[other + column] ?? 0);
        sum += difference * difference;
      }
      if (sum < (heap[0] ?? 0)) sink(heap, sum);
    }
    out.set(heap.slice().sort(), query * k);
  }
  return out;
}

/** Puts a value in the place of the largest. */
function sink(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) > (heap[child] ?? 0)) child++;
    if ((heap[child] ?? 0) <= value) break;
    heap[at] = heap[child] ?? 0;
    at = child;
  }
  heap[at] = value;
}
