import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uploadTable } from "../../device-table.ts";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { allRules, chainForest, randomForest } from "../forest/random-forest.ts";
import { predictForestReference } from "../forest/reference.ts";
import { explain, explainInteractions, explainRows, loadTreeShap, type TreeShapOptions } from "./index.ts";
import { treeShapReference } from "./reference.ts";
import { columns, grid, largestDifference, withCover } from "./samples.testing.ts";

const cases = fc.record({
  seed: fc.nat(2 ** 31),
  inputs: fc.integer({ min: 1, max: 6 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  trees: fc.integer({ min: 1, max: 3 }),
  depth: fc.integer({ min: 0, max: 6 }),
  stop: fc.constantFrom(0, 0.2),
  pairs: fc.constantFrom(1, 3),
  rows: fc.integer({ min: 1, max: 5 }),
  zRows: fc.integer({ min: 1, max: 6 }),
  weighted: fc.boolean(),
  grouped: fc.boolean(),
  kind: fc.constantFrom("identity" as const, "logistic" as const, "path-dependent" as const),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** A forest, rows and a background as a case says. */
function sample(one: Case) {
  const random = new PhiloxStream(one.seed, 0);
  const { inputs, kind } = one;
  const forest = withCover(randomForest(random, { ...one, rules: allRules, threshold: grid }), random);
  const count = one.grouped ? Math.ceil(inputs / 2) : inputs;
  const players = Int32Array.from({ length: inputs }, (_, column) => column % count);
  const rows = columns(random, inputs, one.rows);
  const zColumns = columns(random, inputs, one.zRows);
  const weights = one.weighted
    ? Float64Array.from({ length: one.zRows }, (_, row) => (row === 0 ? 1 : random.integer(3) / 2))
    : null;
  const link = kind === "logistic" ? ("logistic" as const) : ("identity" as const);
  const background = kind === "path-dependent" ? null : { columns: zColumns, weights };
  return { forest, rows, background, link, players };
}

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`tree-shap on ${label}`, () => {
    it("runs on the device asked for and equals Shapley's definition over all subsets of players", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(cases, async (one) => {
          const { forest, rows, background, link, players } = sample(one);
          const expected = treeShapReference({ forest, rows, background, link, players });
          const table = uploadTable(device, rows);
          const behind = background && uploadTable(device, background.columns);
          const options: TreeShapOptions = {
            kind: background ? "interventional" : "path-dependent",
            background: behind,
            weights: background?.weights ?? null,
            link,
            players: one.grouped ? players : null,
          };
          const loaded = await loadTreeShap(device, forest, options);
          // Probabilities are for the host: see index.ts.
          expect(loaded.runsOn.name).toBe(link === "logistic" ? "cpu" : name);
          behind?.free();
          const { base, values } = await explain(loaded, table);
          expect(largestDifference(base, expected.base)).toBeLessThan(1e-12);
          const tolerance = loaded.runsOn.name === "cpu" ? 1e-10 : 1e-7;
          expect(largestDifference(values, expected.values)).toBeLessThan(tolerance);
          if (link === "identity") {
            const pairs = await explainInteractions(loaded, table);
            expect(largestDifference(pairs.values, expected.interactions)).toBeLessThan(tolerance);
          }
          loaded.free();
          table.free();
        }),
        { numRuns: slow ? 20 : 100, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("gives a row the same bits beside any others, and adds up to the prediction", async () => {
      const device = await open();
      const random = new PhiloxStream(3, 0);
      const forest = withCover(randomForest(random, { inputs: 8, trees: 4, depth: 6, stop: 0.1, outputs: 2 }), random);
      const rows = slow ? 240 : 1500;
      const data = columns(random, 8, rows);
      const background = uploadTable(device, columns(random, 8, 150));
      const whole = uploadTable(device, data);
      const some = uploadTable(
        device,
        data.map((column) => column.slice(100, 233)),
      );
      for (const kind of ["interventional", "path-dependent"] as const) {
        for (const expectRows of [10, 10_000]) {
          const behind = kind === "interventional" ? background : null;
          const loaded = await loadTreeShap(device, forest, { kind, background: behind, expectRows });
          const { base, values } = await explain(loaded, whole);
          expect((await explain(loaded, some)).values).toEqual(values.slice(100 * 16, 233 * 16));
          const chunks: number[] = [];
          for await (const chunk of explainRows(loaded, some)) chunks.push(...chunk.values);
          expect(Float64Array.from(chunks)).toEqual(values.slice(100 * 16, 233 * 16));
          const tolerance = loaded.runsOn.name === "cpu" ? 1e-9 : 1e-6;
          const predicted = predictForestReference(forest, data, rows);
          const sums = new Float64Array(rows * 2);
          for (const at of sums.keys()) {
            sums[at] = base[at % 2] ?? 0;
            for (let player = 0; player < 8; player++) {
              sums[at] = (sums[at] ?? 0) + (values[((at >> 1) * 8 + player) * 2 + (at % 2)] ?? 0);
            }
          }
          expect(largestDifference(sums, predicted)).toBeLessThan(tolerance);
          loaded.free();
        }
      }
      for (const table of [background, whole, some]) table.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}

describe("tree-shap", () => {
  it("gives the same bits on every GPU, and on any number of threads", async () => {
    const found: Record<"cpu" | "gpu", Float64Array[]> = { cpu: [], gpu: [] };
    for (const { missing, open } of testDevices) {
      if (missing !== null) continue;
      const device = await open();
      const random = new PhiloxStream(4, 0);
      const forest = randomForest(random, { inputs: 6, trees: 3, depth: 5, rules: allRules });
      const background = uploadTable(device, columns(random, 6, 100));
      const table = uploadTable(device, columns(random, 6, 70));
      // Weights that are no whole numbers, and forests for probabilities, take other ways.
      const weights = Float64Array.from({ length: 100 }, () => random.uniform());
      const all: number[] = [];
      for (const options of [{}, { weights }]) {
        const loaded = await loadTreeShap(device, forest, { kind: "interventional", background, ...options });
        for (const value of (await explain(loaded, table)).values) all.push(value);
        for (const value of (await explainInteractions(loaded, table)).values) all.push(value);
        loaded.free();
      }
      found[device.name === "cpu" ? "cpu" : "gpu"].push(Float64Array.from(all));
      device.dispose();
    }
    for (const all of Object.values(found)) for (const one of all) expect(one).toEqual(all[0]);
    for (const one of found.gpu) expect(largestDifference(one, found.cpu[0] ?? one)).toBeLessThan(1e-7);
  });

  it("says what is wrong with what it is asked", async () => {
    const device = await openDevice("cpu");
    const other = await openDevice("cpu");
    const random = new PhiloxStream(5, 0);
    const forest = randomForest(random, { inputs: 3, trees: 1, depth: 2 });
    const covered = withCover(forest, random);
    const table = uploadTable(device, columns(random, 3, 4));
    const narrow = uploadTable(device, columns(random, 2, 4));
    const ask = (options: Partial<TreeShapOptions>, of = forest) =>
      loadTreeShap(device, of, { kind: "interventional", background: table, ...options });
    const path = { kind: "path-dependent", background: null } as const;
    for (const [options, code, message, of] of [
      [{ background: null }, "usage", /need a background/, forest],
      [{ background: narrow }, "usage", /has 2 columns, the forest 3/, forest],
      [{ weights: Float64Array.of(1) }, "usage", /1 weights for 4 background rows/, forest],
      [{ weights: Float64Array.of(1, 2, -1, 0) }, "data-invalid", /row 2 has the weight -1/, forest],
      [{ weights: new Float64Array(4) }, "data-invalid", /add up to 0/, forest],
      [{ players: Int32Array.of(0, 1) }, "usage", /players has 2 entries, the forest 3 columns/, forest],
      [{ players: Int32Array.of(0, 2, 2) }, "usage", /no column has 1/, forest],
      [{ players: Int32Array.of(0, -1, 1) }, "usage", /players\[1\] is -1/, forest],
      [path, "usage", /does not tell how many training rows/, forest],
      [{ ...path, background: table }, "usage", /have no background/, covered],
      [{ ...path, link: "logistic" }, "usage", /interventional values only/, covered],
      [path, "model-invalid", /cover\[0\] is NaN/, { ...forest, cover: new Float64Array(7).fill(Number.NaN) }],
      [{}, "model-invalid", /reached on two ways/, { ...forest, left: new Uint32Array(7) }],
    ] as const) {
      await expect(ask(options, of)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    }
    await expect(loadTreeShap(other, covered, { kind: "interventional", background: table })).rejects.toThrow(
      /another device/,
    );
    const loaded = await loadTreeShap(device, covered, path);
    await expect(explain(loaded, narrow)).rejects.toThrow(/the table has 2 columns, the forest 3/);
    const linked = await loadTreeShap(device, covered, { kind: "interventional", background: table, link: "logistic" });
    await expect(explainInteractions(linked, table)).rejects.toThrow(/interactions are of the sum/);
    for (const one of [loaded, linked, table, narrow]) one.free();
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
    other.dispose();
  });

  it("refuses trees deeper than any that is trained", async () => {
    const device = await openDevice("cpu");
    const forest = chainForest(new PhiloxStream(6, 0), 5000, 3);
    const table = uploadTable(device, columns(new PhiloxStream(6, 1), 3, 4));
    await expect(loadTreeShap(device, forest, { kind: "interventional", background: table })).rejects.toMatchObject({
      code: "not-supported",
      message: expect.stringContaining("5000 decisions deep"),
    });
    device.dispose();
  });
});
