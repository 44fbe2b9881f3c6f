import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uploadTable } from "../../device-table.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { type Nearest, nearest } from "./index.ts";
import { nearestReference } from "./reference.ts";

type Columns = readonly Float32Array[];

function makeColumns(columns: number, rows: number, value: () => number): Columns {
  return Array.from({ length: columns }, () => Float32Array.from({ length: rows }, value));
}

/** The kernel's own arithmetic, pair by pair: float32, column after column. */
function squaredDistance(
  queries: Columns,
  query: number,
  references: Columns,
  reference: number,
  scales?: Float32Array,
) {
  let sum = 0;
  for (const [index, column] of references.entries()) {
    let difference = Math.fround((queries[index]?.[query] ?? 0) - (column[reference] ?? 0));
    if (scales) difference = Math.fround(difference * (scales[index] ?? 1));
    sum = Math.fround(sum + Math.fround(difference * difference));
  }
  return sum;
}

/** All pairs' distances in the kernel's arithmetic, sorted: what every device must give to the bit. */
function inFloat32(
  queries: Columns,
  references: Columns,
  { k, excludeSelf, scales }: { k: number; excludeSelf?: boolean; scales?: Float32Array },
): Nearest {
  const lists = Array.from(queries[0] ?? [], (_, query) =>
    Array.from(references[0] ?? [], (_value, reference) => reference)
      .filter((reference) => !(excludeSelf && reference === query))
      .map((reference) => [squaredDistance(queries, query, references, reference, scales), reference] as const)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .slice(0, k),
  ).flat();
  return {
    indexes: Uint32Array.from(lists, ([, reference]) => reference),
    distances: Float32Array.from(lists, ([distance]) => distance),
  };
}

/** Tables far from the origin, and what must be found among their own rows. Made once, for all devices. */
let amongThemselves: ReturnType<typeof makeAmong> | null = null;
function among() {
  amongThemselves ??= makeAmong();
  return amongThemselves;
}

