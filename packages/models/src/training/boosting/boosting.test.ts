import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixture } from "../fixture.testing.ts";
import { type BoostingOptions, prepareBoosting, type TrainingTable, trainBoostedTrees } from "../index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** Whole numbers, so that every value has a bin, and a class that hangs on them. */
function drawn(seed: number, rows: number, classes: readonly string[] | null = ["no", "yes"]): TrainingTable {
  const random = new PhiloxStream(seed, 0);
  const columns = [40, 8, 200].map((size) => Float64Array.from({ length: rows }, () => random.integer(size)));
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0] = columns.map((column) => column[row]);
    const score = Math.sin(a / 6) + (b > 3 ? c / 100 : 1 - c / 100) + 0.3 * random.normal();
    return classes ? Math.max(0, Math.min(classes.length - 1, Math.floor((score * classes.length) / 2))) : score;
  });
  return { columns, names: ["a", "b", "c"], labels, classes, weights: null };
}

const numbersIn = (table: TrainingTable) => table.columns as readonly Float64Array[];

describe("trainBoostedTrees", () => {
  it.each(fixture.trees.fits)("gives scikit-learn's predictions: $labels, weights $weighted", async (fit) => {
    const { columns, weights } = fixture.trees;
    const labels = Float64Array.from(fixture.trees[fit.labels]);
    const table: TrainingTable = {
      columns: columns.map((column) => Float64Array.from(column, (value) => value ?? Number.NaN)),
      names: ["w", "x", "y", "z"],
      labels,
      classes: { target: null, binary: ["0", "1"], several: ["0", "1", "2"] }[fit.labels],
      weights: fit.weighted ? Float64Array.from(weights) : null,
    };
    const options = { maxIterations: 15, minSamplesLeaf: 8, maxLeafNodes: 9, l2Regularization: 0.25 };
    const fitted = await trainBoostedTrees(table, { device, ...options });
    const leaves = [...fitted.forest.roots].map((root, tree) => {
      const end = fitted.forest.roots[tree + 1] ?? fitted.forest.column.length;
      return fitted.forest.column.subarray(root, end).filter((column) => column < 0).length;
    });
    expect(leaves).toEqual(fit.leaves);
    const meant = fit.values.flat();
    expect(fitted.training.length).toBe(meant.length);
    // It keeps gradients and hessians in float32, we keep leaves so.
    for (const [at, value] of meant.entries()) expect(Math.abs((fitted.training[at] ?? 0) - value)).toBeLessThan(2e-6);
    const predicted = await fitted.predict(table.columns, { device });
    for (const [at, value] of fitted.training.entries()) {
      expect(Math.abs((predicted[at] ?? 0) - value)).toBeLessThan(1e-12);
    }
  });

  it("grows the same trees for rows in another order", async () => {
    const table = drawn(4, 3000, ["a", "b", "c"]);
    const order = Uint32Array.from({ length: 3000 }, (_, row) => (row * 1009 + 7) % 3000);
    const moved: TrainingTable = {
      ...table,
      columns: numbersIn(table).map((column) => Float64Array.from(order, (row) => column[row] ?? 0)),
      labels: Float64Array.from(order, (row) => table.labels[row] ?? 0),
    };
    const one = await trainBoostedTrees(table, { device, maxIterations: 10 });
    const other = await trainBoostedTrees(moved, { device, maxIterations: 10 });
    expect(other.forest).toEqual(one.forest);
    expect(one.forest.column.some((column) => column >= 0)).toBe(true);
  });

  it("takes whole weights as repetitions of rows", async () => {
    const table = drawn(5, 1200);
    const weights = Float64Array.from({ length: 1200 }, (_, row) => 1 + (row % 3));
    const repeated = [...weights.keys()].flatMap((row) => new Array<number>(weights[row] ?? 0).fill(row));
    const long: TrainingTable = {
      ...table,
      columns: numbersIn(table).map((column) => Float64Array.from(repeated, (row) => column[row] ?? 0)),
      labels: Float64Array.from(repeated, (row) => table.labels[row] ?? 0),
    };
    // A leaf's rows are counted as they are given, so that they must not decide.
    const options = { device, maxIterations: 8, minSamplesLeaf: 1, maxLeafNodes: 8 };
    const weighted = await trainBoostedTrees({ ...table, weights }, options);
    const plain = await trainBoostedTrees(long, options);
    expect(weighted.forest.threshold).toEqual(plain.forest.threshold);
    expect(weighted.forest.column).toEqual(plain.forest.column);
    expect(weighted.forest.cover).toEqual(plain.forest.cover);
    for (const [at, value] of plain.forest.leafValue.entries()) {
      expect(Math.abs((weighted.forest.leafValue[at] ?? 0) - value)).toBeLessThan(1e-6);
    }
  });

  it("gives the same bits for any number of threads, whatever is drawn", async () => {
    const table = drawn(6, 70_000);
    const options: BoostingOptions = {
      ...{ maxIterations: 6, rowShare: 0.8, columnShare: 0.7, earlyStopping: true, seed: 3 },
    };
    const both = [];
    for (const threads of [1, 2]) {
      const own = await openDevice("cpu", { threads });
      const { forest, training, heldOutLoss } = await trainBoostedTrees(table, { device: own, ...options });
      both.push({ forest, training, heldOutLoss });
      own.dispose();
    }
    expect(both[1]).toEqual(both[0]);
    const reseeded = await trainBoostedTrees(table, { device, ...options, seed: 4 });
    expect(reseeded.forest).not.toEqual(both[0]?.forest);
  });

  it("sends missing values where the loss is lower, and cuts them off where that is best", async () => {
    const rows = 600;
    const random = new PhiloxStream(8, 0);
    const gap = Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? Number.NaN : random.uniform()));
    const onlyMissing = Float64Array.from(gap, (value) => Number(Number.isNaN(value)));
    const asHigh = Float64Array.from(gap, (value) => Number(Number.isNaN(value) || value > 0.5));
    for (const [labels, meant] of [
      [onlyMissing, (value: number) => Number.isNaN(value)],
      [asHigh, (value: number) => Number.isNaN(value) || value > 0.5],
    ] as const) {
      const table = { columns: [gap], names: ["gap"], labels, classes: ["0", "1"], weights: null };
      const fitted = await trainBoostedTrees(table, { device, maxIterations: 40 });
      const asked = Float64Array.of(Number.NaN, 0.1, 0.9, -1e30, 1e30);
      const values = await fitted.predict([asked], { device });
      expect([...asked.keys()].map((row) => (values[2 * row + 1] ?? 0) > 0.5)).toEqual([...asked].map(meant));
    }
  });

  it("stops early where held-out rows gain no more, and tells their loss", async () => {
    const table = drawn(10, 800);
    const options = { device, learningRate: 0.5, maxIterations: 200, nIterNoChange: 5, seed: 1 };
    const fitted = await trainBoostedTrees(table, { ...options, earlyStopping: true });
    expect(fitted.iterations).toBeLessThan(200);
    expect(fitted.heldOutLoss.length).toBe(fitted.iterations + 1);
    const before = fitted.heldOutLoss.at(-6) ?? 0;
    for (const loss of fitted.heldOutLoss.slice(-5)) expect(loss).toBeGreaterThanOrEqual(before - 1e-7);
    expect(Math.min(...fitted.heldOutLoss)).toBeLessThan((fitted.heldOutLoss[0] ?? 0) * 0.8);
    // A tenth of each class stays out: it has no part in the covers.
    const counts = [0, 1].map((code) => table.labels.filter((label) => label === code).length);
    const held = counts.reduce((sum, count) => sum + Math.round(count / 10), 0);
    expect(fitted.forest.cover?.[0]).toBe(800 - held);
  });

  it("keeps to its depth, its leaves and their rows", async () => {
    const table = drawn(11, 4000);
    const { forest } = await trainBoostedTrees(table, {
      ...{ device, maxLeafNodes: null, maxDepth: 3, minSamplesLeaf: 150, maxIterations: 5 },
    });
    const depth = (node: number): number =>
      (forest.column[node] ?? -1) < 0 ? 0 : 1 + Math.max(depth(forest.left[node] ?? 0), depth(forest.right[node] ?? 0));
    expect(Math.max(...Array.from(forest.roots, depth))).toBe(3);
    for (const cover of forest.cover ?? []) expect(cover).toBeGreaterThanOrEqual(150);
    const small = await trainBoostedTrees(table, { device, maxLeafNodes: 4, maxIterations: 5 });
    expect(small.forest.column.length).toBe(5 * 7);
  });

  it("refits a prepared table with other labels and weights, as if it were the first fit", async () => {
    const table = drawn(12, 2000);
    const labels = table.labels.map((label, row) => (row % 7 === 0 ? 1 - label : label));
    const weights = Float64Array.from({ length: 2000 }, (_, row) => 0.25 * (1 + (row % 5)));
    const prepared = prepareBoosting(table, { device });
    await prepared.fit({ maxIterations: 3 });
    const again = await prepared.fit({ labels, weights, maxIterations: 5 });
    prepared.free();
    const alone = await trainBoostedTrees({ ...table, labels, weights }, { device, maxIterations: 5 });
    expect(again.forest).toEqual(alone.forest);
    expect(again.training).toEqual(alone.training);
  });

  it("predicts the mean where nothing can be split", async () => {
    const table = { ...drawn(13, 30, null), columns: [new Float64Array(30).fill(7)], names: ["x"] };
    const fitted = await trainBoostedTrees(table, { device, maxIterations: 200 });
    const mean = table.labels.reduce((sum, label) => sum + label, 0) / 30;
    for (const value of fitted.training) expect(Math.abs(value - mean)).toBeLessThan(1e-5);
  });

  it("stops between iterations, and tells its progress", async () => {
    const table = drawn(2, 2000);
    const control = new AbortController();
    const seen: number[] = [];
    const progress = (done: number, most: number) => {
      expect(most).toBe(100);
      seen.push(done);
      if (done === 3) control.abort();
    };
    const run = trainBoostedTrees(table, { device, signal: control.signal, progress });
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    expect(seen).toEqual([1, 2, 3]);
  });

  it("refuses what cannot be trained on, naming the place", async () => {
    const table = drawn(2, 50);
    const [a, b, c] = numbersIn(table);
    if (!a || !b || !c) throw new Error("no columns");
    const refused = (change: Partial<TrainingTable>, options: BoostingOptions = {}) =>
      expect(trainBoostedTrees({ ...table, ...change }, { device, ...options })).rejects;
    await refused({ columns: [a, b.with(9, Number.NEGATIVE_INFINITY), c] }).toThrow(
      /column b, row 9 is -Infinity as float32/,
    );
    await refused({ columns: [a, b.with(9, 1e300), c] }).toThrow(/column b, row 9 is Infinity as float32/);
    await refused({ labels: new Uint8Array(50) }).toThrow(/all rows with a weight are of one class, "no"/);
    await refused({ classes: null, labels: a.with(1, Number.NaN) }).toThrow(/row 1 has the label NaN/);
    await refused({ weights: a.with(1, -1) }).toThrow(/row 1 has the weight -1/);
    await refused({}, { maxLeafNodes: 1 }).toThrow(/maxLeafNodes is 1/);
    await refused({}, { maxLeafNodes: null }).toThrow(/maxLeafNodes is null, which needs a maxDepth/);
    await refused({}, { learningRate: 0 }).toThrow(/learningRate is 0/);
    await refused({}, { rowShare: 1.5 }).toThrow(/rowShare is 1.5/);
  });
});
