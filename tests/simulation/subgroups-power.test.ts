import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../paths.ts";
import { powerOf, rowOf, type Scenario, scenarios } from "./subgroups-power.ts";

/** Shares that the committed page tells for a scenario: any, exact. */
function toldFor(scenario: Scenario): readonly number[] {
  const head = rowOf({ ...scenario, runs: 1, any: 0, exact: 0 })
    .split(" | ")
    .slice(0, 3)
    .join(" | ");
  const page = readFileSync(join(root, "docs/methods/subgroups-power.md"), "utf8");
  const line = page.split("\n").find((one) => one.startsWith(head));
  expect(line, `${head}: node scripts/subgroups-power.mjs`).toBeDefined();
  return [...(line ?? "").slice(head.length).matchAll(/([\d.]+) %/g)].map((found) => Number(found[1]) / 100);
}

describe("the power of the search for the worst groups", () => {
  test("is told for every scenario, and rises with the group's size and its gap", () => {
    for (const rows of [2_000, 8_000]) {
      const powers = scenarios
        .filter((one) => one.rows === rows && one.extra > 0)
        .map((one) => ({ one, power: toldFor(one)[0] ?? 0 }));
      for (const { one, power } of powers) {
        for (const other of powers) {
          if (other.one.share < one.share || other.one.extra < one.extra) continue;
          // Two shares of 100 runs each: four standard errors of their difference.
          expect(other.power - power, `${JSON.stringify(one)} ${JSON.stringify(other.one)}`).toBeGreaterThan(-0.28);
        }
      }
    }
  });

  test("false alarms stay within 5 % where nobody differs", () => {
    // 1,000 runs each: three standard errors.
    for (const scenario of scenarios.filter((one) => one.extra === 0)) {
      expect(toldFor(scenario)[0]).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 1000));
    }
  });

  test.each(scenarios.filter(({ rows, share, extra }) => rows === 2_000 && share === 0.1 && extra > 0))(
    "a small study of $rows rows, $share with $extra more errors, agrees with the page",
    async (scenario) => {
      const runs = 40;
      const { any, exact } = await powerOf(scenario, runs);
      for (const [index, count] of [any, exact].entries()) {
        const told = toldFor(scenario)[index] ?? Number.NaN;
        // Four standard errors of a share of 40 runs less one of 100, and the page's rounding.
        const share = Math.min(0.9, Math.max(0.1, told));
        expect(Math.abs(count / runs - told)).toBeLessThan(
          4 * Math.sqrt(share * (1 - share) * (1 / 40 + 1 / 100)) + 0.005,
        );
      }
    },
    60_000,
  );
});
