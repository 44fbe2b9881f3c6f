import { expect, test } from "vitest";
import { readTimes, withKind, writeTimes } from "./times.ts";

test.each([
  ["0 6 * * *", { kind: "daily", time: "06:00" }],
  ["5 23 * * 1", { kind: "weekly", time: "23:05", weekday: 1 }],
  ["0 6 1 * *", { kind: "monthly", time: "06:00", day: 1 }],
  ["30 0 L * *", { kind: "monthly", time: "00:30", day: null }],
] as const)("%s is told in words, and written again as it was", (cron, times) => {
  expect(readTimes(cron)).toEqual(times);
  expect(writeTimes(times)).toBe(cron);
});

test("Sunday is 0 and 7", () => {
  expect(readTimes("0 6 * * 7")).toEqual({ kind: "weekly", time: "06:00", weekday: 0 });
});

test.each(["*/15 * * * *", "0 6 1 * 1", "0 6 * 1 *", "0 6 32 * *", "0 24 * * *", "0 6 * * MON", ""])(
  "%j stays an expression",
  (cron) => {
    expect(readTimes(cron)).toEqual({ kind: "own", cron });
    expect(writeTimes(readTimes(cron))).toBe(cron);
  },
);

test("another way to ask keeps the time of day, and begins with the expression that stood for it", () => {
  expect(withKind({ kind: "daily", time: "07:30" }, "weekly")).toEqual({ kind: "weekly", time: "07:30", weekday: 1 });
  expect(withKind({ kind: "monthly", time: "07:30", day: null }, "own")).toEqual({ kind: "own", cron: "30 7 L * *" });
  expect(withKind({ kind: "own", cron: "x" }, "daily")).toEqual({ kind: "daily", time: "06:00" });
});
