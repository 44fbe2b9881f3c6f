import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { adultColumns, missingAdult } from "../../adult-rows.testing.ts";
import { uploadTable } from "../../device-table.ts";
import { missingModels, referenceForest } from "../../reference-models.testing.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { explain, loadTreeShap } from "./index.ts";

const path = fileURLToPath(new URL("../../../../../../shared/reference/b2_explain.json", import.meta.url));
const why = missingModels ?? missingAdult;

const read = new Map<string, Float32Array[]>();

/** The first 100 rows, as shap explained them and had them for background. */
function first(file: "adult.data" | "adult.test"): Float32Array[] {
  const columns = read.get(file) ?? adultColumns(file).map((column) => column.slice(0, 100));
  read.set(file, columns);
  return columns;
}

const cases = [
  ["rf_adult_TreeExplainer path-dependent 100 rows", "rf100_d8_adult", "path-dependent", "identity"],
  ["rf_adult_TreeExplainer interventional probability 100 rows B=100", "rf100_d8_adult", "interventional", "identity"],
  ["gb_adult_TreeExplainer path-dependent 100 rows", "gb100_d3_adult", "path-dependent", "identity"],
  ["gb_adult_TreeExplainer interventional probability 100 rows B=100", "gb100_d3_adult", "interventional", "logistic"],
] as const;

for (const { label, missing, slow, open } of testDevices) {
  if (slow) continue;
  describe.skipIf(missing !== null || why !== null)(`tree-shap on ${label}${why ? ` (${why})` : ""}`, () => {
    it.each(cases)("gives shap's values to 1e-6: %s", async (key, model, kind, link) => {
      const expected: { base: number[]; values: number[][] } = JSON.parse(readFileSync(path, "utf8"))[key];
      const device = await open();
      const table = uploadTable(device, first("adult.test"));
      const background = kind === "interventional" ? uploadTable(device, first("adult.data")) : null;
      const loaded = await loadTreeShap(device, referenceForest(model), { kind, background, link });
      const { base, values } = await explain(loaded, table);
      const difference = Math.max(
        Math.abs((base[0] ?? 0) - (expected.base.at(-1) ?? 0)),
        ...expected.values.flatMap((row, index) =>
          row.map((one, player) => Math.abs(one - (values[index * 14 + player] ?? 0))),
        ),
      );
      expect(values.length).toBe(1400);
      expect(difference).toBeLessThan(1e-6);
      for (const buffer of [loaded, table, background]) buffer?.free();
      expect(device.allocatedBytes).toBe(0);
      device.dispose();
    });
  });
}
