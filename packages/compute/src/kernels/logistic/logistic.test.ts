import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openDevice } from "../../open-device.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { loadLogistic } from "./index.ts";
import { logisticReference } from "./reference.ts";

function drawn(seed: number, rows: number, width: number, classes: number) {
  const random = new PhiloxStream(seed, 0);
  const columns = Array.from({ length: width }, () => Float64Array.from({ length: rows }, () => random.normal()));
  const labels = Uint8Array.from({ length: rows }, () => random.integer(classes));
  const weights = Float64Array.from({ length: rows }, () => (random.integer(3) === 0 ? 0 : random.uniform() * 2));
  const outputs = classes === 2 ? 1 : classes;
  const coefficients = Float64Array.from({ length: outputs * (width + 1) }, () => random.normal());
  return { columns, labels, weights, coefficients };
}

/** Sums in another order: a few units in the last place of what is summed. */
function expectNear(ours: ArrayLike<number>, meant: ArrayLike<number>, size: number): void {
  expect(ours.length).toBe(meant.length);
  for (let at = 0; at < meant.length; at++) {
    expect(Math.abs((ours[at] ?? Number.NaN) - (meant[at] ?? 0))).toBeLessThanOrEqual(1e-12 * size);
  }
}

for (const { label, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null || slow)(`logistic on ${label}`, () => {
    it("gives the reference's loss, gradient, Hessian and probabilities", async () => {
      const device = await open();
      const cases = fc.tuple(
        fc.nat(1e6),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 2, max: 4 }),
        fc.boolean(),
      );
      await fc.assert(
        fc.asyncProperty(cases, async ([seed, rows, width, classes, weighted]) => {
          const { columns, labels, weights, coefficients } = drawn(seed, rows, width, classes);
          const targets = { classes, labels, weights: weighted ? weights : null };
          const loaded = loadLogistic(device, columns);
          loaded.use(targets);
          const pass = await loaded.pass(coefficients);
          const meant = logisticReference(columns, targets, coefficients);
          const size = 30 * rows;
          expectNear([pass.loss], [meant.loss], size);
          expectNear(pass.gradient, meant.gradient, size);
          const { loss, gradient } = await loaded.pass(coefficients, "no-loss");
          expect(loss).toBeNaN();
          expect(gradient).toEqual(pass.gradient);
          expectNear(await loaded.hessian(), meant.hessian, size);
          expectNear(await loaded.probabilities(), meant.probabilities, 1);
          loaded.free();
        }),
        { seed: 8, numRuns: 60 },
      );
      expect(device.host.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("gives the same bits as one thread, again and again, with other labels in between", async () => {
      const { columns, labels, weights, coefficients } = drawn(4, 20_000, 7, 2);
      const results = [];
      for (const device of [await openDevice("cpu"), await open()]) {
        const loaded = loadLogistic(device, columns);
        for (const flip of [0, 1, 0]) {
          loaded.use({ classes: 2, labels: labels.map((one) => one ^ flip), weights });
          const pass = await loaded.pass(coefficients);
          if (flip === 0) results.push({ ...pass, hessian: await loaded.hessian() });
        }
        loaded.free();
        device.dispose();
      }
      for (const result of results) expect(result).toEqual(results[0]);
    });

    it("stays finite where scores are far out", async () => {
      const device = await open();
      const loaded = loadLogistic(device, [Float64Array.of(1e6, -1e6, 1e6)]);
      loaded.use({ classes: 2, labels: Uint8Array.of(1, 0, 0), weights: null });
      const { loss, gradient } = await loaded.pass(Float64Array.of(1, 0));
      expect(loss).toBe(1e6);
      expect(gradient).toEqual(Float64Array.of(1e6, 1));
      loaded.free();
      device.dispose();
    });

    it("refuses what cannot be fitted, with its place", async () => {
      const device = await open();
      const column = Float64Array.of(1, 2, Number.NaN);
      expect(() => loadLogistic(device, [])).toThrow(/no rows or no columns/);
      expect(() => loadLogistic(device, [column])).toThrow(/column 0, row 2 is NaN/);
      expect(() => loadLogistic(device, [column.subarray(1, 2), column])).toThrow(/column 1 has 3 rows/);
      const loaded = loadLogistic(device, [column.subarray(0, 2)]);
      expect(() => loaded.use({ classes: 2, labels: Uint8Array.of(0, 2), weights: null })).toThrow(
        /row 1 has the class 2/,
      );
      const weights = Float64Array.of(1, Number.NaN);
      expect(() => loaded.use({ classes: 2, labels: Uint8Array.of(0, 1), weights })).toThrow(
        /row 1 has the weight NaN/,
      );
      loaded.free();
      device.dispose();
    });
  });
}