function makeAmong() {
  const shapes = [
    [1, 9, 8],
    [3, 560, 5],
    [33, 200, 1],
    [200, 120, 20],
  ] as const;
  return shapes.flatMap(([columns, rows, k]) => {
    const random = new PhiloxStream(9, columns);
    const data = makeColumns(columns, rows, () => 1000 + random.uniform());
    const scales = Float32Array.from(data, () => 0.5 + random.uniform());
    return [
      { k, excludeSelf: true, scales },
      { k, excludeSelf: true },
    ].map((options) => ({
      data,
      options,
      exact: inFloat32(data, data, options),
      reference: nearestReference(data, data, options),
    }));
  });
}

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`nearest on ${label}`, () => {
    it("runs on the device asked for and finds the reference's rows in its order, equals included", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      const shapes = fc.record({
        seed: fc.nat(1e6),
        columns: fc.integer({ min: 1, max: 80 }),
        rows: fc.integer({ min: 1, max: 60 }),
        others: fc.integer({ min: 1, max: 400 }),
        k: fc.integer({ min: 1, max: 128 }),
        scaled: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(shapes, async ({ seed, columns, rows, others, k, scaled }) => {
          const random = new PhiloxStream(seed, 0);
          // Small whole numbers: exact in float32, and many pairs are equally far apart.
          const value = () => random.integer(4);
          const [a, b] = [makeColumns(columns, rows, value), makeColumns(columns, others, value)];
          const options = {
            k: Math.min(k, others),
            ...(scaled ? { scales: Float32Array.from({ length: columns }, () => random.integer(3) - 1) } : {}),
          };
          const [queries, references] = [uploadTable(device, a), uploadTable(device, b)];
          const found = await nearest(device, { queries, references, ...options });
          const expected = nearestReference(a, b, options);
          expect(firstDifference(found.indexes, expected.indexes)).toBeNull();
          expect(firstDifference(found.distances, expected.distances)).toBeNull();
          queries.free();
          references.free();
        }),
        { seed: 8, numRuns: slow ? 12 : 60 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("finds a table's neighbours among itself to the bit, within the stated error of the reference", async () => {
      const device = await open();
      for (const { data, options, exact, reference } of among()) {
        const table = uploadTable(device, data);
        const found = await nearest(device, { queries: table, references: table, ...options });
        expect(firstDifference(found.indexes, exact.indexes)).toBeNull();
        expect(firstDifference(found.distances, exact.distances)).toBeNull();
        let worst = 0;
        for (const [place, distance] of found.distances.entries()) {
          worst = Math.max(worst, Math.abs(distance - (reference.distances[place] ?? 0)) / distance);
        }
        expect(worst).toBeLessThan((data.length + 5) * 2 ** -24);
        table.free();
      }
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("gives each query the same neighbours whatever others are asked beside it", async () => {
      const device = await open();
      const random = new PhiloxStream(10, 0);
      const rows = slow ? 600 : 3000;
      const data = makeColumns(7, rows, () => random.uniform());
      const table = uploadTable(device, data);
      const all = await nearest(device, { queries: table, references: table, k: 6 });
      for (const [first, last] of [
        [0, 1],
        [5, 14],
        [rows - 77, rows],
      ] as const) {
        const queries = uploadTable(
          device,
          data.map((column) => column.slice(first, last)),
        );
        const some = await nearest(device, { queries, references: table, k: 6 });
        expect(firstDifference(some.indexes, all.indexes.subarray(6 * first, 6 * last))).toBeNull();
        expect(firstDifference(some.distances, all.distances.subarray(6 * first, 6 * last))).toBeNull();
        queries.free();
      }
      const parts = await nearest(device, { queries: table, references: table, k: 6, rowsAtOnce: 250 });
      expect(firstDifference(parts.indexes, all.indexes)).toBeNull();
      expect(firstDifference(parts.distances, all.distances)).toBeNull();
      // Its own nearest is each row itself, at distance 0, also far from the origin.
      expect(all.indexes.filter((_, place) => place % 6 === 0)).toEqual(
        Uint32Array.from({ length: rows }, (_, i) => i),
      );
      expect(all.distances.filter((distance, place) => place % 6 === 0 && distance !== 0)).toHaveLength(0);
      table.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("finds nothing for no queries", async () => {
      const device = await open();
      const [queries, references] = [
        uploadTable(device, [new Float32Array(0)]),
        uploadTable(device, [Float32Array.of(1)]),
      ];
      const found = await nearest(device, { queries, references, k: 3 });
      expect(found).toEqual({ indexes: new Uint32Array(0), distances: new Float32Array(0) });
      device.dispose();
    });

    it("refuses values that are missing or infinite, with their place", async () => {
      const device = await open();
      const good = uploadTable(device, [Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)]);
      const rows = 20;
      const bad = (row: number, value: number) => {
        const columns = [new Float32Array(rows), new Float32Array(rows)];
        columns[1]?.set([value], row);
        return uploadTable(device, columns);
      };
      const [gap, infinite] = [bad(17, Number.NaN), bad(2, Number.NEGATIVE_INFINITY)];
      await expect(nearest(device, { queries: gap, references: good, k: 1 })).rejects.toThrow(
        /queries, row 17, column 1 is missing/,
      );
      await expect(nearest(device, { queries: good, references: infinite, k: 1 })).rejects.toThrow(
        /references, row 2, column 1 is infinite/,
      );
      const far = uploadTable(device, [Float32Array.of(3e38, 0, 0), Float32Array.of(0, 0, 0)]);
      await expect(nearest(device, { queries: far, references: good, k: 1 })).rejects.toThrow(
        /query 0 has distances beyond float32/,
      );
      for (const table of [good, gap, infinite, far]) table.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}

describe("nearest", () => {
  const cpu = testDevices.find((one) => one.name === "cpu");

  it("refuses what it cannot answer, with a sentence", async () => {
    const device = await cpu?.open();
    if (!device) throw new Error("no cpu device");
    const one = uploadTable(device, [Float32Array.of(1, 2)]);
    const two = uploadTable(device, [Float32Array.of(1, 2), Float32Array.of(1, 2)]);
    const ask = (more: object) => nearest(device, { queries: one, references: one, k: 1, ...more });
    await expect(ask({ k: 0 })).rejects.toThrow(/k must be an integer from 1 to 128, got 0/);
    await expect(ask({ k: 129 })).rejects.toMatchObject({ code: "usage" });
    await expect(ask({ k: 3 })).rejects.toThrow(/3 neighbours are asked for, there are 2 references/);
    await expect(ask({ k: 2, excludeSelf: true })).rejects.toThrow(/there are 1 other references/);
    await expect(ask({ references: two })).rejects.toThrow(/queries have 1 columns, references 2/);
    await expect(ask({ rowsAtOnce: 0 })).rejects.toThrow(/rowsAtOnce must be an integer from 1, got 0/);
    await expect(ask({ scales: Float32Array.of(1, 2) })).rejects.toThrow(/2 scales for 1 columns/);
    await expect(ask({ scales: Float32Array.of(Number.NaN) })).rejects.toThrow(/scales\[0\] is NaN/);
    const other = await cpu?.open();
    if (!other) throw new Error("no cpu device");
    await expect(nearest(other, { queries: one, references: one, k: 1 })).rejects.toThrow(/not on the device given/);
  });
});
