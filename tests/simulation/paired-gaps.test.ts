import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDevice } from "@assay/compute";
import { expect, test } from "vitest";
import { root } from "../paths.ts";
import { pairedGapChecks } from "./paired-gaps.ts";
import { holds } from "./study.ts";

test("a gap that closes is covered, where percentiles of a bootstrap are not enough", async () => {
  const device = await openDevice("cpu");
  const checks = await pairedGapChecks(device, { simulations: 150, replicates: 99, quick: true });
  device.dispose();
  const short = checks.filter((check) => !holds(check));
  expect(short.map(({ section, scenario, value }) => `${section}, ${scenario}: ${value}`)).toEqual([]);
  const alone = checks.filter(({ section, scenario }) => section.endsWith("alone") && scenario.endsWith("to none"));
  expect(alone.map(({ value }) => value < 0.8)).toEqual([true]);
});

test("the committed study says so of every scenario", () => {
  const page = readFileSync(join(root, "docs/methods/coverage-comparison.md"), "utf8");
  expect(page).toContain("Nothing of what is asked");
  expect(page.match(/^\| selection-rate .* from 0\.2 to none /gm)?.length).toBe(12);
});
