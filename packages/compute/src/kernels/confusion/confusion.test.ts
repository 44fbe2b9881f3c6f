import { describe, expect, it, onTestFinished } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { permuteReference } from "../permute/reference.ts";
import { resampleReference } from "../resample/reference.ts";
import { confusionDistances, confusionValues, permuteConfusion, resampleConfusion } from "./index.ts";
import { type ConfusionMetric, confusionMetrics } from "./metric.ts";
import { confusionDistance, confusionValue } from "./reference.ts";

const metrics = Object.keys(confusionMetrics) as ConfusionMetric[];
const random = new PhiloxStream(31, 0);

/** Tables of every size, some with empty rows and columns. */
function tablesOf(count: number): Uint32Array {
  const most = [1, 2, 5, 40, 3000, 2_000_000, 4_294_967_295];
  return Uint32Array.from({ length: count * 4 }, (_, cell) => random.integer(most[(cell >> 2) % most.length] ?? 1));
}

/** More than one chunk of each, drawn by the references once for all devices. */
const nulls = (() => {
  const table = Float64Array.from({ length: 4000 }, () => random.integer(3));
  const input = { table, rows: 1000, replicates: 70, seed: 5, stream: 9, first: 3 };
  const drawn = permuteReference({ ...input, columns: 4 });
  const distances = Float64Array.from({ length: 70 }, (_, set) => confusionDistance("mcc", drawn, 1000, 4000 * set));
  return { input, distances };
})();
const replicates = (() => {
  const input = { counts: Float64Array.of(3, 2, 5, 0), replicates: 65_601, seed: 5, stream: 9 };
  const drawn = resampleReference(input);
  const kappas = Float64Array.from({ length: input.replicates }, (_, at) => {
    const [tp = 0, fp = 0, fn = 0, tn = 0] = drawn.subarray(4 * at, 4 * at + 4);
    return confusionValue("cohen-kappa", tp, fp, fn, tn);
  });
  return { input, kappas };
})();

for (const { label, missing, open } of testDevices) {
  describe.skipIf(missing !== null)(`confusion on ${label}`, () => {
    it.each([0, 1, 2, 3, 997])("values of %i tables equal the reference to the bit", async (count) => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const tables = tablesOf(count);
      const values = await confusionValues(device, tables, metrics);
      for (const [index, metric] of metrics.entries()) {
        const expected = Float64Array.from({ length: count }, (_, table) => {
          const [tp = 0, fp = 0, fn = 0, tn = 0] = tables.subarray(4 * table, 4 * table + 4);
          return confusionValue(metric, tp, fp, fn, tn);
        });
        expect(firstDifference(values[index] ?? [], expected)).toBeNull();
      }
      expect(device.host.allocatedBytes).toBe(0);
    });

    it.each([
      [1, 5],
      [2, 1],
      [14, 201],
      [300, 8],
    ])("distances of %i groups equal the reference to the bit, in %i sets", async (groups, sets) => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const tables = tablesOf(groups * sets);
      const distances = await confusionDistances(device, tables, groups, metrics);
      for (const [index, metric] of metrics.entries()) {
        const expected = Float64Array.from({ length: sets }, (_, set) =>
          confusionDistance(metric, tables, groups, 4 * groups * set),
        );
        expect(firstDifference(distances[index] ?? [], expected)).toBeNull();
      }
    });

    it("measures the very tables that permute and resample draw, chunks included", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const [distances] = await permuteConfusion(device, nulls.input, ["mcc"]);
      expect(firstDifference(distances ?? [], nulls.distances)).toBeNull();
      const [kappas] = await resampleConfusion(device, replicates.input, ["cohen-kappa"]);
      expect(firstDifference(kappas ?? [], replicates.kappas)).toBeNull();
      expect(device.host.allocatedBytes).toBe(0);
    });

    it("refuses tables that are not whole", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      await expect(confusionValues(device, new Uint32Array(5), metrics)).rejects.toThrow(/a multiple of 4 cells/);
      await expect(confusionDistances(device, new Uint32Array(12), 2, metrics)).rejects.toThrow(/a multiple of 8/);
      const counts = new Float64Array(8);
      await expect(resampleConfusion(device, { counts, replicates: 1, seed: 0, stream: 0 }, metrics)).rejects.toThrow(
        /resampleConfusion: 4 cells are needed, got 8/,
      );
    });
  });
}

describe("the reference", () => {
  it("gives what the definitions give by hand", () => {
    // 15000 / √(120 · 100 · 200 · 180), 2 · 15000 / (120 · 200 + 100 · 180), (90/100 + 170/200) / 2.
    expect(confusionValue("mcc", 90, 30, 10, 170)).toBeCloseTo(1.25 / Math.sqrt(3), 14);
    expect(confusionValue("cohen-kappa", 90, 30, 10, 170)).toBeCloseTo(5 / 7, 14);
    expect(confusionValue("balanced-accuracy", 90, 30, 10, 170)).toBeCloseTo(0.875, 14);
  });

  it("takes the derivatives: of two groups the distance is the difference over its error by the delta method", () => {
    const [a, b] = [
      [300, 40, 90, 500],
      [90, 35, 20, 200],
    ] as const;
    for (const metric of metrics) {
      const [left, right] = [a, b].map((cells) => {
        const at = cells.map((cell) => cell + 0.5);
        const value = (moved: number, by: number): number => {
          const [tp = 0, fp = 0, fn = 0, tn = 0] = at.map((cell, index) => (index === moved ? cell + by : cell));
          return confusionValue(metric, tp, fp, fn, tn);
        };
        const variance = at.reduce((sum, cell, index) => {
          const slope = (value(index, 1e-4) - value(index, -1e-4)) / 2e-4;
          return sum + slope * slope * cell;
        }, 0);
        return { value: value(0, 0), variance };
      });
      if (!left || !right) throw new Error("two groups are needed");
      const expected = Math.abs(left.value - right.value) / Math.sqrt(left.variance + right.variance);
      expect(confusionDistance(metric, [...a, ...b], 2, 0) / expected).toBeCloseTo(1, 6);
    }
  });
});
