import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assay } from "./assay.ts";

let folder: string;
const plan = (audit: string, extra = "") => `version: 1
project: hiring
data: { counts: counts.csv }
columns: { label: label, decision: hired, protected: [sex] }
audits: { ${audit} }
${extra}`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-laws-"));
  const cells = [
    ["F", 63, 117],
    ["M", 100, 100],
    ["X", 3, 1],
    ["", 9, 11],
  ] as const;
  const lines = cells.flatMap(([sex, yes, no]) => [`${sex},1,1,${yes}`, `${sex},1,0,${no}`]);
  writeFileSync(join(folder, "counts.csv"), `sex,label,hired,count\n${lines.join("\n")}\n`);
  const said = 'tool: Screener, audit_date: "2026-02-01"';
  writeFileSync(join(folder, "law.yaml"), plan(`fairness.impact-ratio: { ${said} }`, "policy: nyc-ll144"));
  writeFileSync(join(folder, "small.yaml"), plan("fairness.impact-ratio: {}", "suppress_below: 10"));
  writeFileSync(join(folder, "other.yaml"), plan("fairness.group-metrics: { replicates: 199 }"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (out: string, name: string): string => readFileSync(join(folder, out, name), "utf8");

it("a law's clauses stand in the report, and its public summary is written with what is missing marked", async () => {
  const ran = await assay(["run", "law.yaml", "--format", "ll144", "--out", "law"], { cwd: folder });
  // A law without a bound judges nothing.
  expect(ran.code, ran.stderr).toBe(0);
  const { gate } = Report.parse(JSON.parse(read("law", "report.json")));
  expect(gate).toMatchObject({ verdict: "none", rules: [], policies: [{ id: "nyc-ll144", status: "in-force" }] });
  const page = read("law", "report.ll144.html");
  for (const text of [
    "Screener",
    "2027-02-01",
    "is not the bias audit by an independent auditor",
    "not given",
    "0.70",
  ]) {
    expect(page).toContain(text);
  }
});

it("counts that are withheld stay out of the summary, and out of sums that would tell them", async () => {
  const ran = await assay(["run", "small.yaml", "--format", "ll144", "--out", "small"], { cwd: folder });
  expect(ran.code, ran.stderr).toBe(0);
  const page = read("small", "report.ll144.html");
  const rowOf = (name: string): string =>
    page.split("\n").find((line) => line.includes(`<bdi>${name}</bdi></th>`)) ?? "";
  expect(rowOf("X")).toMatch(/<td class="num">–<\/td><td class="num">–<\/td><td class="num">–<\/td>/);
  expect(page).toMatch(/sex: –/);
  expect(page).not.toMatch(/sex: 384/);
});

it("the summary of a report without its audit is refused, and the report is written all the same", async () => {
  const ran = await assay(["run", "other.yaml", "--format", "ll144,md", "--out", "other"], { cwd: folder });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toMatch(/--format ll144: the summary of Local Law 144 shows fairness\.impact-ratio/);
  expect(existsSync(join(folder, "other", "report.json"))).toBe(true);
  expect(existsSync(join(folder, "other", "report.md"))).toBe(true);
  expect(existsSync(join(folder, "other", "report.ll144.html"))).toBe(false);
});

it("laws are listed beside the audits, and explained one by one", async () => {
  const list = await assay(["audits"], { cwd: folder });
  expect(list.stdout).toMatch(/^nyc-ll144\n {2}New York City Local Law 144 · in force/m);
  const one = await assay(["audits", "colorado-sb26-189", "--lang", "zh-CN"], { cwd: folder });
  expect(one.stdout).toContain("2027-01-01");
  expect(one.stdout).toContain("核对依据");
  const json = await assay(["audits", "eeoc-four-fifths", "--json"], { cwd: folder });
  expect(JSON.parse(json.stdout)).toMatchObject({ id: "eeoc-four-fifths", status: "guidance" });
  const none = await assay(["audits", "nyc-ll14"], { cwd: folder });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "nyc-ll144"?') });
});
