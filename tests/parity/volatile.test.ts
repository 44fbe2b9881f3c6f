import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyReport } from "@assay/report/text";
import type { PlanInput, Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportDifferences } from "../../packages/sdk/src/cli/report-differences.ts";
import { shared } from "../paths.ts";

const network = join(shared, "reference/models/mlp_mnist.json.gz");

/** A row's picture: blank but for a few pixels. */
const picture = (row: number): string =>
  Array.from({ length: 784 }, (_, pixel) => ((row * 37 + pixel) % 11 === 0 ? 0.5 : 0)).join(",");

describe.skipIf(!existsSync(network))("the 784-128-64-10 network, measured on this machine", () => {
  let folder: string;
  const names = Array.from({ length: 784 }, (_, pixel) => `p${pixel}`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "assay-volatile-"));
    const rows = Array.from({ length: 20 }, (_, row) => picture(row));
    await writeFile(join(folder, "digits.csv"), `${names.join(",")}\n${rows.join("\n")}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (bound: number): Promise<Report> => {
    const plan: PlanInput = {
      version: 1,
      data: { file: "digits.csv" },
      columns: { features: names },
      model: { file: network },
      audits: { "efficiency.latency": { seconds: 0.3, batches: [1, 16], roofline: false }, "efficiency.profile": {} },
      rules: [
        { metric: "latency-ms", at_most: bound },
        { metric: "multiply-accumulates", at_most: 109_184 },
        { metric: "parameters", at_least: 109_386 },
      ],
    };
    return audit(plan, { folder });
  };

  it("has one digest in every run, though no run gives the same times", async () => {
    const [one, two] = [await run(60_000), await run(60_000)];
    expect(one.audits.map(({ id, status, volatile }) => [id, status, volatile])).toEqual([
      ["efficiency.latency", "completed", true],
      ["efficiency.profile", "completed", undefined],
    ]);
    expect(two.digest).toBe(one.digest);
    expect(two.sections.audits["efficiency.profile"]).toBe(one.sections.audits["efficiency.profile"]);
    expect(two.sections.audits["efficiency.latency"]).not.toBe(one.sections.audits["efficiency.latency"]);
    expect(two.sections.gate).not.toBe(one.sections.gate);
    for (const report of [one, two]) {
      expect(report.gate.verdict).toBe("pass");
      expect(verifyReport(JSON.parse(JSON.stringify(report)))).toMatchObject({ ok: true });
    }
    expect(reportDifferences(one, two)).toEqual({ differences: [], told: [] });
  });

  it("fails its gate where the machine is too slow for the rule, and the digest of the rest stands", async () => {
    const report = await run(0.000001);
    expect(report.gate.verdict).toBe("fail");
    expect(report.gate.rules.map(({ verdict, volatile }) => [verdict, volatile])).toEqual([
      ["fail", true],
      ["pass", undefined],
      ["pass", undefined],
    ]);
    expect(verifyReport(JSON.parse(JSON.stringify(report)))).toMatchObject({ ok: true });
  });
});
