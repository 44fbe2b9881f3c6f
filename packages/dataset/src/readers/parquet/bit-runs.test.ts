import { expect, test } from "vitest";
import { readBitRuns } from "./bit-runs.ts";

function read(bytes: readonly number[], width: number, count: number): number[] | null {
  const into = new Uint32Array(count);
  return readBitRuns(Uint8Array.from(bytes), 0, bytes.length, width, into, count) ? [...into] : null;
}

// The numbers 0 to 7 of 3 bits: the example of the format's own description (Encodings.md, RLE/bit-packing hybrid).
test("unpacks the numbers 0 to 7 as the format's description packs them", () => {
  expect(read([0b11, 0b10001000, 0b11000110, 0b11111010], 3, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("repeats runs, also of values of two bytes and past what is asked for", () => {
  expect(read([5 << 1, 0x2c, 0x01], 9, 5)).toEqual([300, 300, 300, 300, 300]);
  expect(read([(200 & 0x7f) | 0x80, 1, 1], 1, 3)).toEqual([1, 1, 1]);
});

test("goes from a run to packed values", () => {
  expect(read([2 << 1, 1, 0b11, 0b00000101], 1, 10)).toEqual([1, 1, 1, 0, 1, 0, 0, 0, 0, 0]);
});

test("tells where the bytes end before the values do", () => {
  expect(read([0b11, 0b10001000], 3, 8)).toBeNull();
  expect(read([], 3, 1)).toBeNull();
  expect(read([2 << 1, 1], 1, 3)).toBeNull();
  expect(read([0, 0], 1, 3)).toBeNull();
});
