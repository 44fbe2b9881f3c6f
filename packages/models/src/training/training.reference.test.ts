import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../node/index.ts";
import { type FittedLogistic, type TrainingTable, trainBoostedTrees, trainLogistic } from "./index.ts";

const shared = fileURLToPath(new URL("../../../../../shared/", import.meta.url));

interface Coefficients {
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
}

/** What reference.py wrote. */
const reference = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8")) as {
  readonly adult: Coefficients;
  readonly adultWeighted: Coefficients;
  readonly breastCancer: Coefficients;
  readonly iris: Coefficients;
  readonly accuracy: { readonly gradientBoosting: number; readonly histGradientBoosting: number };
};

function adult(name: string): TrainingTable & { readonly columns: readonly Float64Array[] } {
  const encoding = JSON.parse(readFileSync(`${shared}reference/models/adult_encoding.json`, "utf8")) as {
    readonly columns: readonly string[];
    readonly categories: Readonly<Record<string, readonly string[]>>;
  };
  const rows = readFileSync(`${shared}data/${name}`, "utf8")
    .split("\n")
    .map((line) => line.split(",").map((cell) => cell.trim()))
    .filter((cells) => cells.length === encoding.columns.length + 1);
  return {
    columns: encoding.columns.map((column, index) => {
      const list = encoding.categories[column];
      return Float64Array.from(rows, (cells) => (list ? list.indexOf(cells[index] ?? "") : Number(cells[index])));
    }),
    names: encoding.columns,
    labels: Uint8Array.from(rows, (cells) => Number(cells.at(-1)?.startsWith(">50K"))),
    classes: ["<=50K", ">50K"],
    weights: null,
  };
}

/** A CSV file of numbers, the last column the class. */
function table(name: string, classes: readonly string[]): TrainingTable {
  const [head = "", ...lines] = readFileSync(`${shared}data/sklearn_${name}.csv`, "utf8").trim().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  const names = head.split(",").slice(0, -1);
  return {
    columns: names.map((_, column) => Float64Array.from(rows, (row) => row[column] ?? Number.NaN)),
    names,
    labels: Uint8Array.from(rows, (row) => row.at(-1) ?? 0),
    classes,
    weights: null,
  };
}

function expectCoefficients(fitted: FittedLogistic, theirs: Coefficients): void {
  expect(fitted.status).toBe("converged");
  for (const [output, row] of theirs.coefficients.entries()) {
    for (const [at, value] of row.entries()) {
      expect(Math.abs((fitted.coefficients[output]?.[at] ?? Number.NaN) - value)).toBeLessThan(1e-4);
    }
    expect(Math.abs((fitted.intercepts[output] ?? Number.NaN) - (theirs.intercepts[output] ?? 0))).toBeLessThan(1e-4);
  }
}

describe.skipIf(!existsSync(shared))("training on the shared data", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice("cpu");
  });
  afterAll(() => {
    expect(device.allocatedBytes).toBe(0);
    device.dispose();
  });

  it("has scikit-learn's coefficients on Adult, breast cancer and iris to 1e-4", async () => {
    const train = adult("adult.data");
    const weights = Float64Array.from(train.labels, (_, row) => 1 + ((row * 7) % 5));
    expectCoefficients(await trainLogistic(train, { device, standardize: true }), reference.adult);
    expectCoefficients(await trainLogistic(train, { device, standardize: true, weights }), reference.adultWeighted);
    const cancer = table("breast_cancer", ["0", "1"]);
    expectCoefficients(await trainLogistic(cancer, { device, standardize: true }), reference.breastCancer);
    expectCoefficients(await trainLogistic(table("iris", ["0", "1", "2"]), { device }), reference.iris);
  });

  it("says that iris has no best coefficients without a penalty: one of its classes lies apart", async () => {
    const fitted = await trainLogistic(table("iris", ["0", "1", "2"]), { device, C: Number.POSITIVE_INFINITY });
    expect(fitted.status).toBe("separable");
    expect(fitted.diverging.length).toBeGreaterThan(0);
  });

  it("boosts trees as accurate on Adult's test rows as scikit-learn's, within 0.5 points, deployed too", async () => {
    const [train, test] = [adult("adult.data"), adult("adult.test")];
    const accuracy = (values: ArrayLike<number>) =>
      test.labels.reduce<number>(
        (sum, label, row) => sum + Number(Number((values[2 * row + 1] ?? 0) > 0.5) === label),
        0,
      ) / test.labels.length;
    const fitted = await trainBoostedTrees(train, { device });
    const predicted = await fitted.predict(test.columns, { device });
    expect(Math.abs(accuracy(predicted) - reference.accuracy.histGradientBoosting)).toBeLessThan(0.005);
    for (const options of [{}, { onnxruntimeOnly: true }]) {
      const model = await openModel(fitted.toModelBytes("onnx"), options);
      const [, output] = (await model.predict(test.columns, { device })).outputs;
      await model.dispose();
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      const apart = predicted.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (output.values[at] ?? 9))),
        0,
      );
      expect(apart).toBeLessThan(1e-6);
    }
    // The settings of the shared gb100_d3 model.
    const deep = { maxLeafNodes: null, maxDepth: 3, minSamplesLeaf: 1 };
    const shallow = await trainBoostedTrees(train, { device, ...deep });
    const values = await shallow.predict(test.columns, { device });
    expect(Math.abs(accuracy(values) - reference.accuracy.gradientBoosting)).toBeLessThan(0.005);
  });
});
