import { expect, test } from "vitest";
import { durationText, sizeText } from "./quantities.ts";

test("sizes keep three digits at most", () => {
  expect([0, 999, 1000, 1234, 99_960, 2_546_489, 999_600, 21_474_836_480].map(sizeText)).toEqual([
    "0 B",
    "999 B",
    "1 kB",
    "1.23 kB",
    "100 kB",
    "2.55 MB",
    "1 MB",
    "21.5 GB",
  ]);
});

test("durations never show sixty seconds", () => {
  expect([0, 812, 9_960, 59_900, 119_600, 200_000, 7_500_000].map(durationText)).toEqual([
    "0.0 s",
    "0.8 s",
    "10 s",
    "60 s",
    "2 min 0 s",
    "3 min 20 s",
    "2 h 5 min",
  ]);
});
