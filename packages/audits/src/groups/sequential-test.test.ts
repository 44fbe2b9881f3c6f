import { describe, expect, test } from "vitest";
import { settle } from "./sequential-test.ts";

const rising = async (first: number, count: number): Promise<Float64Array[]> => [
  Float64Array.from({ length: count }, (_, index) => first + index),
];

describe("a Monte-Carlo p value", () => {
  test("stops drawing once 400 draws were as extreme, and is their share of the draws until then", async () => {
    let drawn = 0;
    const [p] = await settle([{ observed: 600, bound: 1 }], 100_000, (first, count) => {
      drawn += count;
      return rising(first, count);
    });
    // Draw number 600 (the 601st) is the first as extreme, so the 400th comes at draw 1,000.
    expect(p).toBeCloseTo(400 / 1000, 12);
    expect(drawn).toBe(1000);
  });

  test("counts ties, and never is 0", async () => {
    expect(await settle([{ observed: 1998, bound: 1 }], 1999, rising)).toEqual([2 / 2000]);
    expect(await settle([{ observed: 5000, bound: 1 }], 1999, rising)).toEqual([1 / 2000]);
  });

  test("takes a smaller bound where no draw is as extreme, without drawing where it settles the matter", async () => {
    const never = (): never => {
      throw new Error("drawn");
    };
    expect(await settle([{ observed: 9, bound: 1e-12 }], 1999, never)).toEqual([1e-12]);
    expect(await settle([{ observed: 5000, bound: 1 / 1500 }], 1999, rising)).toEqual([1 / 2000]);
  });

  test("draws for statistics together until the last is settled", async () => {
    const ps = await settle(
      [
        { observed: 0, bound: 1 },
        { observed: 5000, bound: 1 },
      ],
      1999,
      async (first, count) => {
        const [values] = await rising(first, count);
        return values ? [values, values] : [];
      },
    );
    expect(ps).toEqual([1, 1 / 2000]);
  });
});
