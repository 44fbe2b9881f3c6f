import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { type Ranks, type RanksInput, ranks } from "./index.ts";
import { ranksReference } from "./reference.ts";

const widths = [Uint8Array, Uint16Array, Uint32Array] as const;

/** Ties, signs, zeros, gaps of every size, infinities and what is missing. */
const score = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, -1, 0.5, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer({ min: -3, max: 3 }),
  fc.float({ min: 0, max: 1, noNaN: true }),
);

const inputs = fc
  .record({
    rows: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 31, max: 150 })),
    strata: fc.tuple(fc.constantFrom(...widths), fc.integer({ min: 1, max: 5 })),
    parts: fc.option(fc.tuple(fc.constantFrom(...widths), fc.integer({ min: 1, max: 6 }))),
    weighted: fc.boolean(),
    counted: fc.boolean(),
    order: fc.boolean(),
  })
  .chain(({ rows, strata, parts, weighted, counted, order }) => {
    const length = { minLength: rows, maxLength: rows };
    const codes = ([Width, size]: readonly [(typeof widths)[number], number]) =>
      fc.array(fc.nat(size - 1), length).map((values) => ({ codes: Width.from(values), size }));
    const doubles = (value: fc.Arbitrary<number>) => fc.array(value, length).map((values) => Float64Array.from(values));
    return fc.record<RanksInput>({
      scores: doubles(score),
      weights: weighted ? doubles(fc.oneof(fc.constantFrom(0.5, 1, -0, 0, Number.NaN), score)) : fc.constant(null),
      strata: codes(strata),
      parts: parts ? codes(parts) : fc.constant(null),
      counts: counted ? doubles(fc.constantFrom(0, 1, 2, 2 ** 33)) : fc.constant(null),
      order: fc.constant(order),
    });
  });

function difference(a: Ranks, b: Ranks): string | null {
  const lists = (one: Ranks) => [one.sizes, one.scores, one.weights ?? [], one.rows, one.order ?? []];
  for (const [index, list] of lists(a).entries()) {
    const found = firstDifference(list, lists(b)[index] ?? []);
    if (found !== null) return `${["sizes", "scores", "weights", "rows", "order"][index]}${found}`;
  }
  const kinds = ({ weights, rows, order }: Ranks) => [weights === null, rows.constructor.name, order === null].join();
  return kinds(a) === kinds(b) ? null : kinds(a);
}

for (const { label, name, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null)(`ranks on ${label}`, () => {
    it("runs on the device asked for and equals the reference for any scores, strata, parts, weights and counts", async () => {
      const device = await open();
      expect(device.name).toBe(name);
      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          expect(difference(await ranks(device, input), ranksReference(input))).toBeNull();
        }),
        { numRuns: slow ? 60 : 400, seed: 1 },
      );
      expect(device.allocatedBytes).toBe(0);
      expect(device.host.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("equals the reference over many rows: even and heavy-tailed scores, few and no ties", async () => {
      const device = await open();
      const rows = slow ? 3000 : 150_000;
      const random = new PhiloxStream(8, 0);
      const draws: (() => number)[] = [
        () => random.uniform(),
        () => Math.round(random.uniform() * 100) / 100,
        () => Math.fround(random.normal()),
        () => random.normal() / random.uniform() ** 40,
      ];
      for (const [index, draw] of draws.entries()) {
        const input: RanksInput = {
          scores: Float64Array.from({ length: rows }, draw),
          weights: index === 2 ? Float64Array.from({ length: rows }, () => random.integer(4) / 4) : null,
          strata: { codes: Uint8Array.from({ length: rows }, () => random.integer(3)), size: 3 },
          parts:
            index % 2 === 0
              ? { codes: Uint16Array.from({ length: rows }, () => random.integer(300)), size: 300 }
              : null,
          counts: null,
          order: index > 1,
        };
        expect(difference(await ranks(device, input), ranksReference(input))).toBeNull();
      }
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });

    it("folds what ties, and lays rows out stratum after stratum", async () => {
      const device = await open();
      const found = await ranks(device, {
        scores: Float64Array.of(0.5, -0, 2, 0.5, 0, Number.NaN, 9),
        weights: null,
        strata: { codes: Uint8Array.of(2, 1, 1, 1, 2, 1, 0), size: 3 },
        parts: null,
        counts: null,
        order: true,
      });
      expect(found).toEqual({
        sizes: Uint32Array.of(3),
        scores: Float64Array.of(0, 0.5, 2),
        weights: null,
        rows: Uint32Array.of(1, 1, 1, 1, 1, 0),
        order: Uint32Array.of(1, 4, 0, 3, 2),
      });
      device.dispose();
    });

    it("gives empty lists where no row is left", async () => {
      const device = await open();
      const input = {
        scores: Float64Array.of(Number.NaN, 1),
        weights: null,
        strata: { codes: Uint8Array.of(1, 0), size: 2 },
        parts: { codes: Uint8Array.of(0, 2), size: 3 },
        counts: null,
        order: true,
      };
      const none = new Float64Array(0);
      expect(await ranks(device, input)).toEqual({
        sizes: new Uint32Array(3),
        scores: none,
        weights: null,
        rows: new Uint32Array(0),
        order: new Uint32Array(0),
      });
      device.dispose();
    });

    it("says which row is wrong", async () => {
      const device = await open();
      const codes = new Uint8Array(2000);
      const fine: RanksInput = {
        scores: new Float64Array(2000),
        weights: null,
        strata: { codes, size: 2 },
        parts: null,
        counts: null,
        order: false,
      };
      const bad = new Uint16Array(2000);
      bad[1503] = 7;
      await expect(ranks(device, { ...fine, strata: { codes: bad, size: 7 } })).rejects.toMatchObject({
        code: "data-invalid",
        message: "ranks: row 1503 of strata has the code 7; its codes end at 6",
      });
      await expect(ranks(device, { ...fine, parts: { codes: bad, size: 3 } })).rejects.toThrow(
        "ranks: row 1503 of parts has the code 7; its codes end at 2",
      );
      for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) {
        const counts = new Float64Array(2000);
        counts[3] = wrong;
        await expect(ranks(device, { ...fine, counts })).rejects.toThrow(`ranks: row 3 has the count ${wrong}`);
      }
      await expect(ranks(device, { ...fine, weights: new Float64Array(1) })).rejects.toThrow(
        /1 weights for 2000 scores/,
      );
      await expect(ranks(device, { ...fine, strata: { codes, size: 0 } })).rejects.toThrow(/strata.size must be/);
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}
