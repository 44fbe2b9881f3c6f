import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDevice } from "@assay/compute";
import { readPlan } from "@assay/schema";
import { describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import { largestFileBytes } from "../read-limits.ts";
import { operators } from "./operators/index.ts";

const path = fileURLToPath(new URL("../../../../docs/models.md", import.meta.url));

describe.skipIf(!existsSync(path))("docs/models.md", () => {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const blocks = (language: string): string[] =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");

  it("names every operator that is compiled, and the limit of a file", () => {
    const [, list = ""] = /The report says which ran\.\n\n([\s\S]*?)\.\n/.exec(text) ?? [];
    expect(list.split(/,\s+/)).toEqual(operators.map((one) => one.name));
    expect(text).toContain("up to 2 GiB");
    expect(largestFileBytes).toBe(2 ** 31 - 1);
  });

  it("shows a plan that is read as it stands, with its model", () => {
    const [plan = ""] = blocks("yaml");
    expect(readPlan(plan).model?.file).toBe("model.onnx");
  });

  it("shows models as JSON that run as they stand", async () => {
    const examples = blocks("json");
    expect(examples).toHaveLength(2);
    const device = await openDevice("cpu");
    for (const example of examples) {
      const model = await openModel(new TextEncoder().encode(example), { name: "model.json" });
      const [output] = (await model.predict([Float64Array.of(1), Float64Array.of(2)], { device })).outputs;
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      expect(output.values[0]).toBeGreaterThan(0);
      expect(output.values[0]).toBeLessThan(1);
      await model.dispose();
    }
    device.dispose();
  });
});
