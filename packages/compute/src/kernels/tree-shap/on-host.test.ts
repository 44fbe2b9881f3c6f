import { describe, expect, it } from "vitest";
import type { Device } from "../../device.ts";
import { type DeviceTable, uploadTable } from "../../device-table.ts";
import type { Forest } from "../../forest.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { allRules, randomForest } from "../forest/random-forest.ts";
import { HostShap } from "./on-host.ts";
import { type Limits, usualLimits } from "./plan.ts";
import { readPlayers } from "./players.ts";
import { rankForest } from "./ranks.ts";
import { columns, largestDifference, withCover } from "./samples.testing.ts";

/** Ways that no values may depend on. */
const ways: Record<string, Partial<Limits>> = {
  "a leaf at a time": { bits: 0 },
  "codes of two bytes": { bits: 13, tablePlayers: 16 },
  "tables made anew for every chunk": { keptEntries: 0 },
  "no tables, the background row by row": { tablePlayers: 0 },
  "no tables, the background by its patterns": { tablePlayers: 0, aliveRows: 0 },
};

interface Ask {
  readonly background: { table: DeviceTable; weights: Float64Array | null; logistic: boolean } | null;
  readonly pairs: boolean;
  readonly limits: Limits;
}

async function values(device: Device, forest: Forest, table: DeviceTable, ask: Ask) {
  const shap = await HostShap.load(device, forest, readPlayers(forest.inputs, null), ask.background, ask.limits);
  const chunks: number[] = [];
  for await (const chunk of shap.explain(table, ask.pairs)) for (const value of chunk.values) chunks.push(value);
  shap.free();
  return { base: shap.base, values: Float64Array.from(chunks), deep: shap.plan.deep.length };
}

