import { deepEqual } from "node:assert/strict";
import type { Bench } from "../../bench.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { type Classes, classes } from "./index.ts";

const rows = 1_000_000;

export const benches: readonly Bench[] = [
  {
    name: "classes: 1,000,000 rows of age × zip × sex × race, 50,000 classes",
    prepare: () => prepare([100, 50, 2, 5]),
  },
  { name: "classes: the same, nearly every row alone", prepare: () => prepare([100, 40_000, 2, 5]) },
];

async function prepare(sizes: readonly number[]) {
  const random = new PhiloxStream(4, 0);
  const columns = sizes.map((size) => {
    const codes = new (size < 256 ? Uint8Array : Uint16Array)(rows);
    for (let row = 0; row < rows; row++) codes[row] = random.integer(size);
    return { codes, size };
  });
  const [a, b, c, d] = columns.map((column) => column.codes);
  if (!a || !b || !c || !d) throw new Error("four columns");
  const device = await openDevice("cpu");
  const copies = columns.map(({ codes }) => new Uint8Array(codes.byteLength));
  return {
    ours: () => classes(device, { columns, rows, counts: null, classOf: true }),
    peer: {
      name: "a JS Map with texts as keys",
      scale: 1,
      run() {
        const known = new Map<string, number>();
        const firsts: number[] = [];
        const counts: number[] = [];
        const classOf = new Uint32Array(rows);
        for (let row = 0; row < rows; row++) {
          const key = `${a[row]},${b[row]},${c[row]},${d[row]}`;
          let id = known.get(key);
          if (id === undefined) {
            id = firsts.length;
            known.set(key, id);
            firsts.push(row);
            counts.push(0);
          }
          counts[id] = (counts[id] ?? 0) + 1;
          classOf[row] = id;
        }
        return { firsts: Uint32Array.from(firsts), counts: Float64Array.from(counts), classOf };
      },
    },
    limit: {
      name: "copying the columns once",
      run: () =>
        columns.forEach(({ codes }, index) => {
          copies[index]?.set(new Uint8Array(codes.buffer));
        }),
    },
    agree: (ours: unknown, peer: unknown) => deepEqual(ours as Classes, peer),
    notes: "one thread each",
  };
}
