import { expect, test } from "vitest";
import { forward } from "./forward.ts";

test("the bar never moves back when a later round adds steps or an old event comes late", () => {
  const start = { done: 0, total: 0, fraction: 0 };
  const first = forward(start, { done: 3, total: 4 });
  expect(first).toEqual({ done: 3, total: 4, fraction: 0.75 });
  const grown = forward(first, { done: 4, total: 8 });
  expect(grown).toEqual({ done: 4, total: 8, fraction: 0.75 });
  const late = forward(grown, { done: 2, total: 4 });
  expect(late).toEqual(grown);
  expect(forward(late, { done: 8, total: 8 }).fraction).toBe(1);
});

test("a run without steps stands at nothing", () => {
  expect(forward({ done: 0, total: 0, fraction: 0 }, { done: 0, total: 0 }).fraction).toBe(0);
});
