import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Device } from "../../device.ts";
import { allocateView, uploadTable, uploadView } from "../../device-table.ts";
import { addExact, exactFromNumber, exactToNumber } from "../../exact-sum.ts";
import type { Forest } from "../../forest.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { shuffledIndex } from "../permute/shuffled-index.ts";
import { shuffledIndexes } from "../permute/shuffled-indexes.ts";
import { loadForest, predictForest } from "./index.ts";
import { predictOnGpu } from "./on-gpu.ts";
import { allRules, chainForest, randomForest } from "./random-forest.ts";
import { predictForestReference, type ReferenceView } from "./reference.ts";

const specials = [
  ...[0, -0, 1, -1, 2 ** -149, -(2 ** -149), 2 ** -126, -(2 ** -126)],
  ...[3.4028234663852886e38, -3.4028234663852886e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`predictForest on ${label}`, () => {
    it("runs on the device asked for and gives the reference's sums", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: slow ? 150 : 700 }), async (seed, rows) => {
          const random = new PhiloxStream(seed, 0);
          const forest = randomForest(random, {
            inputs: 1 + random.integer(9),
            outputs: 1 + random.integer(3),
            trees: random.integer(6),
            depth: random.integer(9),
            stop: random.integer(3) / 4,
            pairs: 1 + random.integer(2),
          });
          await agrees(device, forest, uniformTable(random, forest.inputs, rows), rows);
        }),
        { seed: 1, numRuns: slow ? 12 : 150 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("follows every rule of nodes, for missing values, ties, zeros of either sign and the ends of float32", async () => {
      const device = await open();
      const values = [...specials, Number.NaN];
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new PhiloxStream(seed, 1);
          const forest = randomForest(random, {
            inputs: 3,
            trees: 4,
            depth: 1 + random.integer(5),
            rules: allRules,
            threshold: () => specials[random.integer(specials.length)] ?? 0,
          });
          const columns = Array.from({ length: 3 }, () =>
            Float32Array.from({ length: 100 }, () => values[random.integer(values.length)] ?? 0),
          );
          await agrees(device, forest, columns, 100);
        }),
        { seed: 2, numRuns: slow ? 12 : 200 },
      );
      device.dispose();
    });

    it("reads any column through a view: any rows, repeated or as they are, shared by columns or not", async () => {
      const device = await open();
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const random = new PhiloxStream(seed, 2);
          const rows = 1 + random.integer(90);
          const inputs = 1 + random.integer([2, 40][random.integer(2)] ?? 2);
          const forest = randomForest(random, { inputs, trees: 3, depth: 4, rules: allRules });
          const columns = uniformTable(random, inputs, rows);
          const shared = Uint32Array.from({ length: rows }, () => random.integer(rows));
          const kinds = [null, shared, shared.slice(), shared.map((_, row) => row), new Uint32Array(rows)];
          const view = columns.map(() => kinds[random.integer(kinds.length)] ?? null);
          await agrees(device, forest, columns, rows, view);
        }),
        { seed: 3, numRuns: slow ? 12 : 100 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("takes a view that was shuffled on the device, of fewer or more rows than the table", async () => {
      const device = await open();
      const random = new PhiloxStream(1, 3);
      const forest = randomForest(random, { inputs: 2, trees: 5, depth: 3 });
      const columns = uniformTable(random, 2, 60);
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, columns);
      const view = allocateView(device, 60, Int32Array.of(-1, 0));
      await shuffledIndexes(device, { rows: 60, seed: 9, stream: 4, into: view.buffer });
      const shuffled = Uint32Array.from({ length: 60 }, (_, row) => shuffledIndex(9, 4, 60, row));
      const expected = predictForestReference(forest, columns, 60, [null, shuffled]);
      near(await predictForest(loaded, table, { view }), expected, forest);
      for (const rows of [7, 200]) {
        const drawn = Uint32Array.from({ length: rows }, () => random.integer(60));
        const other = uploadView(device, rows, [drawn, drawn]);
        near(
          await predictForest(loaded, table, { view: other }),
          predictForestReference(forest, columns, rows, [drawn, drawn]),
          forest,
        );
        other.free();
      }
      const long = uploadView(device, 61, [null, new Uint32Array(61)]);
      await expect(predictForest(loaded, table, { view: long })).rejects.toThrow(
        /view has 61 rows, the table 60, and column 0 is read as it is/,
      );
      for (const one of [long, view, table, loaded]) one.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("gives the exact sum, rounded once, of leaves that are float32", async () => {
      const device = await open();
      const random = new PhiloxStream(2, 4);
      const forest = randomForest(random, { inputs: 3, trees: 40, depth: 3 });
      for (const values of [forest.leafValue, forest.base]) values.set(Float32Array.from(values));
      const columns = uniformTable(random, 3, 50);
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, columns);
      const sums = await predictForest(loaded, table);
      for (let row = 0; row < 50; row++) {
        let exact = exactFromNumber(forest.base[0] ?? 0);
        for (const root of forest.roots) {
          const alone = { ...forest, roots: Uint32Array.of(root), base: new Float64Array(1) };
          const here = columns.map((column) => column.subarray(row, row + 1));
          exact = addExact(exact, exactFromNumber(predictForestReference(alone, here, 1)[0] ?? 0));
        }
        expect(sums[row]).toBe(exactToNumber(exact));
      }
      table.free();
      loaded.free();
      device.dispose();
    });

    it("gives the bits that the cpu device gives", async () => {
      const device = await open();
      const cpu = await openDevice("cpu");
      const random = new PhiloxStream(3, 5);
      for (const pairs of [1, "each"] as const) {
        const shape = { inputs: 40, outputs: 3, trees: 20, depth: 6, stop: 0.1, rules: allRules, pairs };
        const forest = randomForest(random, shape);
        const columns = uniformTable(random, 40, 100);
        const [ours, theirs] = await Promise.all([device, cpu].map((one) => predict(one, forest, columns)));
        expect(firstDifference(ours ?? [], theirs ?? [])).toBeNull();
      }
      device.dispose();
      cpu.dispose();
    });

    it("is off by no more than it says where one leaf dwarfs the others", async () => {
      const device = await open();
      const forest = randomForest(new PhiloxStream(4, 6), { inputs: 1, trees: 3, depth: 1, threshold: () => 0.5 });
      forest.leafValue.set([1e20, 0.001, 0.3, 0.7, -0.2, 0.1]);
      const sums = await predict(device, forest, [Float32Array.of(0.25, 0.75)]);
      const expected = predictForestReference(forest, [Float32Array.of(0.25, 0.75)], 2);
      for (const [row, sum] of sums.entries()) {
        expect(Math.abs(sum - (expected[row] ?? Number.NaN))).toBeLessThan(4 * 2 ** -62 * 1e20);
      }
      device.dispose();
    });

    it("predicts without rows, without trees, with trees of one leaf, and with forests that ask nothing", async () => {
      const device = await open();
      const random = new PhiloxStream(5, 7);
      for (const shape of [
        { inputs: 2, trees: 0, depth: 3 },
        { inputs: 0, trees: 3, depth: 0 },
        { inputs: 2, outputs: 2, trees: 3, depth: 0, pairs: 2 },
      ]) {
        const forest = randomForest(random, shape);
        for (const rows of [0, 1, 50]) await agrees(device, forest, uniformTable(random, shape.inputs, rows), rows);
      }
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("predicts with a tree 5,000 decisions deep, with hundreds of outputs and of columns", async () => {
      const device = await open();
      const random = new PhiloxStream(6, 8);
      const chain = chainForest(random, 5000, 2);
      expect(loadForest(device, chain).depth).toBe(5000);
      await agrees(device, chain, uniformTable(random, 2, 40), 40);
      const wide = randomForest(random, { inputs: 400, outputs: 300, trees: 8, depth: 6, pairs: "each" });
      await agrees(device, wide, uniformTable(random, 400, 40), 40);
      device.dispose();
    });

    it.skipIf(slow)("predicts with a tree of a million nodes, and more rows than a call takes", async () => {
      const device = await open();
      const random = new PhiloxStream(7, 9);
      const forest = completeTree(19, 40);
      expect(forest.column.length).toBe(2 ** 20 - 1);
      await agrees(device, forest, hashedTable(40, 300), 300);
      const small = randomForest(random, { inputs: 200, trees: 2, depth: 8 });
      await agrees(device, small, hashedTable(200, 20_000), 20_000);
      device.dispose();
    });

    it.skipIf(name === "cpu")("gives the same bits however rows and trees are cut into calls", async () => {
      const device = await open();
      const random = new PhiloxStream(8, 10);
      const forest = randomForest(random, { inputs: 3, outputs: 2, trees: 30, depth: 4 });
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, uniformTable(random, 3, 150));
      const whole = await predictForest(loaded, table);
      const cut = new Float64Array(whole.length);
      await predictOnGpu(loaded, table, null, 150, cut, 500);
      expect(firstDifference(cut, whole)).toBeNull();
      table.free();
      loaded.free();
      device.dispose();
    });

    it("refuses tables and views that do not fit", async () => {
      const device = await open();
      const other = await open();
      const random = new PhiloxStream(9, 11);
      const loaded = loadForest(device, randomForest(random, { inputs: 2, trees: 1, depth: 2 }));
      const columns = uniformTable(random, 3, 4);
      await expect(predictForest(loaded, uploadTable(device, columns))).rejects.toThrow(
        /table has 3 columns, the forest reads 2/,
      );
      const elsewhere = uploadTable(other, columns.slice(1));
      await expect(predictForest(loaded, elsewhere)).rejects.toThrow(/must be on one device/);
      const view = uploadView(device, 4, [new Uint32Array(4)]);
      const table = uploadTable(device, columns.slice(1));
      await expect(predictForest(loaded, table, { view })).rejects.toThrow(/slots for 1 columns of 2/);
      expect(() => uploadView(device, 4, [new Uint32Array(3)])).toThrow(/an array has 3 indexes, the view 4 rows/);
      device.dispose();
      other.dispose();
    });
  });
}

