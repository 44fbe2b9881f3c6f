import fc from "fast-check";
import { expect, test } from "vitest";
import { parseNumber, parseNumberBytes } from "./number-text.ts";

const fromBytes = (text: string): number => {
  const bytes = new TextEncoder().encode(`x${text}y`);
  return parseNumberBytes(bytes, 1, bytes.length - 1);
};

test("numbers read to the nearest double, from text and from bytes alike", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      // Through its text: -0 prints as 0.
      const printed = Number(String(value));
      expect(parseNumber(String(value))).toBe(printed);
      expect(fromBytes(String(value))).toBe(printed);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999 }), fc.nat({ max: 999_999 }), (whole, fraction) => {
      const text = `${whole}.${fraction}`;
      expect(fromBytes(text)).toBe(Number(text));
    }),
  );
});

test.each(["+5", "1.", ".5", "1e3", "-0", "007", "1E-2", "12345678901234567890.5", `${"9".repeat(308)}`])(
  "%s is a number",
  (text) => {
    expect(fromBytes(text)).toBe(Number(text));
    expect(parseNumber(text)).toBe(Number(text));
  },
);

test.each(["", " ", ".", "+", "1,5", "0x10", "inf", "NaN", "1e999", "1e", "--1", "1 2", "١", "1_000", "9".repeat(500)])(
  "%j is no number",
  (text) => {
    expect(parseNumber(text)).toBeNaN();
    expect(fromBytes(text)).toBeNaN();
  },
);
