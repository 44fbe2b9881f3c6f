import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { type ReduceInput, reduce } from "./index.ts";
import { type Moments, mean, mergeMoments, noMoments, variance } from "./moments.ts";
import { reduceReference } from "./reference.ts";

const ordinary = fc.float({ noDefaultInfinity: true });
const extreme = fc.double({ noDefaultInfinity: true });
const columns = fc.oneof(
  fc.array(extreme, { maxLength: 80 }).map((values) => Float64Array.from(values)),
  fc.array(ordinary, { maxLength: 80 }).map((values) => Float64Array.from(values)),
  fc.array(ordinary, { maxLength: 80 }).map((values) => Float32Array.from(values)),
);
const makeCodes = [Uint8Array, Uint16Array, Uint32Array] as const;

for (const { label, name, missing, open } of testDevices) {
  describe.skipIf(missing !== null)(`reduce on ${label}`, () => {
    it("equals the reference to the bit: all rows, and by group, few and many", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      const sizes = fc.constantFrom(null, 1, 3, 200);
      await fc.assert(
        fc.asyncProperty(columns, sizes, fc.nat(1e6), async (values, size, seed) => {
          const random = new PhiloxStream(seed, 0);
          const codes = (makeCodes[seed % 3] ?? Uint8Array).from(values, () => random.integer(size ?? 1));
          const input = { values, groups: size === null ? null : { codes, size } };
          expect(await reduce(device, input)).toEqual(reduceReference(input));
        }),
        { seed: 11, numRuns: 150 },
      );
      expect(device.allocatedBytes).toBe(0);
      expect(device.host.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("adds hundreds of thousands of rows without rounding", async () => {
      const device = await open();
      const rows = 300_000;
      const random = new PhiloxStream(12, 0);
      const values = Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1e-9 : 1 + random.uniform()));
      values.fill(Number.MAX_VALUE, 5000, 8000);
      values.fill(-Number.MAX_VALUE, 200_000, 203_000);
      // Their sums vanish; what is left is what the others add up to.
      const [whole] = await reduce(device, { values, groups: null });
      const others = values.map((value) => (Math.abs(value) === Number.MAX_VALUE ? Number.NaN : value));
      const [rest] = await reduce(device, { values: others, groups: null });
      expect(rest?.missing).toBe(6000);
      expect(whole?.count).toBe(rows);
      expect(whole?.sum).toBe(rest?.sum);
      expect([whole?.min, whole?.max]).toEqual([-Number.MAX_VALUE, Number.MAX_VALUE]);
      const part = others.slice(0, 3000);
      expect(await reduce(device, { values: part, groups: null })).toEqual(
        reduceReference({ values: part, groups: null }),
      );
      device.dispose();
    });

    it("merges any parts, in any order, to the moments of the whole", async () => {
      const device = await open();
      const random = new PhiloxStream(13, 0);
      const rows = 70_000;
      const values = Float64Array.from(
        { length: rows },
        () => (random.uniform() - 0.5) * 10 ** (20 * random.uniform()),
      );
      values.fill(Number.NaN, 100, 120);
      // What no row before has the like of.
      values.set([1e-250, -1e250, 5e-324, -0, 0], rows - 5);
      const codes = Uint8Array.from(values, () => random.integer(5));
      const run = (first: number, last: number) =>
        reduce(device, {
          values: values.subarray(first, last),
          groups: { codes: codes.subarray(first, last), size: 5 },
        });
      const whole = await run(0, rows);
      const parts = [await run(0, 1), await run(40_000, rows), await run(1, 40_000), await run(0, 0)];
      const merged = parts.reduce((a, b) => a.map((moments, cell) => mergeMoments(b[cell] ?? noMoments, moments)));
      expect(merged).toEqual(whole);
      const all = whole.reduce(mergeMoments);
      expect([all]).toEqual(await reduce(device, { values, groups: null }));
      expect(all.count + all.missing).toBe(rows);
      device.dispose();
    });

    it("refuses what has no exact sum, with its row", async () => {
      const device = await open();
      const values = new Float64Array(70_000);
      const codes = new Uint16Array(70_000);
      const groups = { codes, size: 2 };
      codes[69_000] = 2;
      await expect(reduce(device, { values, groups })).rejects.toThrow(/row 69000 has the code 2, there are 2 groups/);
      values[66_000] = Number.NEGATIVE_INFINITY;
      await expect(reduce(device, { values, groups })).rejects.toThrow(/row 66000 is -Infinity/);
      await expect(reduce(device, { values: new Float32Array([1, 1 / 0]), groups: null })).rejects.toThrow(
        /row 1 is Infinity/,
      );
      await expect(reduce(device, { values: values.subarray(1), groups })).rejects.toThrow(
        /70000 codes for 69999 rows/,
      );
      await expect(reduce(device, { values, groups: { codes, size: 0 } })).rejects.toThrow(/size must be/);
      const wide: ReduceInput = {
        values: Float64Array.of(1e-300, 1e300),
        groups: { codes: Uint8Array.of(0, 0), size: 5_000_000 },
      };
      await expect(reduce(device, wide)).rejects.toMatchObject({ code: "data-too-large" });
      expect(device.host.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("has the means and standard deviations that NIST certifies", async () => {
      const device = await open();
      // https://www.itl.nist.gov/div898/strd/univ/homepage.html: NumAcc1 to NumAcc4, of which the last is the hardest.
      const certified: readonly [number[], number, number][] = [
        [[10_000_001, 10_000_003, 10_000_002], 10_000_002, 1],
        [alternating(1.2, 1.1, 1.3), 1.2, 0.1],
        [alternating(1_000_000.2, 1_000_000.1, 1_000_000.3), 1_000_000.2, 0.1],
        [alternating(10_000_000.2, 10_000_000.1, 10_000_000.3), 10_000_000.2, 0.1],
      ];
      for (const [values, center, deviation] of certified) {
        const [moments = noMoments] = await reduce(device, { values: Float64Array.from(values), groups: null });
        expect(mean(moments)).toBe(center);
        // The decimals themselves are no doubles, which costs up to 2e-9 · 10 of the deviation.
        expect(Math.abs(Math.sqrt(variance(moments) ?? 0) - deviation)).toBeLessThan(2e-8 * deviation);
      }
      device.dispose();
    });
  });
}

/** 1001 values: the first, then the two others in turn. */
function alternating(first: number, second: number, third: number): number[] {
  return Array.from({ length: 1001 }, (_, index) => (index === 0 ? first : index % 2 === 1 ? second : third));
}

describe("moments", () => {
  const one: Moments = { count: 1, missing: 0, sum: "3p0", squares: "9p0", min: 3, max: 3 };

  it("of nothing have no mean, of one number no variance of a sample", () => {
    expect(mean(noMoments)).toBeNull();
    expect(variance(noMoments, 0)).toBeNull();
    expect(variance(one)).toBeNull();
    expect(variance(one, 0)).toBe(0);
    expect(mean(one)).toBe(3);
    expect(mergeMoments(noMoments, one)).toEqual(one);
  });
});