function uniformTable(random: PhiloxStream, columns: number, rows: number): Float32Array[] {
  return Array.from({ length: columns }, () => Float32Array.from({ length: rows }, () => random.uniform()));
}

/** As good as random, and quick to make. */
function hashed(at: number): number {
  return Math.fround((Math.imul(at + 1, 0x9e3779b1) >>> 8) / 2 ** 24);
}

function hashedTable(columns: number, rows: number): Float32Array[] {
  return Array.from({ length: columns }, (_, column) =>
    Float32Array.from({ length: rows }, (_, row) => hashed(column * rows + row)),
  );
}

function completeTree(depth: number, inputs: number): Forest {
  const inner = 2 ** depth - 1;
  const length = 2 * inner + 1;
  const leaf = (node: number) => node >= inner;
  return {
    ...{ inputs, outputs: 1, base: new Float64Array(1), roots: Uint32Array.of(0), cover: null },
    column: Int32Array.from({ length }, (_, node) => (leaf(node) ? -1 : (node * 7) % inputs)),
    threshold: Float32Array.from({ length }, (_, node) => (leaf(node) ? 0 : 0.2 + 0.6 * hashed(node))),
    rule: new Uint8Array(length),
    left: Uint32Array.from({ length }, (_, node) => (leaf(node) ? node - inner : 2 * node + 1)),
    right: Uint32Array.from({ length }, (_, node) => (leaf(node) ? node - inner + 1 : 2 * node + 2)),
    leafOutput: new Uint32Array(inner + 1),
    leafValue: Float64Array.from({ length: inner + 1 }, (_, entry) => hashed(entry) - 0.5),
  };
}

