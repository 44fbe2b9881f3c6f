import { expect, test } from "vitest";
import { wholeRatio } from "./whole-ratio.ts";

test("a ratio of whole numbers is the nearest double, beyond 2^53 too", () => {
  expect(wholeRatio(0n, 7n)).toBe(0);
  for (const [a, b] of [
    [3, 10],
    [1, 3],
    [7, 1],
    [123_456_789, 987_654_321],
  ] as const) {
    expect(wholeRatio(BigInt(a), BigInt(b))).toBe(a / b);
    expect(wholeRatio(BigInt(a) * 10n ** 30n, BigInt(b) * 10n ** 30n)).toBe(a / b);
  }
  // 1 + 2^-53 + 2^-80 lies just above the tie between 1 and the next double.
  const one = 1n << 80n;
  expect(wholeRatio(one + (1n << 27n), one)).toBe(1);
  expect(wholeRatio(one + (1n << 27n) + 1n, one)).toBe(1 + Number.EPSILON);
});
