import { expect, it } from "vitest";
import { partOf } from "./send-file.ts";

it.each([
  ["bytes=0-", 10, { start: 0, end: 9 }],
  ["bytes=4-", 10, { start: 4, end: 9 }],
  ["bytes=4-6", 10, { start: 4, end: 6 }],
  ["bytes=4-99", 10, { start: 4, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-99", 10, { start: 0, end: 9 }],
  ["bytes=10-", 10, "outside"],
  ["bytes=-0", 10, "outside"],
  ["bytes=0-", 0, "outside"],
  ["bytes=6-4", 10, null],
  ["bytes=0-1,4-5", 10, null],
  ["bytes=-", 10, null],
  ["lines=0-1", 10, null],
  ["bytes=1e3-", 10, null],
])("%j of %i bytes is %j", (range, size, part) => {
  expect(partOf(range, size)).toEqual(part);
});
