import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDevice } from "@assay/compute";
import { expect, test } from "vitest";
import { root } from "../paths.ts";
import { mitigatedGapChecks } from "./mitigated-gaps.ts";
import { holds } from "./study.ts";

test("a gap that a rule closes is claimed and covered, one that stays is not claimed", async () => {
  const device = await openDevice("cpu");
  const simulations = { fixed: 150, relearned: 12 };
  const checks = await mitigatedGapChecks(device, { simulations, replicates: 99, quick: true });
  device.dispose();
  const short = checks.filter((check) => !holds(check));
  expect(short.map(({ section, scenario, value }) => `${section}, ${scenario}: ${value}`)).toEqual([]);
  const claimed = (section: string): number[] =>
    checks
      .filter((check) => check.section === section && check.scenario.endsWith("to none"))
      .map((check) => check.value);
  // 82 % and 5 % in the study; four standard errors of 150 simulations, and of 15.
  expect(claimed("claims of a change where there is one").map((share) => share > 0.69)).toEqual([true]);
  expect(
    claimed("claims of a change where there is one, by one band over all pairs and both versions").map(
      (share) => share < 0.35,
    ),
  ).toEqual([true]);
});

test("the committed study says so of every scenario", () => {
  const page = readFileSync(join(root, "docs/methods/coverage-mitigation.md"), "utf8");
  expect(page).toContain("Nothing of what is asked");
  const coverage = page.slice(page.indexOf("## Coverage of the change"), page.indexOf("## Claims"));
  // Rules that stay in six worlds, and learned anew with the constraint and without, of 2, 4 and 8 groups.
  expect(coverage.match(/^\| selection-rate /gm)?.length).toBe(24);
});
