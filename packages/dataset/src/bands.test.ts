import fc from "fast-check";
import { expect, test } from "vitest";
import { bandLabels, bandOf } from "./bands.ts";

test("integer bands name their first and last value, others their bounds", () => {
  expect(bandLabels([25, 45], true)).toEqual(["<25", "25–44", "≥45"]);
  expect(bandLabels([25, 26, 45], true)).toEqual(["<25", "25", "26–44", "≥45"]);
  expect(bandLabels([25, 45], false)).toEqual(["<25", "25–<45", "≥45"]);
  expect(bandLabels([0.5], true)).toEqual(["<0.5", "≥0.5"]);
});

test("a band holds its lower bound and not its upper one", () => {
  const breaks = [25, 45];
  expect([24.9, 25, 44.9, 45].map((value) => bandOf(value, breaks))).toEqual([0, 1, 1, 2]);
  fc.assert(
    fc.property(fc.integer(), fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 6 }), (value, cuts) => {
      const rising = cuts.toSorted((a, b) => a - b);
      expect(bandOf(value, rising)).toBe(rising.filter((cut) => cut <= value).length);
    }),
  );
});
