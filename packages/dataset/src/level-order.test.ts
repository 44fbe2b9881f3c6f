import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints, levelOrder } from "./level-order.ts";

const ordered = (texts: readonly string[]): string[] => Array.from(levelOrder(texts), (index) => texts[index] ?? "");

test("numbers order by value, equal ones by text", () => {
  expect(ordered(["10", "9", "-1", "1.0", "1", "2e0"])).toEqual(["-1", "1", "1.0", "2e0", "9", "10"]);
});

test("one text among numbers makes all of them texts", () => {
  expect(ordered(["10", "9", "N/A"])).toEqual(["10", "9", "N/A"]);
});

test("texts order by code point, not by UTF-16 unit", () => {
  expect(ordered(["😀", "Ａ", "a", "中"])).toEqual(["a", "中", "Ａ", "😀"]);
  const words = fc.string({ unit: fc.constantFrom("a", "b", "é", "中", "\ue000", "Ａ", "😀", "𝒳"), maxLength: 5 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const points = (text: string): number[] => [...text].map((char) => char.codePointAt(0) ?? 0);
      const [left, right] = [points(a), points(b)];
      const at = left.findIndex((point, index) => point !== right[index]);
      const expected =
        at < 0 ? left.length - right.length : at >= right.length ? 1 : (left[at] ?? 0) - (right[at] ?? 0);
      expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(expected));
    }),
  );
});
