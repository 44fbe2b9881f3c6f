import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Device } from "../../device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import type { TreeOptions } from "./boosting.ts";
import { type BinnedTable, type GrownTree, loadBins } from "./index.ts";
import { growReference, pairsReference, type ReferenceNode } from "./reference.ts";
import { unitsFor } from "./units.ts";

const options: TreeOptions = {
  maxLeafNodes: 8,
  maxDepth: Number.POSITIVE_INFINITY,
  minSamplesLeaf: 3,
  minHessian: 1e-3,
  l2Regularization: 0.5,
  minGain: 0,
  learningRate: 0.25,
};

/** Rows of bins, some of them missing, and labels that hang on them. */
function drawn(seed: number, rows: number, features: number, bins: number, classes: number) {
  const random = new PhiloxStream(seed, 0);
  const missing = Uint8Array.from({ length: features }, (_, feature) => feature % 2);
  const table: BinnedTable = {
    rows,
    features,
    counts: Uint32Array.from(missing, (one) => bins + one),
    missing,
    bins: Uint8Array.from({ length: rows * features }, (_, at) => random.integer(bins + (missing[at % features] ?? 0))),
  };
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0] = table.bins.subarray(row * features);
    return classes === 0 ? a - b + random.uniform() : Math.min(classes - 1, random.integer(classes + a + b) % classes);
  });
  const weights = Float64Array.from({ length: rows }, () => (random.integer(4) === 0 ? 0 : random.uniform() * 3));
  return { table, labels, weights, random };
}

/** A tree of the kernel with the rows that come to each leaf, as the reference has it. */
function told(table: BinnedTable, tree: GrownTree, rows: readonly number[], node = 0): ReferenceNode {
  const left = tree.left[node] ?? 0;
  if (left === 0) return { rows, value: tree.value[node] ?? 0, split: null };
  const feature = tree.feature[node] ?? 0;
  const none = table.missing[feature] === 1 ? (table.counts[feature] ?? 0) - 1 : -1;
  const goesLeft = (row: number) => {
    const bin = table.bins[row * table.features + feature] ?? 0;
    return bin === none ? tree.missingLeft[node] === 1 : bin <= (tree.bin[node] ?? 0);
  };
  return {
    rows,
    value: 0,
    split: {
      feature,
      bin: tree.bin[node] ?? 0,
      missingLeft: tree.missingLeft[node] === 1,
      gain: tree.gain[node] ?? 0,
      left: told(table, tree, rows.filter(goesLeft), left),
      right: told(
        table,
        tree,
        rows.filter((row) => !goesLeft(row)),
        tree.right[node] ?? 0,
      ),
    },
  };
}

function expectSame(ours: ReferenceNode, meant: ReferenceNode): void {
  expect(ours.rows).toEqual(meant.rows);
  expect(ours.split === null).toBe(meant.split === null);
  if (!ours.split || !meant.split) {
    // Sums are exact, so that both round the same quotient.
    expect(ours.value).toBe(meant.value);
    return;
  }
  const { left, right, gain, ...where } = ours.split;
  const { left: meantLeft, right: meantRight, gain: meantGain, ...meantWhere } = meant.split;
  expect(where).toEqual(meantWhere);
  expect(Math.abs(gain - meantGain)).toBeLessThanOrEqual(1e-12 * Math.abs(meantGain));
  expectSame(left, meantLeft);
  expectSame(right, meantRight);
}

