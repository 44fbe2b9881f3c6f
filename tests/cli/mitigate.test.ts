import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PhiloxStream } from "@assay/compute";
import { Report } from "@assay/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assay } from "./assay.ts";

let folder: string;

const plan = (columns: string, extra = ""): string => `version: 1
project: test
data: { file: rows.csv }
columns: { label: hired, protected: [sex], ${columns} }
${extra}`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-mitigate-"));
  const random = new PhiloxStream(8, 8);
  const lines = ["sex,years,town,score,hired"];
  for (let row = 0; row < 800; row++) {
    const sex = row % 2 === 0 ? "f" : "m";
    const skill = random.normal() + (sex === "m" ? 0.7 : 0);
    const hired = random.uniform() < 1 / (1 + Math.exp(-1.5 * skill)) ? 1 : 0;
    const score = Math.max(1, Math.min(10, Math.round(5.5 + 2 * skill)));
    lines.push(
      `${sex},${(skill + random.normal() / 3).toFixed(3)},${row % 3 === 0 ? "Bern" : "Oslo"},${score},${hired}`,
    );
  }
  writeFileSync(join(folder, "rows.csv"), `${lines.join("\n")}\n`);
  const settings = "audits: { fairness.mitigation: { replicates: 199, frontier: 3 } }";
  // Rules that another audit's numbers answer stay behind.
  const rules = "rules: [{ metric: selection-rate-ratio, by: sex, at_least: 0.99 }]";
  writeFileSync(join(folder, "score.yaml"), plan("score: score", `${settings}\n${rules}`));
  writeFileSync(join(folder, "features.yaml"), plan("positive: 1, features: [years, town, sex]", settings));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(out: string): Report {
  return Report.parse(JSON.parse(readFileSync(join(folder, out, "before-after.json"), "utf8")));
}

describe("assay mitigate", () => {
  it.each([
    ["threshold", "score.yaml", ["thresholds.json", "model.onnx"]],
    ["reweigh", "features.yaml", ["weights.csv", "model.onnx"]],
    ["resample", "features.yaml", ["resampled.csv", "model.onnx"]],
    ["repair", "features.yaml", ["repaired.csv"]],
    ["reduce", "features.yaml", ["model.onnx"]],
  ])(
    "%s writes a report that verifies, and what can be deployed",
    { timeout: 120_000 },
    async (method, file, files) => {
      const out = `out-${method}`;
      const ran = await assay(
        ["mitigate", file, "--method", method, "--by", "sex", "--tolerance", "0.02", "--out", out],
        {
          cwd: folder,
        },
      );
      expect(ran.stderr.replaceAll(/^ *\d+ % .*\n/gm, "")).toBe("");
      expect(ran.code).toBe(0);
      expect(readdirSync(join(folder, out)).sort()).toEqual(["before-after.json", "decisions.csv", ...files].sort());
      const [audit, ...others] = report(out).audits;
      expect(others).toEqual([]);
      expect(audit).toMatchObject({ id: "fairness.mitigation", status: "completed" });
      expect(report(out).plan.audits?.["fairness.mitigation"]).toMatchObject({
        method,
        by: ["sex"],
        tolerance: 0.02,
        replicates: 199,
      });
      expect(audit?.artifacts.map(({ name }) => name).sort()).toEqual(["decisions.csv", ...files].sort());
      expect((await assay(["verify", join(out, "before-after.json")], { cwd: folder })).code).toBe(0);
    },
  );

  it("writes thresholds as a model that every audit can be run on", { timeout: 120_000 }, async () => {
    const args = ["mitigate", "score.yaml", "--method", "threshold", "--by", "sex", "--constraint", "equalized-odds"];
    expect((await assay([...args, "--out", "model"], { cwd: folder })).code).toBe(0);
    writeFileSync(
      join(folder, "again.yaml"),
      `${plan("features: [score, sex]", "audits: { fairness.group-metrics: {}, explainability.shapley: { output: probability } }")}
model: { file: model/model.onnx }`,
    );
    const ran = await assay(["run", "again.yaml", "--out", "again"], { cwd: folder });
    expect(ran.code, ran.stderr).toBe(0);
    const again = Report.parse(JSON.parse(readFileSync(join(folder, "again/report.json"), "utf8")));
    expect(again.audits.map(({ id, status }) => [id, status])).toEqual([
      ["explainability.shapley", "completed"],
      ["fairness.group-metrics", "completed"],
    ]);
  });

  it("prints measures and findings as JSON", { timeout: 120_000 }, async () => {
    const ran = await assay(
      ["mitigate", "score.yaml", "--method", "threshold", "--by", "sex", "--json", "--out", "j"],
      {
        cwd: folder,
      },
    );
    const told = JSON.parse(ran.stdout);
    expect(told.digest).toBe(report("j").digest);
    expect(told.findings.length).toBeGreaterThan(1);
  });

  it.each([
    [["--method", "threshold"], /required option '--by <column>'/],
    [["--by", "sex"], /required option '--method <name>'/],
    [["--method", "polish", "--by", "sex"], /audits.*fairness\.mitigation.*method/s],
    [["--method", "threshold", "--by", "sx"], /"sx" is not a protected column; did you mean "sex"\?/],
    [["--method", "threshold", "--by", "sex", "--tolerance", "2"], /--tolerance takes a number from 0 to 1, not "2"/],
    [["--method", "threshold", "--by", "sex", "--constraint", "equality"], /constraint/],
    [["--method", "reduce", "--by", "sex"], /reduce learns from features: name columns\.features/],
  ])("%j is refused with exit code 2, and nothing is written", async (args, message) => {
    const ran = await assay(["mitigate", "score.yaml", ...args, "--out", "none"], { cwd: folder });
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(2);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
