import { expect, test } from "vitest";
import { decimalsFor, formatInterval, formatNumber, formatP, formatPEquation } from "./format.ts";

test("an estimate has the digits its interval justifies", () => {
  const percent = (value: number, half: number): string =>
    formatNumber(value, "percent", "en", { low: value - half, high: value + half });
  expect(percent(0.44847, 0.023)).toBe("44.8");
  expect(percent(0.44847, 0.0023)).toBe("44.85");
  expect(percent(0.44847, 0.28)).toBe("45");
  expect(percent(0.44847, 0.00001)).toBe("44.8470");
  expect(formatNumber(0.702, "ratio", "en", { low: 0.69, high: 0.714 })).toBe("0.702");
});

test("without an interval a number has its kind's usual digits", () => {
  expect(formatNumber(0.5, "percent", "en")).toBe("50.0");
  expect(formatNumber(1234567, "count", "en")).toBe("1,234,567");
  expect(formatNumber(12.25, "count", "en")).toBe("12.3");
  expect(formatNumber(0.8333, "ratio", "en")).toBe("0.83");
  expect(formatNumber(1234.5678, "number", "en")).toBe("1,235");
  expect(formatNumber(0.0012345, "number", "en")).toBe("0.00123");
});

test("units stand behind a thin space in English and close in Chinese", () => {
  expect(formatNumber(0.448, "percent", "en", { unit: true })).toBe("44.8\u202f%");
  expect(formatNumber(0.448, "percent", "zh-CN", { unit: true })).toBe("44.8%");
  expect(formatNumber(-0.197, "points", "en", { unit: true })).toBe("−19.7\u00a0points");
  expect(formatNumber(-0.197, "points", "zh-CN", { unit: true })).toBe("−19.7\u00a0个百分点");
});

test("the minus is a minus sign, and zero has none", () => {
  expect(formatNumber(-0.5, "number", "en", { decimals: 1 })).toBe("−0.5");
  expect(formatNumber(-0.0001, "percent", "en", { decimals: 1 })).toBe("0.0");
  expect(formatNumber(-0, "number", "en")).toBe("0");
});

test("what is not known is a dash, never a number", () => {
  expect(formatNumber(null, "percent", "en", { unit: true })).toBe("–");
  expect(formatNumber(Number.NaN, "number", "en")).toBe("–");
  expect(formatInterval(null, 0.5, "percent", "en")).toBe("");
});

test("very large and very small numbers are told by powers of ten", () => {
  expect(formatNumber(6.02e23, "number", "en")).toBe("6.02 × 10²³");
  expect(formatNumber(-1.5e-12, "number", "en")).toBe("−1.50 × 10⁻¹²");
});

test("an interval with a negative end has no dash to be misread", () => {
  expect(formatInterval(0.4256, 0.4716, "percent", "en")).toBe("42.6 – 47.2");
  expect(formatInterval(-0.235, -0.16, "points", "en")).toBe("−23.5 to −16.0");
  expect(formatInterval(-0.235, 0.16, "points", "zh-CN", { decimals: 1 })).toBe("−23.5 至 16.0");
});

test("small p values are a bound", () => {
  expect(formatP(0.00099)).toBe("< 0.001");
  expect(formatP(0.0321)).toBe("0.032");
  expect(formatNumber(0, "p", "en")).toBe("< 0.001");
  expect(formatPEquation(0.0002)).toBe("p < 0.001");
  expect(formatPEquation(0.2834)).toBe("p = 0.283");
});

test("a column shares the digits of its middle interval", () => {
  expect(
    decimalsFor("percent", [
      { value: 0.448, low: 0.426, high: 0.472 },
      { value: 0.375, low: 0.137, high: 0.694 },
      { value: 0.235, low: 0.214, high: 0.257 },
    ]),
  ).toBe(1);
  expect(decimalsFor("count", [{ value: 3 }, { value: 1200 }])).toBe(0);
});