describe("the ways to explain a forest on cpu", () => {
  it.each(["path-dependent", "interventional", "logistic"])("give the same values: %s", async (kind) => {
    const device = await openDevice("cpu");
    const random = new PhiloxStream(7, 0);
    const shape = { inputs: 9, outputs: 2, trees: 4, depth: 8, stop: 0.15, pairs: 2, rules: allRules };
    const forest = withCover(randomForest(random, shape), random);
    const draw = (rows: number) =>
      Array.from({ length: 9 }, () =>
        Float32Array.from({ length: rows }, () => (random.uniform() < 0.05 ? Number.NaN : random.uniform())),
      );
    const table = uploadTable(device, draw(333));
    const z = uploadTable(device, draw(203));
    const weights = Float64Array.from({ length: 203 }, () => random.uniform());
    const background = kind === "path-dependent" ? null : { table: z, weights, logistic: kind === "logistic" };
    for (const pairs of kind === "logistic" ? [false] : [false, true]) {
      const expected = await values(device, forest, table, { background, pairs, limits: usualLimits });
      expect(expected.deep).toBe(0);
      for (const [name, way] of Object.entries(ways)) {
        const found = await values(device, forest, table, { background, pairs, limits: { ...usualLimits, ...way } });
        expect(found.deep > 0, name).toBe(way.tablePlayers === 0);
        expect(largestDifference(found.base, expected.base), name).toBeLessThan(1e-12);
        expect(largestDifference(found.values, expected.values), name).toBeLessThan(1e-11);
      }
    }
    table.free();
    z.free();
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  it("take paths of up to 64 players, and say what to do about longer ones", async () => {
    const device = await openDevice("cpu");
    const chain = (depth: number) => chainOf(depth, (level) => level);
    const random = new PhiloxStream(8, 0);
    for (const depth of [17, 31, 64]) {
      const forest = chain(depth);
      const table = uploadTable(device, columns(random, depth, 20));
      const z = uploadTable(device, columns(random, depth, 30));
      for (const background of [null, { table: z, weights: null, logistic: false }]) {
        const shap = await values(device, forest, table, { background, pairs: false, limits: usualLimits });
        expect(shap.deep).toBe(1);
        // Additivity: the chain's prediction is the level at which a row leaves it.
        const rows = await table.device.download(table.buffer, new Float32Array(depth * 20));
        for (let row = 0; row < 20; row++) {
          const level = Array.from({ length: depth }, (_, k) => rows[k * 20 + row] ?? 0).findIndex((x) => x <= 0.25);
          const sum = shap.values.subarray(row * depth, (row + 1) * depth).reduce((a, b) => a + b, shap.base[0]);
          expect(Math.abs(sum - (level === -1 ? depth : level))).toBeLessThan(1e-9);
        }
      }
      table.free();
      z.free();
    }
    await expect(HostShap.load(device, chain(65), readPlayers(65, null), null)).rejects.toMatchObject({
      code: "not-supported",
      message: expect.stringContaining("more than 64 features on one path; explain groups of columns as one player"),
    });
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  it("do not grow with a path that asks few features often", async () => {
    const device = await openDevice("cpu");
    const depth = 1000;
    const forest = chainOf(
      depth,
      (level) => level % 6,
      (level) => level / depth,
    );
    const random = new PhiloxStream(9, 0);
    const draw = (rows: number) =>
      Array.from({ length: 6 }, () => Float32Array.from({ length: rows }, () => random.uniform()));
    const table = uploadTable(device, draw(50));
    const z = uploadTable(device, draw(40));
    for (const background of [null, { table: z, weights: null, logistic: false }]) {
      const some = await values(device, forest, table, { background, pairs: false, limits: usualLimits });
      const limits = { ...usualLimits, tablePlayers: 0 };
      const deep = await values(device, forest, table, { background, pairs: false, limits });
      expect([some.deep, deep.deep]).toEqual([0, 1]);
      expect(largestDifference(some.values, deep.values)).toBeLessThan(1e-8);
    }
    table.free();
    z.free();
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  it("rank columns of one and of two bytes", async () => {
    const device = await openDevice("cpu");
    const random = new PhiloxStream(10, 0);
    const threshold = () => random.uniform();
    // Column 0 has more than 254 thresholds, column 2 few.
    const some = randomForest(random, { inputs: 3, trees: 20, depth: 6, threshold });
    const column = some.column.map((one, node) => (one < 0 ? one : node % 100 === 0 ? 2 : node % 10 === 0 ? 1 : 0));
    const forest = withCover({ ...some, column }, random);
    expect([...rankForest(forest, 1).width]).toEqual([2, 1, 1]);
    const draw = () => Float32Array.from({ length: 200 }, () => (random.uniform() < 0.1 ? Number.NaN : threshold()));
    const table = uploadTable(device, [draw(), draw(), draw()]);
    const ask = { background: null, pairs: false, limits: usualLimits };
    const found = await values(device, forest, table, ask);
    const deep = await values(device, forest, table, { ...ask, limits: { ...usualLimits, tablePlayers: 0 } });
    expect(largestDifference(found.values, deep.values)).toBeLessThan(1e-11);
    table.free();
    device.dispose();
  });
});

/** A tree that is left at the first level whose column is ≤ the threshold; it predicts that level. */
function chainOf(depth: number, columnOf: (level: number) => number, thresholdOf = (_level: number) => 0.25): Forest {
  const nodes = 2 * depth + 1;
  const inner = (node: number) => node < 2 * depth && node % 2 === 0;
  const of = <T>(make: (node: number) => T) => Array.from({ length: nodes }, (_, node) => make(node));
  const leafNumber = (node: number) => (node === 2 * depth ? depth : (node - 1) / 2);
  return {
    inputs: Math.max(...Array.from({ length: depth }, (_, level) => columnOf(level))) + 1,
    outputs: 1,
    base: Float64Array.of(0),
    roots: Uint32Array.of(0),
    column: Int32Array.from(of((node) => (inner(node) ? columnOf(node / 2) : -1))),
    threshold: Float32Array.from(of((node) => thresholdOf(node / 2))),
    rule: new Uint8Array(nodes),
    left: Uint32Array.from(of((node) => (inner(node) ? node + 1 : leafNumber(node)))),
    right: Uint32Array.from(of((node) => (inner(node) ? node + 2 : leafNumber(node) + 1))),
    leafOutput: new Uint32Array(depth + 1),
    leafValue: Float64Array.from({ length: depth + 1 }, (_, level) => level),
    cover: Float64Array.from(of((node) => (inner(node) || node === 2 * depth ? depth + 1 - node / 2 : 1))),
  };
}
