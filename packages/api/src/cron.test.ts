import { describe, expect, it, test } from "vitest";
import { checkCron, cronProblems, nextTime, nextTimes } from "./cron.ts";

const from = new Date("2026-01-01T00:00:00Z");
const times = (cron: string, timeZone: string, after: string, count: number) =>
  nextTimes(cron, timeZone, new Date(after), count).map((time) => time.toISOString().replace(":00.000Z", "Z"));

describe("where clocks change", () => {
  // Berlin leaps from 02:00 to 03:00 on 29 March 2026 (01:00 UTC), and goes back from 03:00 to 02:00 on 25 October (01:00 UTC).
  test("a time of day that is skipped comes when the clocks have skipped it, and the next day as ever", () => {
    expect(times("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00Z", 3)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-29T01:00Z",
      "2026-03-30T00:30Z",
    ]);
  });
  test("a time of day that is passed twice comes the first time alone, also looked at between the two", () => {
    expect(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 2)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
    expect(times("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45Z", 1)).toEqual(["2026-10-26T01:30Z"]);
    expect(times("30 1 * * *", "America/New_York", "2026-10-31T12:00Z", 2)).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-02T06:30Z",
    ]);
  });
  test("every hour is every hour that passes, both ways", () => {
    const hours = (after: string) => times("0 * * * *", "Europe/Berlin", after, 4);
    expect(hours("2026-03-28T23:30Z")).toEqual([0, 1, 2, 3].map((hour) => `2026-03-29T0${hour}:00Z`));
    expect(hours("2026-10-24T23:30Z")).toEqual([0, 1, 2, 3].map((hour) => `2026-10-25T0${hour}:00Z`));
  });
  test("clocks that move by half an hour, and zones without such days", () => {
    expect(times("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", 2)).toEqual([
      "2026-10-03T15:30Z",
      "2026-10-04T15:15Z",
    ]);
    expect(times("0 6 * * *", "Asia/Shanghai", "2026-03-28T23:00Z", 2)).toEqual([
      "2026-03-29T22:00Z",
      "2026-03-30T22:00Z",
    ]);
  });
});

describe("ends of months", () => {
  test("the 31st comes in months that have one, L in all", () => {
    expect(times("0 6 31 * *", "UTC", "2026-01-31T06:00Z", 2)).toEqual(["2026-03-31T06:00Z", "2026-05-31T06:00Z"]);
    expect(times("0 6 L * *", "UTC", "2026-01-31T06:00Z", 3)).toEqual([
      "2026-02-28T06:00Z",
      "2026-03-31T06:00Z",
      "2026-04-30T06:00Z",
    ]);
    expect(times("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", 2)).toEqual(["2028-02-29T00:00Z", "2032-02-29T00:00Z"]);
  });
  test("of two kinds of day either will do, and a day's end is that of the zone", () => {
    expect(times("0 0 1 * MON", "UTC", "2026-01-26T00:00Z", 3)).toEqual([
      "2026-02-01T00:00Z",
      "2026-02-02T00:00Z",
      "2026-02-09T00:00Z",
    ]);
    expect(times("30 23 L * *", "America/Los_Angeles", "2026-01-15T00:00Z", 1)).toEqual(["2026-02-01T07:30Z"]);
  });
});

it("comes strictly after the time it is asked for", () => {
  expect(nextTime("0 6 * * *", "UTC", new Date("2026-01-01T06:00:00Z"))?.toISOString()).toBe(
    "2026-01-02T06:00:00.000Z",
  );
  expect(nextTime("0 6 * * *", "UTC", new Date("2026-01-01T05:59:59.999Z"))?.toISOString()).toBe(
    "2026-01-01T06:00:00.000Z",
  );
});

it.each([
  ["*/5 * * * *", "UTC"],
  ["0 6 * * 1", "Asia/Shanghai"],
  ["0,30 8-18/2 1-15,L jan-jun MON-FRI", "Europe/Berlin"],
  ["0 6 * * 7", "America/New_York"],
  ["58 23 31 12 *", "UTC"],
  ["  0   6 1 * *  ", "Etc/UTC"],
])("takes %j in %s", (cron, timeZone) => {
  expect(cronProblems(cron, timeZone, from)).toEqual([]);
  expect(() => checkCron(cron, timeZone, from)).not.toThrow();
});

it.each([
  ["", /has 0 fields; write five/],
  ["0 6 * *", /has 4 fields/],
  ["0 0 6 * * *", /has 6 fields/],
  ["@noon", /"@noon" is no name of times; write @annually, @daily,/],
  ["60 6 * * *", /^minute: "60" cannot be read; write 0 to 59/],
  ["0 24 * * *", /^hour: "24"/],
  ["0 6 0 * *", /^day of the month: "0" cannot be read; write 1 to 31, \*, L for the last day/],
  ["0 6 * FOO *", /^month: "FOO" cannot be read; write 1 to 12, JAN–DEC/],
  ["0 6 * * FRI-MON", /^day of the week: FRI-MON runs backwards/],
  ["0 6 * * MON#1", /^day of the week: "MON#1"/],
  ["0 6 15W * *", /^day of the month: "15W"/],
  ["0 L * * *", /^hour: "L"/],
  ["*/0 * * * *", /^minute: \/0 is no step/],
  ["5/15 * * * *", /^minute: \/15 needs a range before it; write 5-59\/15/],
  ["1,,2 6 * * *", /^minute: "" cannot be read/],
  ["0 0 31 2,4,6 *", /never comes/],
  ["* * * * *", /more often than every 5 minutes/],
  ["*/4 6 * * *", /more often than every 5 minutes/],
  ["2,58 5,6 * * *", /more often than every 5 minutes/],
  ["58,2 0,23 31,1 * *", /more often than every 5 minutes/],
])("refuses %j, and says where and what to write", (cron, message) => {
  const problems = cronProblems(cron, "UTC", from);
  expect(problems.map(({ at }) => at)).toEqual(["cron"]);
  expect(problems[0]?.message.en).toMatch(message);
  expect(problems[0]?.message["zh-CN"]).toMatch(/\p{Script=Han}/u);
  expect(() => checkCron(cron, "UTC", from)).toThrow(expect.objectContaining({ code: "usage" }));
});

it.each(["Mars/Olympus", "+02:00", "", "Europe/Berlin "])("refuses the time zone %j", (timeZone) => {
  expect(cronProblems("0 6 * * *", timeZone, from)).toMatchObject([{ at: "timeZone" }]);
});

test("names of times are the fields that they stand for", () => {
  expect(cronProblems("@hourly", "UTC", from)).toEqual([]);
  expect(times("@hourly", "UTC", "2026-01-01T00:30Z", 2)).toEqual(["2026-01-01T01:00Z", "2026-01-01T02:00Z"]);
  expect(times("@Daily", "Europe/Berlin", "2026-01-01T00:30Z", 1)).toEqual(["2026-01-01T23:00Z"]);
  expect(times("@weekly", "UTC", "2026-01-01T00:00Z", 1)).toEqual(["2026-01-04T00:00Z"]);
  expect(times("@monthly", "UTC", "2026-01-01T00:00Z", 1)).toEqual(["2026-02-01T00:00Z"]);
});
