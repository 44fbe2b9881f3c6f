import fc from "fast-check";
import { expect, test } from "vitest";
import { Dictionary } from "./dictionary.ts";

test("equal texts share a code, different ones never do, codes count from 1 in order of first meeting", () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 6, unit: "grapheme" }), { maxLength: 400 }), (texts) => {
      const dictionary = new Dictionary();
      const codes = texts.map((text) => {
        const bytes = encoder.encode(`,${text},`);
        return dictionary.code(bytes, 1, bytes.length - 1);
      });
      const distinct = [...new Set(texts)];
      expect(dictionary.texts()).toEqual(distinct);
      expect(codes).toEqual(texts.map((text) => distinct.indexOf(text) + 1));
      expect(dictionary.size).toBe(distinct.length);
    }),
  );
});

test("holds a hundred thousand texts", () => {
  const dictionary = new Dictionary();
  const encoder = new TextEncoder();
  const add = (number: number): number => {
    const bytes = encoder.encode(`id-${number}`);
    return dictionary.code(bytes, 0, bytes.length);
  };
  const codes = Array.from({ length: 100_000 }, (_, number) => add(number));
  expect(codes.every((code, number) => code === number + 1)).toBe(true);
  expect(add(54_321)).toBe(54_322);
  expect(dictionary.texts()[99_999]).toBe("id-99999");
});
