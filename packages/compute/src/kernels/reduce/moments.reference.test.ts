import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mean, noMoments, variance } from "./moments.ts";
import { reduceReference } from "./reference.ts";

interface Case {
  readonly values: readonly number[];
  readonly mean: number;
  readonly variance: number;
}

/** Made by reduce.expected.py. */
const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("./reduce.expected.json", import.meta.url), "utf8"),
);

describe("mean and variance", () => {
  it.each(cases.map((one, index) => [index, one] as const))("are right to the last bit: case %i", (_, one) => {
    const [moments = noMoments] = reduceReference({ values: Float64Array.from(one.values), groups: null });
    expect(mean(moments)).toBe(one.mean);
    expect(variance(moments)).toBe(one.variance);
  });

  it("beyond the doubles the variance is infinite, the mean never", () => {
    const values = Float64Array.of(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE);
    const [moments = noMoments] = reduceReference({ values, groups: null });
    expect(variance(moments)).toBe(Number.POSITIVE_INFINITY);
    expect(mean(moments)).toBe(Number.MAX_VALUE / 3);
  });
});
