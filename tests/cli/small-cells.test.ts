import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyReport } from "@assay/report/text";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assay } from "./assay.ts";

let folder: string;
/** Of group d, 3 people; c is the next smallest, of 41. */
const counts = [
  ["a", 200, 151],
  ["b", 120, 90],
  ["c", 21, 20],
  ["d", 2, 1],
] as const;
const plan = `version: 1
project: small
data: { counts: counts.csv }
columns: { label: label, decision: decision, protected: [group] }
audits: { fairness.group-metrics: { replicates: 200 }, fairness.impact-ratio: {} }
rules: [{ metric: selection-rate-difference, by: group, at_most: 0.1 }]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-small-"));
  const lines = counts.flatMap(([group, yes, no]) => [
    `${group},1,1,${yes - Math.floor(yes / 3)}`,
    `${group},0,1,${Math.floor(yes / 3)}`,
    `${group},0,0,${no}`,
  ]);
  writeFileSync(join(folder, "counts.csv"), `group,label,decision,count\n${lines.join("\n")}\n`);
  writeFileSync(join(folder, "audit.yaml"), `${plan}suppress_below: 5\n`);
  writeFileSync(join(folder, "open.yaml"), plan);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("are withheld in every format, under digests that hold, and again when the report is recomputed", async () => {
  const ran = await assay(["run", "audit.yaml", "--format", "json,html,md,csv", "--threads", "1"], { cwd: folder });
  expect([0, 1, 3], ran.stderr).toContain(ran.code);
  const read = (name: string): string => readFileSync(join(folder, "assay-report", name), "utf8");
  const report = Report.parse(JSON.parse(read("report.json")));
  expect(verifyReport(JSON.parse(read("report.json"))).ok).toBe(true);
  const count = (group: string) =>
    report.audits
      .flatMap(({ measures }) => measures)
      .filter((one) => one.metric === "count" && one.group?.group === group)
      .map(({ value, n }) => [value, n]);
  expect(count("a").every(([value]) => value === 351)).toBe(true);
  for (const group of ["c", "d"])
    expect(count(group).every(([value, n]) => value === null && n === undefined)).toBe(true);
  // 3 of 604 rows, and 41: what is told of them anywhere would be one of these.
  for (const name of ["report.md", "report.html"]) {
    const text = read(name);
    expect(text, name).toMatch(/fewer than 5 people/);
    expect(text, name).not.toMatch(/\bn = (?:3|41)\b/);
  }
  expect(read("report.csv")).toMatch(/withheld: fewer than 5 people could be read from it/);
  const again = await assay(["verify", "assay-report/report.json", "--plan", "audit.yaml"], { cwd: folder });
  expect(again.stdout).toMatch(/^Good\./);
  // The bound is the report's where the plan has none; the plan's own digest tells that it has one.
  const open = await assay(["verify", "assay-report/report.json", "--plan", "open.yaml", "--json"], { cwd: folder });
  expect(JSON.parse(open.stdout)).toMatchObject({ good: true, differences: [] });
});
