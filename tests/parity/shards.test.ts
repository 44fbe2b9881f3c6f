import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "@assay/audits";
import type { PlanInput } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compasFile, hasShared } from "../paths.ts";

/** Trees have no gradients: the audits that follow these are held to a network. */
const ofTrees = registry.filter(({ needs }) => needs.model !== "gradient");
const ofNetworks = registry.filter(({ needs }) => needs.model === "gradient");

/** A plan that gives every other audit of the registry what it needs. */
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
    time: "compas_screening_date",
  },
  feedback: {
    cells: ["African-American", "Caucasian", "Hispanic"].map((race, place) => ({
      ...({ month: "2014-03", state: "upheld", decision: null, group: { race }, count: 9 + 7 * place } as const),
    })),
  },
  rules: [{ metric: "false-positive-rate-difference", by: "race", at_most: 0.1 }],
  // How long a model takes is measured anew in every run: briefly here.
  audits: { ...Object.fromEntries(ofTrees.map(({ id }) => [id, {}])), "efficiency.latency": { seconds: 0.1 } },
  seed: 7,
};

/** Two boosted trees over the features: priors, then age and the charge. */
const model = {
  kind: "gbt",
  aggregate: "sum",
  base: -0.2,
  learning_rate: 0.5,
  link: "logistic",
  n_features: 4,
  trees: [
    {
      feature: [0, -2, 1, -2, -2],
      threshold: [2.5, -2, 35.5, -2, -2],
      left: [1, -1, 3, -1, -1],
      right: [2, -1, 4, -1, -1],
      cover: [100, 60, 40, 15, 25],
      value: [0, -0.8, 0, 1.4, 0.6],
    },
    {
      feature: [1, 2, -2, -2, -2],
      threshold: [24.5, 0.5, -2, -2, -2],
      left: [1, 2, -1, -1, -1],
      right: [4, 3, -1, -1, -1],
      cover: [100, 30, 18, 12, 70],
      value: [0, 0, 0.9, 0.4, -0.3],
    },
  ],
};

/** A small network over three numbers: priors, age and juvenile felonies. */
const network = {
  kind: "mlp",
  activation: "tanh",
  out: "logistic",
  coefs: [
    [
      [0.11, -0.05],
      [-0.03, 0.02],
      [0.4, 0.1],
    ],
    [[1.2], [-0.9]],
  ],
  intercepts: [[0.3, -0.4], [0.1]],
  classes: [0, 1],
};

let folder: string;
let weighted: PlanInput;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-shards-"));
  writeFileSync(join(folder, "model.json"), JSON.stringify(model));
  writeFileSync(join(folder, "network.json"), JSON.stringify(network));
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
      const plan: PlanInput = {
        ...compas,
        model: { file: join(folder, "model.json"), categories: { c_charge_degree: ["F", "M", "O"] } },
      };
      const one = await audit(plan, { shards: 1, threads: 1 });
      expect(one.audits.map((result) => [result.id, result.status])).toEqual(
        ofTrees.map((each) => [each.id, "completed"]),
      );
      for (const options of [
        { shards: 7, threads: 1 },
        { shards: 64, threads: 1 },
        { shards: 64, threads: 2 },
      ]) {
        const other = await audit(plan, options);
        expect(other.environment).toMatchObject(options);
        const { audits: ofOther, ...restOfOther } = other.sections;
        const { audits: ofOne, ...rest } = one.sections;
        expect(restOfOther, JSON.stringify(options)).toEqual(rest);
        expect(Object.keys(ofOther)).toEqual(Object.keys(ofOne));
        for (const { id } of ofTrees) {
          if (id === "efficiency.latency") continue;
          expect(other.sections.audits[id], `${id} ${JSON.stringify(options)}`).toBe(one.sections.audits[id]);
        }
        expect(other.digest).toBe(one.digest);
      }
    },
    400_000,
  );

  it.skipIf(!hasShared)(
    "for audits that follow a network's gradients",
    async () => {
      const plan: PlanInput = {
        ...compas,
        columns: { ...compas.columns, features: ["priors_count", "age", "juv_fel_count"] },
        model: { file: join(folder, "network.json") },
        audits: Object.fromEntries(ofNetworks.map(({ id }) => [id, {}])),
        rules: [],
      };
      const one = await audit(plan, { shards: 1, threads: 1 });
      expect(one.audits.map(({ id, status }) => [id, status])).toEqual(ofNetworks.map(({ id }) => [id, "completed"]));
      for (const options of [
        { shards: 7, threads: 1 },
        { shards: 64, threads: 2 },
      ]) {
        const other = await audit(plan, options);
        expect(other.sections).toEqual(one.sections);
        expect(other.digest).toBe(one.digest);
      }
    },
    120_000,
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
