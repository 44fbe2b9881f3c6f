import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Device, openDevice, PhiloxStream } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../columns.ts";
import { openModel } from "../node/index.ts";
import { type FittedModel, type TrainingTable, trainBoostedTrees, trainLogistic } from "./index.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const rows = 400;

/** Two columns of float32, one of texts, some numbers missing where that is allowed. */
function table(classes: readonly string[] | null, missing: boolean): TrainingTable {
  const random = new PhiloxStream(31, 0);
  const drawn = () => Float32Array.from({ length: rows }, () => 3 * random.normal());
  const [a, b] = [drawn(), drawn()];
  const town = {
    levels: ["Oslo", "never", "", "西安"],
    codes: Uint8Array.from(a, () => [0, 2, 3][random.integer(3)] ?? 0),
  };
  const scores = Float64Array.from(
    a,
    (value, row) => value - (b[row] ?? 0) + 2 * Number(town.codes[row] === 3) + random.normal(),
  );
  const labels = classes
    ? Float64Array.from(scores, (score) =>
        Math.max(0, Math.min(classes.length - 1, Math.floor(score / 2 + classes.length / 2))),
      )
    : scores;
  if (missing) for (let row = 0; row < rows; row += 7) b[row] = Number.NaN;
  return { columns: [a, b, town], names: ["income", "years", "town"], labels, classes, weights: null };
}

/** Rows not trained on, with a town that was never seen. */
const others: readonly Column[] = (() => {
  const random = new PhiloxStream(32, 0);
  const drawn = () => Float32Array.from({ length: rows }, () => 4 * random.normal());
  return [
    drawn(),
    drawn(),
    { levels: ["Rome", "西安", "Oslo"], codes: Uint8Array.from({ length: rows }, () => random.integer(3)) },
  ];
})();

type Train = (table: TrainingTable) => Promise<FittedModel>;
const trees =
  (texts: "codes" | "one-hot"): Train =>
  (data) =>
    trainBoostedTrees(data, { device, texts, maxIterations: 20 });
const logistic =
  (standardize: boolean): Train =>
  (data) =>
    trainLogistic(data, { device, texts: "one-hot", standardize });

const cases: readonly (readonly [string, Train, readonly string[] | null, boolean])[] = [
  ["trees, two classes that are numbers, texts as codes", trees("codes"), ["0", "1"], true],
  ["trees, two classes that are texts, texts one-hot", trees("one-hot"), ["no", "是"], true],
  ["trees, two classes that are other numbers", trees("codes"), ["3", "7"], true],
  ["trees, four classes", trees("codes"), ["a", "b", "c", "d"], true],
  ["trees, three classes that are numbers", trees("one-hot"), ["10", "20", "30"], true],
  ["trees, numbers", trees("codes"), null, true],
  ["logistic regression, two classes", logistic(false), ["no", "yes"], false],
  ["logistic regression of scaled columns, two classes that are numbers", logistic(true), ["0", "1"], false],
  ["logistic regression, three classes", logistic(true), ["a", "b", "c"], false],
];

describe.each(cases)("a written model: %s", (_, train, classes, missing) => {
  it("opens on our kernels and in ONNX Runtime, and gives what it gave in memory", async () => {
    const data = table(classes, missing);
    const fitted = await train(data);
    const bytes = fitted.toModelBytes("onnx");
    expect([...bytes]).toEqual([...(await train(data)).toModelBytes("onnx")]);
    for (const columns of [data.columns, others]) {
      const meant = await fitted.predict(columns, { device });
      if (columns === data.columns) {
        for (const [at, value] of meant.entries())
          expect(Math.abs(value - (fitted.training[at] ?? 9))).toBeLessThan(1e-12);
      }
      for (const runtime of ["kernels", "onnxruntime"] as const) {
        const model = await openModel(bytes, { onnxruntimeOnly: runtime === "onnxruntime" });
        expect(model.runtime).toBe(runtime);
        expect(model.producer).toBe("assay");
        expect(model.inputs.map((input) => [input.name, input.kind])).toEqual([
          ["income", "number"],
          ["years", "number"],
          ["town", "category"],
        ]);
        const { outputs } = await model.predict(columns, { device });
        const main = outputs.find((output) => output.kind === (classes ? "probabilities" : "value"));
        if (!main || main.kind === "label") throw new Error("no numbers");
        expect(main.values.length).toBe(meant.length);
        const apart = meant.map((value, at) => Math.abs(value - (main.values[at] ?? 9)) / Math.max(1, Math.abs(value)));
        expect(Math.max(...apart), runtime).toBeLessThan(1e-6);
        const label = outputs.find((output) => output.kind === "label");
        if (classes) {
          expect(model.main.classes).toEqual(classes);
          const width = classes.length;
          for (let row = 0; row < rows; row++) {
            const own = [...meant.subarray(row * width, (row + 1) * width)];
            const [most = 0, next = 0] = [...own].sort((x, y) => y - x);
            // Where two are as good as equal, float32 may choose the other.
            if (most - next < 1e-6 || label?.kind !== "label") continue;
            expect(label.levels[label.codes[row] ?? 0]).toBe(classes[own.indexOf(most)]);
          }
          expect(label).toBeDefined();
        }
        await model.dispose();
      }
    }
  });
});

