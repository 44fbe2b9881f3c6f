import { expect, test } from "vitest";
import { packCodes, packColumns, unpackColumn, wordCount } from "./packing.ts";

test("columns share a word until 2^32 codes are full", () => {
  expect(wordCount(packColumns([2 ** 16, 2 ** 16]))).toBe(1);
  expect(wordCount(packColumns([2 ** 16, 2 ** 16, 2]))).toBe(2);
  expect(wordCount(packColumns([2 ** 32, 2 ** 32]))).toBe(2);
  expect(wordCount(packColumns([]))).toBe(0);
});

test("codes come back as they went in, at the edges of a word too", () => {
  const sizes = [3, 70_000, 60_000, 2, 5];
  const codes = [
    [0, 2, 1],
    [69_999, 0, 1],
    [59_999, 59_999, 0],
    [1, 0, 1],
    [4, 0, 2],
  ];
  const layout = packColumns(sizes);
  const words = packCodes(layout, codes, 3);
  expect(layout.map((place) => [...unpackColumn(place, words)])).toEqual(codes);
});

test("the order of keys is the order of codes, first column first", () => {
  const layout = packColumns([4, 4]);
  const [word] = packCodes(
    layout,
    [
      [0, 0, 1, 3],
      [1, 3, 0, 3],
    ],
    4,
  );
  expect([...(word ?? [])]).toEqual([1, 3, 4, 15]);
});
