import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { metrics } from "../../packages/audits/src/metrics/index.ts";
import { intervalMethods } from "../../packages/audits/src/metrics/interval-methods.ts";
import { root } from "../paths.ts";
import { holds, quick, runStudy } from "./study.ts";

const page = join(root, "docs/methods/coverage.md");

describe("numbers that can be trusted", () => {
  test("every metric has its interval method in the table, and no other name stands there", () => {
    expect(Object.keys(intervalMethods).sort()).toEqual(metrics.map((metric) => metric.name).sort());
  });

  test("the committed study covers every metric: its interval, its difference and ratio, its range and its test", () => {
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, "utf8");
    const shares = /^\*Shares\* are ([^:]+):/m.exec(text)?.[1]?.split(", ") ?? [];
    const sections = text.split(/^## /m);
    const section = (title: string): string => sections.find((one) => one.startsWith(title)) ?? "";
    const titles = [
      "Single\n",
      "Single, weighted",
      "Difference of two groups",
      "Ratio of two groups",
      "Max − min",
      "Min / max",
      "Size of the test",
    ];
    for (const title of titles) {
      const rows = section(title)
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .flatMap(
          (line) =>
            line
              .split("|")[1]
              ?.split(",")
              .map((name) => name.trim()) ?? [],
        )
        .flatMap((name) => (name === "shares" ? shares : [name]));
      const missing = metrics.filter((metric) => metric.shape.kind !== "count" && !rows.includes(metric.name));
      expect(
        missing.map((metric) => metric.name),
        title,
      ).toEqual([]);
    }
    expect(section("Methods")).toContain("| count |");
  });

  test("a small seeded study keeps to the bounds", async () => {
    const checks = await runStudy(quick);
    const short = checks.filter((check) => !holds(check));
    expect(short.map((check) => `${check.section}, ${check.metric}, ${check.scenario}: ${check.value}`)).toEqual([]);
    const covered = new Set(checks.map((check) => check.metric));
    expect(metrics.filter((metric) => metric.shape.kind !== "count" && !covered.has(metric.name))).toEqual([]);
  });
});
