import { expect, test } from "vitest";
import { changingText, countText, decimalText, percentText, pText, shareText, significantText } from "./numbers.ts";

test("counts are grouped in threes", () => {
  expect([0, 999, 1000, 11972, -1234567].map(countText)).toEqual(["0", "999", "1,000", "11,972", "−1,234,567"]);
});

test("a percentage never claims none or all where there is some", () => {
  expect(percentText(0)).toBe("0.0 %");
  expect(percentText(0.00001)).toBe("< 0.1 %");
  expect(percentText(0.2451)).toBe("24.5 %");
  expect(percentText(0.99999)).toBe("> 99.9 %");
  expect(percentText(1)).toBe("100.0 %");
});

test("decimals have a true minus sign and no negative zero", () => {
  expect(decimalText(-0.5)).toBe("−0.50");
  expect(decimalText(-0.001)).toBe("0.00");
  expect(decimalText(12345.678, 1)).toBe("12,345.7");
});

test("small p values are told as a bound", () => {
  expect(pText(0.0000001)).toBe("p < 0.001");
  expect(pText(0.0123)).toBe("p = 0.012");
});

test("chosen shares stand as they were written", () => {
  expect([0.95, 0.02, 0.025, 0.999, 0].map(shareText)).toEqual(["95 %", "2 %", "2.5 %", "99.9 %", "0 %"]);
});

test("numbers of any size keep three significant digits", () => {
  expect([12345.678, 0.012345, 1.5, -31.4159, 0, 2.5e-9, -1e20].map((one) => significantText(one))).toEqual([
    "12,346",
    "0.0123",
    "1.50",
    "−31.4",
    "0",
    "2.50e−9",
    "−1.00e+20",
  ]);
  expect([998_536_273_594, 999_999_999, 1e9].map((one) => significantText(one))).toEqual([
    "9.99e+11",
    "999,999,999",
    "1.00e+9",
  ]);
});

test("numbers before and after a change differ where it does, however large they are", () => {
  expect(changingText(998_536_273_594, 20_558_395_181)).toBe("9.99e+11");
  expect(changingText(1_019_094_668_776, 20_558_395_181)).toBe("1.019e+12");
  expect(changingText(1e12 + 0.25, 0.198)).toBe("1,000,000,000,000.25");
  expect(changingText(1.0212e-9, 2.11e-11)).toBe("1.021e−9");
  expect(changingText(0.523, 0.0181)).toBe("0.523");
  expect(changingText(0, 1)).toBe("0");
});
