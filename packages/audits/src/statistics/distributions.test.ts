import { describe, expect, it } from "vitest";
import { betaCdf, betaQuantile, logGamma } from "./beta.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { studentCdf, studentQuantile } from "./student.ts";

/** Expected values: scipy 1.17.1 (`scipy.stats.norm`, `t`, `scipy.special.betainc`, `gammaln`). */
const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe("distributions agree with scipy", () => {
  it.each([
    [-8, 6.22096057427174e-16],
    [-3, 0.0013498980316300933],
    [-1.96, 0.024997895148220435],
    [0.5, 0.6914624612740131],
    [2.3, 0.9892758899783242],
    [6, 0.9999999990134123],
  ])("normal distribution at %f", (x, p) => {
    expect(relative(normalCdf(x), p)).toBeLessThan(1e-9);
    expect(Math.abs(normalCdf(x) - p)).toBeLessThan(1e-15);
  });

  it.each([
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.4, -0.2533471031357997],
    [0.9999, 3.719016485455709],
  ])("normal quantile at %f", (p, x) => {
    expect(relative(normalQuantile(p), x)).toBeLessThan(1e-13);
  });

  it("normal quantile has no value outside [0, 1]", () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(1.1)).toBeNaN();
  });

  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 5, 2.5705818356363146],
    [0.9, 30.5, 1.309931316030375],
    [0.025, 200, -1.9718962236339093],
    [0.0005, 12, -4.3177912836061845],
  ])("t quantile at %f with %f degrees of freedom", (p, df, t) => {
    expect(relative(studentQuantile(p, df), t)).toBeLessThan(1e-10);
    expect(studentCdf(t, df)).toBeCloseTo(p, 12);
  });

  it.each([
    [0.4, 2, 3, 0.5247999999999999],
    [0.001, 0.5, 50, 0.24763098003462314],
    [0.31, 300, 700, 0.7564186827315443],
    [0.501, 50000, 50000, 0.7364550617029552],
  ])("incomplete beta at %f", (x, a, b, p) => {
    expect(relative(betaCdf(x, a, b), p)).toBeLessThan(1e-9);
    expect(betaQuantile(p, a, b)).toBeCloseTo(x, 10);
  });

  it.each([
    [0.1, 2.252712651734206],
    [1.5, -0.12078223763524526],
    [10, 12.801827480081469],
    [1e4, 82099.71749644238],
    [1e6, 12815504.569147611],
  ])("log gamma at %f", (x, value) => {
    expect(relative(logGamma(x), value)).toBeLessThan(1e-13);
  });
});
