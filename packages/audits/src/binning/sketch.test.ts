import { encodeSummary } from "@assay/schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { numberColumn, textColumn } from "../testing/coded-table.ts";
import { keyPrefix } from "./ordered-key.ts";
import { mergeSketches, mostValues, type Sketch, sketchNumbers, sketchTexts } from "./sketch.ts";

const everyone = (rows: number): { target: Uint8Array; counts: null } => ({
  target: new Uint8Array(rows).fill(1),
  counts: null,
});
const sketch = (values: readonly number[]): Sketch => sketchNumbers(numberColumn(values), everyone(values.length));

test("keys rise as numbers do, at every length", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.constantFrom(1, 2, 3), (a, b, digits) => {
      const [low, high] = a <= b ? [a, b] : [b, a];
      expect(keyPrefix(low, digits)).toBeLessThanOrEqual(keyPrefix(high, digits));
      expect(keyPrefix(0, digits)).toBe(keyPrefix(-0, digits));
      expect(Math.floor(keyPrefix(a, 3) / 65_536)).toBe(keyPrefix(a, 2));
    }),
  );
});

test("sketches merge to what all rows together give, in any order", () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 30 });
  fc.assert(
    fc.property(numbers, numbers, numbers, (a, b, c) => {
      const whole = encodeSummary(sketch([...a, ...b, ...c]));
      expect(encodeSummary(mergeSketches(mergeSketches(sketch(a), sketch(b)), sketch(c)))).toBe(whole);
      expect(encodeSummary(mergeSketches(sketch(c), mergeSketches(sketch(b), sketch(a))))).toBe(whole);
    }),
    { numRuns: 100 },
  );
});

test("too many values fall to digits, however the rows were split", () => {
  const values = Array.from({ length: mostValues + 10 }, (_, index) => (index * 7919) / 64 - 1e6);
  const whole = encodeSummary(sketch(values));
  expect(sketch(values).kind).toBe("digits");
  for (const cut of [5, 1000, mostValues]) {
    const [left, right] = [sketch(values.slice(0, cut)), sketch(values.slice(cut))];
    expect(left.kind).toBe("values");
    expect(encodeSummary(mergeSketches(left, right))).toBe(whole);
    expect(encodeSummary(mergeSketches(right, left))).toBe(whole);
  }
});

test("texts merge by name, and are given up beyond what can be listed", () => {
  const few = (texts: readonly (string | null)[]): Sketch => sketchTexts(textColumn(texts), everyone(texts.length));
  expect(mergeSketches(few(["b", "a", null]), few(["c", "b"]))).toEqual({
    kind: "texts",
    texts: ["a", "b", "c"],
    rows: [1, 2, 1],
  });
  const many = few(Array.from({ length: mostValues + 1 }, (_, index) => `t${index}`));
  expect(many.kind).toBe("too-many");
  expect(mergeSketches(many, few(["a"])).kind).toBe("too-many");
});