async function predict(device: Device, forest: Forest, columns: readonly Float32Array[]): Promise<Float64Array> {
  const loaded = loadForest(device, forest);
  const table = uploadTable(device, columns);
  const sums = await predictForest(loaded, table);
  table.free();
  loaded.free();
  return sums;
}

async function agrees(
  device: Device,
  forest: Forest,
  columns: readonly Float32Array[],
  rows: number,
  indexes: ReferenceView = [],
): Promise<void> {
  const loaded = loadForest(device, forest);
  const table = uploadTable(device, columns);
  const view = indexes.length > 0 ? uploadView(device, rows, indexes) : null;
  const sums = await predictForest(loaded, table, view ? { view } : {});
  for (const one of [view, table, loaded]) one?.free();
  near(sums, predictForestReference(forest, columns, columns.length === 0 ? 0 : rows, indexes), forest);
}

/** Leaves and base of the forests here lie between −1 and 1, so that the reference's roundings are below this. */
function near(sums: Float64Array, expected: Float64Array, { roots }: Forest): void {
  expect(sums.length).toBe(expected.length);
  const tolerance = (2 * roots.length + 1) ** 2 * 2 ** -53;
  for (const [at, sum] of sums.entries()) {
    if (!(Math.abs(sum - (expected[at] ?? Number.NaN)) <= tolerance)) {
      expect.fail(`[${at}] is ${sum}, expected ${expected[at]}`);
    }
  }
}
