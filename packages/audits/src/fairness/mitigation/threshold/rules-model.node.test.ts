import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDevice } from "@assay/compute";
import { openModel } from "@assay/models/node";
import { expect, it } from "vitest";
import type { Corner } from "./hull.ts";
import { acceptance, type Mixture } from "./mixture.ts";
import { writeRules } from "./rules-model.ts";

const corner = (threshold: number): Corner => ({ threshold, positive: 0, negative: 0 });
const mixture = (...parts: readonly (readonly [number, number])[]): Mixture =>
  parts.map(([threshold, probability]) => ({ corner: corner(threshold), probability }));

it("gives as a model what the rules say of every row, groups unseen and missing among them", async () => {
  const rules = [
    { values: ["a", "x"], rule: mixture([Number.POSITIVE_INFINITY, 0.25], [7, 0.5], [3.5, 0.25]) },
    { values: ["a", "y"], rule: mixture([5, 1]) },
    { values: ['=HYPERLINK("u")', "x"], rule: mixture([8, 0.75], [Number.NEGATIVE_INFINITY, 0.25]) },
    { values: ["西安 🙂", "y"], rule: mixture([Number.POSITIVE_INFINITY, 1]) },
    { values: ["c", "x"], rule: mixture([Number.NEGATIVE_INFINITY, 1]) },
  ];
  const others = mixture([6, 0.5], [2, 0.5]);
  const folder = mkdtempSync(join(tmpdir(), "assay-rules-"));
  const device = await openDevice("cpu");
  try {
    writeFileSync(join(folder, "model.onnx"), writeRules({ score: "decile", by: ["race", "sex"], rules, others }));
    const model = await openModel(join(folder, "model.onnx"), {});
    const races = [...new Set(rules.map(({ values }) => values[0] ?? "")), "never seen", ""];
    const sexes = ["x", "y", "z"];
    const scores = [-1, 0, 2, 3.4999, 3.5, 5, 6, 6.999, 7, 8, 100];
    const rows = races.flatMap((race) => sexes.flatMap((sex) => scores.map((score) => ({ race, sex, score }))));
    const expected = rows.map(({ race, sex, score }) =>
      acceptance(rules.find(({ values }) => values[0] === race && values[1] === sex)?.rule ?? others, score),
    );
    expect(model.inputs.map(({ name, kind }) => [name, kind])).toEqual([
      ["decile", "number"],
      ["race", "category"],
      ["sex", "category"],
    ]);
    const { outputs } = await model.predict(
      [
        Float64Array.from(rows, ({ score }) => score),
        { levels: races, codes: Uint32Array.from(rows, ({ race }) => races.indexOf(race)) },
        { levels: sexes, codes: Uint32Array.from(rows, ({ sex }) => sexes.indexOf(sex)) },
      ],
      { device },
    );
    const [output] = outputs;
    expect(output?.kind).toBe("probabilities");
    const values = output?.kind === "probabilities" ? Array.from(output.values) : [];
    expect(values).toHaveLength(expected.length);
    // Chances are written as float32.
    for (const [row, value] of values.entries())
      expect(Math.abs(value - (expected[row] ?? -1)), `${row}`).toBeLessThan(1e-7);
    await model.dispose();
  } finally {
    device.dispose();
    rmSync(folder, { recursive: true });
  }
});
