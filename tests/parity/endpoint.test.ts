import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDevice } from "@assay/compute";
import { openModel } from "@assay/models/node";
import type { PlanInput, Report } from "@assay/schema";
import { audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { send, startEndpoint } from "../endpoint-server.ts";
import { hasShared, shared } from "../paths.ts";

vi.setConfig({ testTimeout: 120_000 });

describe.skipIf(!hasShared)("a model behind an address and the same from its file (../shared)", () => {
  const file = join(shared, "reference/models/rf100_d8_adult.onnx");
  let folder: string;
  let features: string[];
  let categories: Record<string, string[]>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "assay-parity-endpoint-"));
    ({ columns: features, categories } = JSON.parse(
      await readFile(join(shared, "reference/models/adult_encoding.json"), "utf8"),
    ));
    const rows = (await readFile(join(shared, "data/adult.test"), "utf8")).split("\n").slice(1, 1501);
    await writeFile(join(folder, "adult.csv"), `${rows.join("\n")}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (model: PlanInput["model"]): Promise<Report> =>
    audit(
      {
        version: 1,
        data: { file: "adult.csv", header: [...features, "income"] },
        columns: { label: "income", positive: ">50K.", protected: ["sex", "race"], features },
        ...(model === undefined ? {} : { model }),
        audits: {
          "explainability.permutation-importance": { repeats: 2, groups: { money: ["capital-gain", "capital-loss"] } },
          "fairness.group-metrics": { replicates: 500 },
          "impact.classification": {},
        },
        seed: 5,
      },
      { folder },
    );

  it("give the same numbers, to the bit", async () => {
    const device = await openDevice("cpu");
    const forest = await openModel(file);
    const endpoint = await startEndpoint(async ({ rows }, response) => {
      const columns = forest.inputs.map((_, place) =>
        Float64Array.from(rows, (row) => Number(row[features[place] ?? ""])),
      );
      const { outputs } = await forest.predict(columns, { device });
      const main = outputs.find((output) => output.kind === "probabilities");
      if (main?.kind !== "probabilities") return send(response, 500, "no probabilities");
      const { values, width } = main;
      const scores = rows.map((_, row) => Array.from(values.subarray(row * width, (row + 1) * width)));
      send(response, 200, { predictions: scores });
    });
    try {
      const asked = await run({
        endpoint: { url: endpoint.url, batch: 500, concurrent: 2, response: { score: "", classes: ["0", "1"] } },
        categories,
      });
      const opened = await run({ file, categories });
      expect(asked.audits.map(({ id, status }) => [id, status])).toEqual(
        ["explainability.permutation-importance", "fairness.group-metrics", "impact.classification"].map((id) => [
          id,
          "completed",
        ]),
      );
      expect(asked.audits).toEqual(opened.audits);
      expect(asked.environment.modelRuntime).toBe("endpoint");
      expect(opened.environment.modelRuntime).toBe("kernels");
      const shuffled = features.length - 1;
      expect(endpoint.asked.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(1500 * (1 + shuffled * 2));
    } finally {
      await endpoint.close();
      await forest.dispose();
      device.dispose();
    }
  });
});
