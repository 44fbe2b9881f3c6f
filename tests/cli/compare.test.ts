import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Comparison } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assay } from "./assay.ts";

let folder: string;

/** 400 people; version 2 turns every third negative decision about group b into a positive one, rightly or not. */
function table(version: 1 | 2, order: "down" | "up"): string {
  const rows = Array.from({ length: 400 }, (_, index) => {
    const group = index % 2 === 0 ? "a" : "b";
    const label = index % 5 < 2 ? 1 : 0;
    const first = index % 7 < 3 ? label : 0;
    return [`p${index}`, group, label, version === 2 && group === "b" && index % 3 === 0 ? 1 : first].join(",");
  });
  if (order === "up") rows.reverse();
  return ["id,group,label,decision", ...rows].join("\n");
}

const plan = (file: string, more = "") => `version: 1
project: loans
data: { file: ${file} }
columns: { ${more}label: label, decision: decision, protected: [group] }
audits: { fairness.group-metrics: { replicates: 500 } }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-compare-"));
  writeFileSync(join(folder, "v1.csv"), table(1, "down"));
  writeFileSync(join(folder, "v2.csv"), table(2, "up"));
  writeFileSync(join(folder, "v1.yaml"), plan("v1.csv", "id: id, "));
  writeFileSync(join(folder, "v2.yaml"), plan("v2.csv", "id: id, "));
  writeFileSync(join(folder, "v1-no-id.yaml"), plan("v1.csv"));
  writeFileSync(join(folder, "v2-no-id.yaml"), plan("v2.csv"));
  for (const name of ["v1", "v2"]) {
    const { code } = await assay(["run", `${name}.yaml`, "--out", name], { cwd: folder });
    expect(code).toBe(0);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("assay compare", () => {
  it("pairs the rows of two plans by id, prints what changed and writes the comparison", async () => {
    const { code, stdout } = await assay(["compare", "v1.yaml", "v2.yaml", "--replicates", "500", "--out", "out"], {
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/400 rows paired by "id"/);
    const comparison = Comparison.parse(JSON.parse(readFileSync(join(folder, "out", "comparison.json"), "utf8")));
    const one = (metric: string, group: string) =>
      comparison.measures.find((measure) => measure.metric === metric && measure.group?.group === group);
    expect(one("selection-rate", "b")).toMatchObject({ verdict: "changed", method: "mcnemar", n: 200 });
    expect(one("selection-rate", "a")).toMatchObject({ difference: 0, verdict: "no-evidence" });
    expect(comparison.pairing).toMatchObject({ kind: "id", rows: 400, onlyA: 0, onlyB: 0, disagree: 0 });
  });

  it("gives the same numbers every time, others only by another seed", async () => {
    const args = ["compare", "v1.yaml", "v2.yaml", "--replicates", "300", "--json"];
    const [one, two, other] = [
      await assay(args, { cwd: folder }),
      await assay(args, { cwd: folder }),
      await assay([...args, "--seed", "9"], { cwd: folder }),
    ];
    expect(two.stdout).toBe(one.stdout);
    expect(other.stdout).not.toBe(one.stdout);
  });

  it("says why it cannot pair rows, and compares the two reports instead", async () => {
    const { code, stdout } = await assay(["compare", "v1-no-id.yaml", "v2-no-id.yaml"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Not paired, because the data files differ .*columns\.id/);
  });

  it("compares reports and their folders; a report with itself is the same", async () => {
    const same = await assay(["compare", "v1", "v1/report.json"], { cwd: folder });
    expect([same.code, same.stdout.split("\n")[0]]).toEqual([0, "The two are the same."]);
    const { code, stdout } = await assay(["compare", "v1", "v2", "--lang", "zh-CN"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/未配对（报告中不含数据行）/);
  });

  it.each([
    [["v1.yaml"], /second|missing required argument 'b'/],
    [["v1.yaml", "v2"], /v1\.yaml is a plan and v2 a report/],
    [["v1.yaml", "nowhere.yaml"], /no plan or report at nowhere\.yaml/],
    [["v1", "v2", "--seed", "3"], /--seed is for plans/],
    [["v1.yaml", "v2.yaml", "--confidence", "95"], /--confidence takes a number between 0\.5 and 1/],
    [["v1.yaml", "v2.yaml", "--replicates", "5"], /--replicates/],
    [["v1.csv", "v2.yaml"], /v1\.csv is a data file/],
  ])("%j ends with 2 and says why", async (args, why) => {
    const { code, stderr, stdout } = await assay(["compare", ...args], { cwd: folder });
    expect(stderr).toMatch(why);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("refuses a report that was changed after it was sealed", async () => {
    mkdirSync(join(folder, "changed"));
    const text = readFileSync(join(folder, "v1", "report.json"), "utf8").replace('"loans"', '"other"');
    writeFileSync(join(folder, "changed", "report.json"), text);
    const { code, stderr } = await assay(["compare", "v1", "changed"], { cwd: folder });
    expect(stderr).toMatch(/changed after it was sealed/);
    expect(code).toBe(2);
  });

  it("refuses ids that repeat, with their rows", async () => {
    writeFileSync(join(folder, "twice.csv"), `${table(1, "down")}\np3,a,1,1\n`);
    writeFileSync(join(folder, "twice.yaml"), plan("twice.csv", "id: id, "));
    const { code, stderr } = await assay(["compare", "twice.yaml", "v2.yaml"], { cwd: folder });
    expect(stderr).toMatch(/twice\.yaml: rows 4 and 401 .* same id/);
    expect(code).toBe(2);
  });
});
