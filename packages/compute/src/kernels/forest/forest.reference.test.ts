import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { adultColumns, missingAdult } from "../../adult-rows.testing.ts";
import { uploadTable, uploadView } from "../../device-table.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { missingModels, referenceForest } from "../../reference-models.testing.ts";
import { testDevices } from "../../test-devices.testing.ts";
import { firstDifference } from "../first-difference.testing.ts";
import { forestAsOnnx } from "./as-onnx.ts";
import { loadForest, predictForest, predictPermuted, prepareForest } from "./index.ts";
import { allRules, randomForest } from "./random-forest.ts";
import { predictForestReference } from "./reference.ts";

const shared = fileURLToPath(new URL("../../../../../../shared/", import.meta.url));
const why = missingModels ?? missingAdult;
const names = ["gb100_d3_adult", "rf100_d8_adult"] as const;

/** Log-odds as scikit-learn makes them a probability. */
const links = {
  gb100_d3_adult: (sum: number) => 1 / (1 + Math.exp(-sum)),
  rf100_d8_adult: (sum: number) => sum,
};

function adult(): { p1: Record<(typeof names)[number], number[]>; accuracy: Record<(typeof names)[number], number> } {
  const { adult } = JSON.parse(readFileSync(`${shared}reference/b2_explain.json`, "utf8"));
  return {
    p1: { gb100_d3_adult: adult.gb_p1, rf100_d8_adult: adult.rf_p1 },
    accuracy: { gb100_d3_adult: adult.gb_acc, rf100_d8_adult: adult.rf_acc },
  };
}

function adultLabels(): boolean[] {
  const lines = readFileSync(`${shared}data/adult.test`, "utf8").split("\n");
  return lines.filter((line) => line.split(",").length === 15).map((line) => line.includes(">50K"));
}

async function onnx(model: Uint8Array, columns: readonly Float32Array[], rows: number): Promise<Float32Array> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const wide = Float32Array.from(
    { length: rows * columns.length },
    (_, at) => columns[at % columns.length]?.[Math.floor(at / columns.length)] ?? 0,
  );
  const [name = ""] = session.inputNames;
  const outputs = await session.run({ [name]: new Tensor("float32", wide, [rows, columns.length]) });
  return outputs[session.outputNames[0] ?? ""]?.data as Float32Array;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < a.length; index++) {
    largest = Math.max(largest, Math.abs((a[index] ?? 0) - (b[index] ?? 0)));
  }
  return largest;
}

for (const { label, missing, slow, open } of testDevices) {
  describe.skipIf(missing !== null || why !== null)(
    `the reference forests on ${label}${why ? ` (${why})` : ""}`,
    () => {
      it.each(names)("gives scikit-learn's probabilities to 1e-12, and ONNX Runtime's to 5e-7: %s", async (name) => {
        const device = await open();
        const all = adultColumns("adult.test");
        const columns = slow ? all.map((column) => column.slice(0, 200)) : all;
        const rows = columns[0]?.length ?? 0;
        const table = uploadTable(device, columns);
        const forest = referenceForest(name);
        const loaded = loadForest(device, forest);
        const sums = await predictForest(loaded, table);
        expect(sums.length).toBe(slow ? 200 : 16_281);
        const probabilities = sums.map(links[name]);
        const { p1, accuracy } = adult();
        expect(largestDifference(probabilities.subarray(0, 200), p1[name])).toBeLessThan(1e-12);
        const model = readFileSync(`${shared}reference/models/${name}.onnx`);
        const theirs = await onnx(model, columns, rows);
        expect(largestDifference(probabilities.subarray(0, 200), theirs.subarray(0, 200))).toBeLessThan(5e-7);
        // ONNX Runtime adds 100 leaves in float32: over all rows it is further from scikit-learn.
        expect(largestDifference(probabilities, theirs)).toBeLessThan(1e-6);
        // The sums of all leaves in float64, one after another, are off by their roundings; these are not.
        expect(largestDifference(sums, predictForestReference(forest, columns, rows))).toBeLessThan(1e-13);
        if (!slow) {
          const labels = adultLabels();
          const right = probabilities.filter((p, row) => p > 0.5 === labels[row]).length;
          expect(right / rows).toBe(accuracy[name]);
        }
        loaded.free();
        table.free();
        expect(device.allocatedBytes).toBe(0);
        device.dispose();
      });

      it.each(names)("permutes Adult's columns as its views do, to the bit: %s", async (name) => {
        const device = await open();
        const random = new PhiloxStream(4, 0);
        const all = adultColumns("adult.test");
        const columns = slow ? all.map((column) => column.slice(0, 100)) : all;
        const rows = columns[0]?.length ?? 0;
        const table = uploadTable(device, columns);
        const loaded = loadForest(device, referenceForest(name));
        const prepared = await prepareForest(loaded, table);
        const repeats = 3;
        const indexes = Uint32Array.from({ length: repeats * rows }, () => random.integer(rows));
        const buffer = device.allocate(indexes.byteLength);
        device.upload(buffer, indexes);
        for (const group of [[0], [5], [10], [2, 7, 10, 11]]) {
          const sums = await predictPermuted(prepared, { columns: group, indexes: buffer, repeats });
          for (let repeat = 0; repeat < repeats; repeat++) {
            const through = indexes.subarray(repeat * rows, (repeat + 1) * rows);
            const slots = columns.map((_, column) => (group.includes(column) ? through : null));
            const view = uploadView(device, rows, slots);
            const expected = await predictForest(loaded, table, { view });
            expect(firstDifference(sums.subarray(repeat * rows, (repeat + 1) * rows), expected)).toBeNull();
            view.free();
          }
        }
        for (const one of [buffer, prepared, loaded, table]) one.free();
        expect(device.allocatedBytes).toBe(0);
        device.dispose();
      });
    },
  );
}

describe("a forest as an ONNX model", () => {
  it("means to ONNX Runtime what it means here: rules, missing values, outputs, base values", async () => {
    const cpu = testDevices.find(({ name, missing }) => name === "cpu" && missing === null);
    const device = await cpu?.open();
    if (!device) throw new Error("the cpu device is missing");
    for (let seed = 0; seed < 40; seed++) {
      const random = new PhiloxStream(seed, 5);
      const forest = randomForest(random, {
        inputs: 4,
        outputs: 1 + random.integer(3),
        trees: 1 + random.integer(9),
        depth: 1 + random.integer(5),
        stop: 0.2,
        rules: allRules,
        threshold: () => random.integer(4) / 4,
        pairs: "each",
      });
      const columns = Array.from({ length: 4 }, () =>
        Float32Array.from({ length: 64 }, () => [0, 0.25, 0.5, 0.75, Number.NaN][random.integer(5)] ?? 0),
      );
      const loaded = loadForest(device, forest);
      const table = uploadTable(device, columns);
      const sums = await predictForest(loaded, table);
      expect(largestDifference(sums, await onnx(forestAsOnnx(forest), columns, 64))).toBeLessThan(2e-6);
      loaded.free();
      table.free();
    }
    device.dispose();
  });
});