it("keeps its label where no tree speaks for the first class", async () => {
  // All leaves ≥ 0: ONNX Runtime would take the log-odds for a probability, and cut at 0.5.
  const x = Float32Array.from({ length: 200 }, (_, row) => row % 2);
  const labels = Uint8Array.from(x, (value, row) => Number(value === 1 || row % 10 !== 0));
  const weights = Float64Array.from(x, (value) => (value === 1 ? 1 : 0.001));
  const data = { columns: [x], names: ["x"], labels, classes: ["no", "yes"], weights };
  const fitted = await trainBoostedTrees(data, {
    device,
    maxIterations: 1,
    learningRate: 0.001,
    l2Regularization: 1e9,
  });
  const meant = await fitted.predict([x], { device });
  for (const onnxruntimeOnly of [false, true]) {
    const model = await openModel(fitted.toModelBytes("onnx"), { onnxruntimeOnly });
    const { outputs } = await model.predict([x], { device });
    const label = outputs.find((output) => output.kind === "label");
    if (label?.kind !== "label") throw new Error("no label");
    for (const [row, code] of label.codes.entries()) {
      expect(label.levels[code]).toBe((meant[2 * row + 1] ?? 0) > 0.5 ? "yes" : "no");
    }
    await model.dispose();
  }
});

it("keeps apart columns that are called as its own values are", async () => {
  const data = table(["no", "yes"], false);
  for (const names of [
    ["label", "probabilities", "features"],
    ["value", "scaled", "label_encoded"],
  ]) {
    for (const train of [trees("codes"), logistic(true)]) {
      const fitted = await train({ ...data, names });
      const meant = await fitted.predict(data.columns, { device });
      for (const onnxruntimeOnly of [false, true]) {
        const model = await openModel(fitted.toModelBytes("onnx"), { onnxruntimeOnly });
        expect(model.inputs.map((input) => input.name)).toEqual(names);
        const { outputs } = await model.predict(data.columns, { device });
        const main = outputs.find((output) => output.kind === "probabilities");
        if (main?.kind !== "probabilities") throw new Error("no probabilities");
        for (const [at, value] of meant.entries()) expect(Math.abs(value - (main.values[at] ?? 9))).toBeLessThan(1e-6);
        await model.dispose();
      }
    }
  }
});

it("carries covers, so that path-dependent Shapley values need no background", async () => {
  const model = await openModel((await trees("codes")(table(["0", "1"], true))).toModelBytes("onnx"));
  expect(model.forest?.forest.cover?.[0]).toBe(rows);
  expect(model.forest?.links?.map((link) => link.link)).toEqual(["logistic", "logistic"]);
  await model.dispose();
});

const python = "/usr/bin/python3";
const missingChecker =
  spawnSync(python, ["-c", "import onnx"]).status === 0 ? null : "no /usr/bin/python3 with the onnx package";

describe(`onnx.checker${missingChecker ? ` (${missingChecker})` : ""}`, () => {
  it.skipIf(missingChecker !== null)("accepts every model written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "assay-written-"));
    try {
      const files: string[] = [];
      for (const [index, [, train, classes, missing]] of cases.entries()) {
        const file = join(folder, `${index}.onnx`);
        writeFileSync(file, (await train(table(classes, missing))).toModelBytes("onnx"));
        files.push(file);
      }
      const code = "import onnx, sys\nfor f in sys.argv[1:]: onnx.checker.check_model(onnx.load(f))";
      const { status, stderr } = spawnSync(python, ["-c", code, ...files], { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