for (const { label, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null || slow)(`boost on ${label}`, () => {
    async function withDevice(work: (device: Device) => Promise<void>) {
      const device = await open();
      try {
        await work(device);
        expect(device.host.allocatedBytes).toBe(0);
      } finally {
        device.dispose();
      }
    }

    it.each(["squared-error", "log-loss", "softmax"] as const)("grows the reference's trees: %s", async (loss) => {
      await withDevice(async (device) => {
        const classes = { "squared-error": 0, "log-loss": 2, softmax: 3 }[loss];
        const cases = fc.tuple(
          fc.nat(1e6),
          fc.integer({ min: 1, max: 90 }),
          fc.integer({ min: 1, max: 6 }),
          fc.boolean(),
        );
        await fc.assert(
          fc.asyncProperty(cases, async ([seed, rows, bins, weighted]) => {
            const { table, labels, weights, random } = drawn(seed, rows, 3, bins, classes);
            const outputs = loss === "softmax" ? 3 : 1;
            const base = Float64Array.from({ length: outputs }, () => random.uniform() - 0.5);
            const targets = { loss, outputs, labels, weights: weighted ? weights : null, base };
            const loaded = loadBins(device, table);
            const run = loaded.start(targets);
            const sample = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => row % 5 !== 4);
            run.useRows(sample);
            const scores = Array.from(base, (value) => new Float64Array(rows).fill(value));
            const heaviest = weighted ? Math.max(...weights) : 1;
            for (let iteration = 0; iteration < 2; iteration++) {
              await run.differentiate();
              const before = scores.map((column) => column.slice());
              const largest = labels.reduce(
                (most, truth, row) =>
                  Math.max(most, Math.abs((before[0]?.[row] ?? 0) - truth) * (weighted ? (weights[row] ?? 0) : 1)),
                0,
              );
              const units = unitsFor(loss, rows, loss === "squared-error" ? largest : heaviest, heaviest);
              for (let output = 0; output < outputs; output++) {
                const tree = await run.grow(output, options);
                const pairs = pairsReference(targets, before, output, units);
                const meant = growReference(table, pairs, [...sample], options, units);
                expectSame(told(table, tree, [...sample]), meant);
                const add = (node: ReferenceNode): void => {
                  if (node.split) for (const child of [node.split.left, node.split.right]) add(child);
                  else
                    for (const row of node.rows)
                      (scores[output] ?? [])[row] = (scores[output]?.[row] ?? 0) + node.value;
                };
                add(
                  told(
                    table,
                    tree,
                    Array.from({ length: rows }, (_, row) => row),
                  ),
                );
                const cover = sample.reduce((sum, row) => sum + (weighted ? (weights[row] ?? 0) : 1), 0);
                expect(tree.cover[0]).toBeCloseTo(cover, 9);
              }
            }
            expect(await run.scores()).toEqual(Float64Array.from(scores.flatMap((column) => [...column])));
            run.free();
            loaded.free();
          }),
          { seed: 5, numRuns: 40 },
        );
      });
    });

    it("gives the same trees for rows in another order, where a histogram goes over all threads", async () => {
      await withDevice(async (device) => {
        const rows = 60_000;
        const { table, labels, weights } = drawn(3, rows, 5, 200, 2);
        const grown = async (order: Uint32Array) => {
          const moved = { ...table, bins: new Uint8Array(table.bins.length) };
          for (const [to, from] of order.entries()) {
            moved.bins.set(table.bins.subarray(from * 5, from * 5 + 5), to * 5);
          }
          const pick = (values: Float64Array) => Float64Array.from(order, (row) => values[row] ?? 0);
          const loaded = loadBins(device, moved);
          const run = loaded.start({
            loss: "log-loss",
            outputs: 1,
            labels: pick(labels),
            weights: pick(weights),
            base: Float64Array.of(0),
          });
          const trees: GrownTree[] = [];
          for (let iteration = 0; iteration < 3; iteration++) {
            await run.differentiate();
            trees.push(await run.grow(0, { ...options, maxLeafNodes: 31 }));
          }
          run.free();
          loaded.free();
          // Covers are plain sums of weights, in the order of the rows.
          return trees.map(({ cover, ...tree }) => ({ ...tree, cover: cover.length }));
        };
        const identity = Uint32Array.from({ length: rows }, (_, row) => row);
        expect(await grown(identity.map((row) => (row * 7919 + 13) % rows))).toEqual(await grown(identity));
      });
    });

    it("counts rows exactly where the hessians' integers are large", async () => {
      await withDevice(async (device) => {
        const rows = 5000;
        const table = {
          rows,
          features: 1,
          counts: Uint32Array.of(2),
          missing: Uint8Array.of(0),
          bins: Uint8Array.from({ length: rows }, (_, row) => (row < 20 ? 0 : 1)),
        };
        const labels = Float64Array.from(table.bins);
        const loaded = loadBins(device, table);
        const run = loaded.start({ loss: "log-loss", outputs: 1, labels, weights: null, base: Float64Array.of(0) });
        await run.differentiate();
        expect((await run.grow(0, { ...options, minSamplesLeaf: 21 })).feature).toEqual(Int32Array.of(-1));
        expect((await run.grow(0, { ...options, minSamplesLeaf: 20 })).cover).toEqual(Float64Array.of(5000, 20, 4980));
        run.free();
        loaded.free();
      });
    });

    it("refuses labels and weights that have no meaning, with their row", async () => {
      await withDevice(async (device) => {
        const { table, labels, weights } = drawn(1, 20, 2, 4, 2);
        const loaded = loadBins(device, table);
        const targets = { loss: "log-loss", outputs: 1, labels, weights, base: Float64Array.of(0) } as const;
        expect(() => loaded.start({ ...targets, labels: labels.with(7, 2) })).toThrow(/row 7 has the label 2/);
        expect(() => loaded.start({ ...targets, weights: weights.with(3, -1) })).toThrow(/row 3 has the weight -1/);
        expect(() => loaded.start({ ...targets, labels: labels.subarray(1) })).toThrow(/19 labels for 20 rows/);
        loaded.free();
      });
    });
  });
}
