import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AuditResult, locales, type Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** ProPublica's confusion tables; one cell is moved: 400 of the white false negatives become true positives. */
function table(whiteFalseNegatives: number): string {
  return [
    "race,label,decision,count",
    "Black,0,0,990",
    "Black,0,1,805",
    "Black,1,0,532",
    "Black,1,1,1369",
    "white,0,0,1139",
    "white,0,1,349",
    `white,1,0,${whiteFalseNegatives}`,
    "white,1,1,505",
  ].join("\n");
}

let folder: string;
let before: Report;
let after: Report;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-cell-"));
  const run = async (cell: number): Promise<Report> => {
    writeFileSync(join(folder, "counts.csv"), table(cell));
    return audit(
      {
        version: 1,
        data: { counts: "counts.csv" },
        columns: { label: "label", decision: "decision", protected: ["race"] },
        audits: { "fairness.group-metrics": {} },
        rules: [{ metric: "false-negative-rate-difference", by: "race", at_most: 0.15 }],
      },
      { folder },
    );
  };
  before = await run(461);
  after = await run(150);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const metrics = (report: Report): AuditResult => {
  const found = report.audits.find((one) => one.id === "fairness.group-metrics");
  if (!found) throw new Error("the report has no group metrics");
  return found;
};

describe("one changed cell", () => {
  it("changes the number", () => {
    const rate = (report: Report) =>
      metrics(report).measures.find((one) => one.metric === "false-negative-rate" && one.group?.race === "white")
        ?.value;
    expect(rate(before)).toBeCloseTo(461 / 966, 12);
    expect(rate(after)).toBeCloseTo(150 / 655, 12);
  });

  it("changes the verdict of the gate", () => {
    expect(before.gate.verdict).toBe("fail");
    expect(after.gate.verdict).toBe("pass");
  });

  it.each(locales)("changes the sentences (%s)", (locale) => {
    const sentences = (report: Report) =>
      metrics(report)
        .findings.filter((one) => one.id.includes("false-negative-rate"))
        .map((one) => one.text[locale])
        .join("\n");
    expect(sentences(before)).toMatch(/47\.7/);
    expect(sentences(after)).not.toMatch(/47\.7/);
    expect(before.gate.rules[0]?.text[locale]).not.toBe(after.gate.rules[0]?.text[locale]);
  });

  it("changes the figure and the table", () => {
    const figures = (report: Report) => JSON.stringify(metrics(report).figures);
    const tables = (report: Report) => JSON.stringify(metrics(report).tables);
    expect(figures(before)).toContain(String(461 / 966));
    expect(figures(after)).not.toContain(String(461 / 966));
    expect(tables(before)).toContain(String(461 / 966));
    expect(tables(after)).not.toContain(String(461 / 966));
  });

  it("changes the digests of data, audit and gate, and leaves the plan's", () => {
    expect(after.sections.plan).toBe(before.sections.plan);
    expect(after.sections.data).not.toBe(before.sections.data);
    expect(after.sections.gate).not.toBe(before.sections.gate);
    expect(after.digest).not.toBe(before.digest);
  });
});
