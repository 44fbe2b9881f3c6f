import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "@assay/audits";
import type { PlanInput } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compasFile, hasShared } from "../paths.ts";

/** A plan that gives every audit of the registry what it needs. */
const compas: PlanInput = {
  version: 1,
  data: { file: compasFile },
  columns: {
    label: "two_year_recid",
    positive: "1",
    decision: { column: "decile_score", at_least: 5 },
    score: "decile_score",
    protected: ["race", "sex", { column: "age", breaks: [25, 45] }],
    quasi_identifiers: ["age", "sex", "race"],
    sensitive: ["c_charge_degree"],
    features: ["priors_count", "age", "c_charge_degree", "juv_fel_count"],
    favourable: "negative",
  },
  rules: [{ metric: "false-positive-rate-difference", by: "race", at_most: 0.1 }],
  seed: 7,
};

let folder: string;
let weighted: PlanInput;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-shards-"));
  const lines = ["sex,label,decision,score,w"];
  for (let row = 0; row < 3000; row++) {
    const draw = Math.imul(row + 1, 2654435761) >>> 0;
    const sex = draw % 2 ? "f" : "m";
    lines.push(
      `${sex},${(draw >> 8) % 2},${(draw >> 12) % 3 ? 1 : 0},${((draw >>> 4) % 997) / 997},${0.1 + ((draw >>> 7) % 31) / 7}`,
    );
  }
  writeFileSync(join(folder, "weighted.csv"), lines.join("\n"));
  weighted = {
    version: 1,
    data: { file: join(folder, "weighted.csv") },
    columns: { label: "label", decision: "decision", score: "score", protected: ["sex"], weight: "w" },
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("one report digest", () => {
  it.skipIf(!hasShared)(
    "for 1, 7 and 64 shards, and for 1 and 2 threads, with every audit",
    async () => {
      const one = await audit(compas, { shards: 1, threads: 1 });
      expect(one.audits.map((result) => [result.id, result.status])).toEqual(
        registry.map((each) => [each.id, "completed"]),
      );
      for (const options of [
        { shards: 7, threads: 1 },
        { shards: 64, threads: 1 },
        { shards: 64, threads: 2 },
      ]) {
        const other = await audit(compas, options);
        expect(other.environment).toMatchObject(options);
        expect(other.sections, JSON.stringify(options)).toEqual(one.sections);
        expect(other.digest).toBe(one.digest);
      }
    },
    180_000,
  );

  it("for weighted rows too, whose sums are exact", async () => {
    const one = await audit(weighted, { shards: 1 });
    const other = await audit(weighted, { shards: 64, threads: 2 });
    expect(other.sections).toEqual(one.sections);
    expect(other.digest).toBe(one.digest);
  });

  it("changes with the seed", async () => {
    const one = await audit(weighted, { seed: 1 });
    const other = await audit(weighted, { seed: 2 });
    expect(other.sections.plan).not.toBe(one.sections.plan);
  });
});
