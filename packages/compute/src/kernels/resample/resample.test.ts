import { describe, expect, it, onTestFinished } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { resample } from "./index.ts";
import { resampleReference } from "./reference.ts";

const random = new PhiloxStream(21, 0);
const tables: Record<string, Float64Array> = {
  "no cells": new Float64Array(0),
  "no rows": Float64Array.of(0, 0, 0),
  "one row": Float64Array.of(0, 1, 0),
  "one cell": Float64Array.of(77),
  "empty cells between": Float64Array.of(0, 5, 0, 0, 12, 1, 0),
  "small cells": Float64Array.from({ length: 300 }, () => random.integer(4)),
  "large cells": Float64Array.from({ length: 56 }, () => 1000 + random.integer(40_000)),
  "a billion rows": Float64Array.of(1, 999_999_000, 20, 979),
  "as many as there can be": Float64Array.of(4_294_967_000, 295),
};

for (const { label, name, missing, open } of testDevices) {
  describe.skipIf(missing !== null)(`resample on ${label}`, () => {
    it.each(Object.entries(tables))(
      "runs on the host of the device asked for and equals the reference to the bit: %s",
      async (_, counts) => {
        const device = await open();
        onTestFinished(() => device.dispose());
        expect(device.name).toBe(name);
        const input = { counts, replicates: 400, seed: 2 ** 53 - 1, stream: 2 ** 40 + 3 };
        const drawn = await resample(device, input);
        expect(firstDifference(drawn, resampleReference(input))).toBeNull();
        const total = counts.reduce((sum, count) => sum + count, 0);
        for (let replicate = 0; replicate < 400 && counts.length > 0; replicate++) {
          const row = drawn.subarray(replicate * counts.length, (replicate + 1) * counts.length);
          expect(row.reduce((sum, count) => sum + count, 0)).toBe(total);
        }
        expect(device.allocatedBytes).toBe(0);
        expect(device.host.allocatedBytes).toBe(0);
      },
    );

    it("gives a replicate the same draw wherever the work is split, chunks included", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const counts = Float64Array.from({ length: 5000 }, (_, cell) => cell % 7);
      const whole = await resample(device, { counts, replicates: 120, seed: 7, stream: 1 });
      for (const [first, replicates] of [
        [0, 1],
        [51, 2],
        [60, 60],
      ] as const) {
        const part = await resample(device, { counts, replicates, seed: 7, stream: 1, first });
        expect(firstDifference(part, whole.subarray(first * 5000, (first + replicates) * 5000))).toBeNull();
      }
      const other = await resample(device, { counts, replicates: 1, seed: 7, stream: 2 });
      expect(firstDifference(other, whole.subarray(0, 5000))).not.toBeNull();
    });

    it("is the multinomial: every outcome of a small table at its exact probability", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const counts = Float64Array.of(1, 2, 4);
      const n = 7;
      const replicates = 200_000;
      const drawn = await resample(device, { counts, replicates, seed: 5, stream: 0 });
      const seen = new Map<string, number>();
      for (let at = 0; at < drawn.length; at += 3) {
        const key = `${drawn[at]},${drawn[at + 1]},${drawn[at + 2]}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
      let chi = 0;
      let outcomes = 0;
      for (let x = 0; x <= n; x++) {
        for (let y = 0; x + y <= n; y++) {
          const z = n - x - y;
          const ways = factorial(n) / (factorial(x) * factorial(y) * factorial(z));
          const expected = (replicates * ways * 2 ** y * 4 ** z) / 7 ** n;
          chi += ((seen.get(`${x},${y},${z}`) ?? 0) - expected) ** 2 / Math.max(expected, 1);
          outcomes++;
        }
      }
      expect(outcomes).toBe(36);
      expect(chi).toBeLessThan(80); // 35 degrees of freedom, 1 − 2e-5
    });

    it("has the multinomial's means, variances and covariances on a large table", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const counts = Float64Array.of(40_000, 3_000, 25, 56_975);
      const n = 100_000;
      const replicates = 40_000;
      const drawn = await resample(device, { counts, replicates, seed: 6, stream: 0 });
      for (const [i, a] of counts.entries()) {
        for (const [j, b] of counts.entries()) {
          let product = 0;
          for (let at = 0; at < drawn.length; at += 4) {
            product += ((drawn[at + i] ?? 0) - a) * ((drawn[at + j] ?? 0) - b);
          }
          const expected = i === j ? a * (1 - a / n) : (-a * b) / n;
          const scale = Math.sqrt(a * (1 - a / n) * b * (1 - b / n));
          // The standard error of a covariance is at most scale · √(2 / replicates).
          expect(Math.abs(product / replicates - expected)).toBeLessThan(5 * scale * Math.sqrt(2 / replicates));
        }
        let sum = 0;
        for (let at = i; at < drawn.length; at += 4) sum += drawn[at] ?? 0;
        expect(Math.abs(sum / replicates - a)).toBeLessThan(5 * Math.sqrt((a * (1 - a / n)) / replicates));
      }
    });

    it("keeps its draws: change these only together with the kernel's version", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const counts = Float64Array.of(990, 805, 532, 1369);
      const drawn = await resample(device, { counts, replicates: 2, seed: 7, stream: 0 });
      expect([...drawn]).toEqual(pinned);
    });

    it("refuses what is no table of counts, and what 32 bits cannot hold", async () => {
      const device = await open();
      onTestFinished(() => device.dispose());
      const run = (counts: number[], more = {}) =>
        resample(device, { counts: Float64Array.from(counts), replicates: 1, seed: 0, stream: 0, ...more });
      await expect(run([1, -1])).rejects.toThrow(/cell 1 has the count -1/);
      await expect(run([0.5])).rejects.toMatchObject({ code: "data-invalid" });
      await expect(run([Number.NaN])).rejects.toMatchObject({ code: "data-invalid" });
      await expect(run([4_294_967_295, 1])).rejects.toMatchObject({ code: "data-too-large" });
      await expect(run([1], { seed: -1 })).rejects.toThrow(/seed must be/);
      await expect(run([1], { replicates: 1.5 })).rejects.toThrow(/replicates must be/);
      await expect(run([1], { first: 2097151, replicates: 2 })).rejects.toThrow(/replicates end at 2097153/);
      expect(await run([1], { replicates: 0 })).toEqual(new Uint32Array(0));
    });
  });
}

const pinned = [1011, 781, 523, 1381, 957, 784, 534, 1421];

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
