import { describe, expect, it } from "vitest";
import { philox, philoxBlock } from "./philox.ts";
import { PhiloxStream } from "./philox-stream.ts";

describe("Philox4x32-10", () => {
  // Random123 1.14.0, tests/kat_vectors: counter, key, result.
  it.each([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])("gives the published words for counter $counter", ({ counter, key, words }) => {
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
    const [k0 = 0, k1 = 0] = key;
    expect(philoxBlock(k0, k1, c0, c1, c2, c3)).toEqual(words);
  });

  it("lays seed, stream and counter out as key and counter words, low first", () => {
    expect(philox(0, 0, 0)).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const seed = 5 * 2 ** 32 + 7;
    const stream = 3 * 2 ** 32 + 9;
    expect(philox(seed, stream, (11n << 32n) + 13n)).toEqual(philoxBlock(7, 5, 13, 11, 9, 3));
    expect(philox(seed, stream, 11 * 2 ** 32 + 13)).toEqual(philoxBlock(7, 5, 13, 11, 9, 3));
    expect(philox(2 ** 53 - 1, 0, 2n ** 64n - 1n)).toEqual(
      philoxBlock(0xffffffff, 0x1fffff, 0xffffffff, 0xffffffff, 0, 0),
    );
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])("refuses the seed %s rather than share another's stream", (seed) => {
    expect(() => philox(seed, 0, 0)).toThrow(/seed must be an integer from 0/);
    expect(() => philox(0, seed, 0)).toThrow(/stream must be an integer from 0/);
    expect(() => philox(0, 0, seed)).toThrow(/counter must be/);
  });
});

describe("PhiloxStream", () => {
  it("reads block after block, over the 32-bit edge of the counter too", () => {
    const start = 2 ** 32 - 1;
    const stream = new PhiloxStream(42, 6, start);
    const words = Array.from({ length: 8 }, () => stream.uint32());
    expect(words).toEqual([...philox(42, 6, start), ...philox(42, 6, start + 1)]);
  });

  it("makes a uniform of two words, the first the lower", () => {
    const [low, high] = philox(42, 6, 0);
    const expected = Number(((BigInt(high) << 32n) | BigInt(low)) >> 11n) * 2 ** -53;
    expect(new PhiloxStream(42, 6).uniform()).toBe(expected);
  });

  it("draws normals with the moments of a normal", () => {
    const stream = new PhiloxStream(3, 1);
    const n = 200_000;
    const moments = [0, 0, 0, 0];
    for (let draw = 0; draw < n; draw++) {
      const x = stream.normal();
      for (let power = 1; power <= 4; power++) moments[power - 1] = (moments[power - 1] ?? 0) + x ** power / n;
    }
    // Five standard errors: variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    for (const [index, [mean, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries()) {
      expect(Math.abs((moments[index] ?? 0) - (mean ?? 0))).toBeLessThan(5 * Math.sqrt((variance ?? 0) / n));
    }
  });

  it("draws integers evenly, whatever the bound", () => {
    const stream = new PhiloxStream(3, 2);
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) {
      const value = stream.integer(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(22.46); // 6 degrees of freedom, 0.999
    expect(stream.integer(1)).toBe(0);
    // Three quarters of 2^53: a modulo without rejection would put half of all draws into the first third.
    const bound = 0.75 * 2 ** 53;
    let low = 0;
    for (let draw = 0; draw < 30_000; draw++) if (stream.integer(bound) < bound / 3) low++;
    expect(Math.abs(low - 10_000)).toBeLessThan(5 * Math.sqrt(30_000 * (2 / 9)));
    expect(() => stream.integer(0)).toThrow(/bound must be/);
  });
});
