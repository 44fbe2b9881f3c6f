import { expect, test } from "vitest";
import { standOf } from "./stand.ts";

const last = (status: "queued" | "running" | "completed" | "failed", verdict: "pass" | "fail" | "none" | null) => ({
  runs: 2,
  lastRun: { status, verdict },
});

test("the overview opens with the worst last run", () => {
  expect(standOf([last("completed", "pass"), last("failed", null), last("completed", "fail")])).toEqual({
    kind: "failing",
    count: 1,
    runs: 6,
  });
  expect(standOf([last("completed", "pass"), last("failed", null)]).kind).toBe("broken");
  expect(standOf([last("running", null), last("completed", "none")]).kind).toBe("running");
});

test("never calls it good before a run is complete", () => {
  expect(standOf([{ runs: 0, lastRun: null }])).toEqual({ kind: "unknown", count: 0, runs: 0 });
  expect(standOf([last("completed", "pass"), { runs: 0, lastRun: null }])).toEqual({ kind: "good", count: 1, runs: 2 });
});
