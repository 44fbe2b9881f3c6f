import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../../columns.ts";
import type { Model, Prediction } from "../../model.ts";
import { openModel } from "../../node/index.ts";
import type { NodeSpec, ValueSpec } from "../write/write-onnx.ts";
import {
  linearClassifier,
  ml,
  perceptron,
  type TreeStyle,
  torchNetwork,
  treeClassifier,
  treeEnsemble5,
  treeRegressor,
} from "./exporters.testing.ts";
import { type FixtureCase, fixture } from "./fixture.testing.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

/** Columns of a case's rows: numbers, NaN where missing, or texts. */
function columnsOf({ x }: FixtureCase): Column[] {
  return (x[0] ?? []).map((first, column) => {
    const cells = x.map((row) => row[column]);
    if (typeof first !== "string")
      return Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : Number.NaN));
    const levels = [...new Set(cells.map(String))];
    return { levels, codes: Uint32Array.from(cells, (cell) => levels.indexOf(String(cell))) };
  });
}

/** Predicts on our kernels and on ONNX Runtime; which ran is part of what is held. */
async function both(bytes: Uint8Array, one: FixtureCase): Promise<readonly (readonly [Model, Prediction])[]> {
  const results: (readonly [Model, Prediction])[] = [];
  for (const runtime of ["kernels", "onnxruntime"] as const) {
    const model = await openModel(bytes, { name: "model.onnx", onnxruntimeOnly: runtime === "onnxruntime" });
    try {
      expect(model.runtimeReason).toBe(runtime === "kernels" ? null : "it was asked for");
      expect(model.runtime).toBe(runtime);
      results.push([model, await model.predict(columnsOf(one), { device })]);
    } finally {
      await model.dispose();
    }
  }
  return results;
}

async function expectClassifier(bytes: Uint8Array, one: FixtureCase): Promise<void> {
  for (const [model, prediction] of await both(bytes, one)) {
    expect(model.main.kind).toBe("probabilities");
    expect(model.main.classes).toEqual(one.classes);
    const scores = prediction.outputs[model.outputs.indexOf(model.main)];
    if (scores?.kind !== "probabilities") throw new Error("no probabilities");
    expect(scores.width).toBe(one.classes.length);
    expectClose(scores.values, (one.probabilities ?? []).flat());
    const label = prediction.outputs.find((output) => output.kind === "label");
    if (label?.kind !== "label") throw new Error("no labels");
    expect(Array.from(label.codes, (code) => label.levels[code])).toEqual(one.labels);
  }
}

async function expectValues(bytes: Uint8Array, one: FixtureCase): Promise<void> {
  for (const [model, prediction] of await both(bytes, one)) {
    expect(model.main.kind).toBe("value");
    const [output] = prediction.outputs;
    if (output?.kind !== "value") throw new Error("no values");
    expectClose(output.values, one.values ?? []);
  }
}

function expectClose(values: Float64Array, expected: readonly number[]): void {
  expect(values.length).toBe(expected.length);
  const worst = expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (values[index] ?? Number.NaN))),
    0,
  );
  expect(worst).toBeLessThanOrEqual(1e-6);
}

const share = (value: readonly number[]): number[] => {
  const sum = value.reduce((total, one) => total + one, 0);
  return value.map((one) => one / sum);
};

describe("exports of scikit-learn's trees give its values", () => {
  const forest = (name: string): [FixtureCase, TreeStyle] => {
    const one = fixture(name);
    const weight = 1 / (one.trees?.length ?? 1);
    const leaf = (value: readonly number[]): (readonly [number, number])[] => {
      const shares = share(value).map((part) => part * weight);
      // skl2onnx keeps the second class's share alone where there are two.
      return shares.length === 2 ? [[0, shares[1] ?? 0]] : shares.map((part, id) => [id, part]);
    };
    return [one, { votes: "class", leaf, mode: "BRANCH_LEQ", hitrates: "ones" }];
  };
  const parts = (one: FixtureCase, style: TreeStyle) => ({
    trees: one.trees ?? [],
    classes: one.classes,
    inputs: one.x[0]?.length ?? 0,
    style,
  });

  it("forests of two classes with texts as labels", async () => {
    const [one, style] = forest("forest of two classes");
    await expectClassifier(treeClassifier({ ...parts(one, style), transform: "NONE" }), one);
  });

  it("forests of three classes", async () => {
    const [one, style] = forest("forest of three classes");
    await expectClassifier(treeClassifier({ ...parts(one, style), transform: "NONE" }), one);
  });

  it("forests of doubles, over inputs of doubles", async () => {
    const [one, style] = forest("forest of three classes");
    await expectClassifier(treeClassifier({ ...parts(one, { ...style, double: true }), transform: "NONE" }), one);
  });

  it.each([
    ["the mean of its trees", "AVERAGE", 1],
    ["weights that are parts of a sum", "SUM", 1 / 8],
  ])("forest regression by %s", async (_, aggregate, factor) => {
    const one = fixture("forest regression");
    const style: TreeStyle = {
      votes: "target",
      leaf: ([value = 0]) => [[0, value * factor]],
      mode: "BRANCH_LEQ",
      hitrates: "covers",
    };
    await expectValues(treeRegressor({ trees: one.trees ?? [], inputs: 3, style, aggregate }), one);
  });

  it.each([
    ["boosting of two classes", "LOGISTIC", 1],
    ["boosting of three classes", "SOFTMAX", 3],
  ])("%s", async (name, transform, count) => {
    const one = fixture(name);
    const leaf: TreeStyle["leaf"] = ([value = 0], tree) => [[tree % count, value * (one.rate ?? 1)]];
    const style: TreeStyle = { votes: "class", leaf, mode: "BRANCH_LEQ", hitrates: "ones" };
    await expectClassifier(treeClassifier({ ...parts(one, style), transform, base: one.base ?? [] }), one);
  });

  it("boosting regression", async () => {
    const one = fixture("boosting regression");
    const leaf: TreeStyle["leaf"] = ([value = 0]) => [[0, value * (one.rate ?? 1)]];
    const style: TreeStyle = { votes: "target", leaf, mode: "BRANCH_LEQ", hitrates: "ones" };
    const bytes = treeRegressor({ trees: one.trees ?? [], inputs: 3, style, aggregate: "SUM", base: one.base ?? [] });
    await expectValues(bytes, one);
  });

  it.each(["double", "float"] as const)("TreeEnsemble of ai.onnx.ml 5 in %s", async (type) => {
    const one = fixture("forest regression");
    const bytes = treeEnsemble5({
      trees: one.trees ?? [],
      inputs: 3,
      targets: 1,
      type,
      target: () => 0,
      scale: 1,
      transform: 0,
      aggregate: 0,
    });
    await expectValues(bytes, one);
  });
});

describe("exports of boosting libraries give the model's values", () => {
  const missing = fixture("histogram boosting with missing values");
  const many = fixture("histogram boosting of three classes");
  const parts = (one: FixtureCase) => ({ trees: one.trees ?? [], classes: one.classes, inputs: one.x[0]?.length ?? 0 });
  const leaf =
    (one: FixtureCase, count: number, based: boolean): TreeStyle["leaf"] =>
    ([value = 0], tree) => [[tree % count, value + (based && tree < count ? (one.base?.[tree] ?? 0) : 0)]];

  it("scikit-learn's histogram boosting, where missing values have their branch", async () => {
    const style: TreeStyle = { votes: "class", leaf: leaf(missing, 1, false), mode: "BRANCH_LEQ", hitrates: "ones" };
    await expectClassifier(
      treeClassifier({ ...parts(missing), style, transform: "LOGISTIC", base: missing.base ?? [] }),
      missing,
    );
    const three: TreeStyle = { ...style, leaf: leaf(many, 3, false) };
    await expectClassifier(
      treeClassifier({ ...parts(many), style: three, transform: "SOFTMAX", base: many.base ?? [] }),
      many,
    );
  });

  it("LightGBM: the average is in the first trees, class ids go round", async () => {
    const style: TreeStyle = { votes: "class", leaf: leaf(missing, 1, true), mode: "BRANCH_LEQ", hitrates: "ones" };
    await expectClassifier(treeClassifier({ ...parts(missing), style, transform: "LOGISTIC" }), missing);
    const three: TreeStyle = { ...style, leaf: leaf(many, 3, true) };
    await expectClassifier(treeClassifier({ ...parts(many), style: three, transform: "SOFTMAX" }), many);
  });

  it("XGBoost: x < t, one tree a class and round, the base score as a margin", async () => {
    const style: TreeStyle = { votes: "class", leaf: leaf(missing, 1, false), mode: "BRANCH_LT", hitrates: "none" };
    await expectClassifier(
      treeClassifier({ ...parts(missing), style, transform: "LOGISTIC", base: missing.base ?? [] }),
      missing,
    );
    const three: TreeStyle = { ...style, leaf: leaf(many, 3, true) };
    // The base score of many classes is one number for all, which softmax does not feel.
    await expectClassifier(
      treeClassifier({ ...parts(many), style: three, transform: "SOFTMAX", base: [0.5, 0.5, 0.5] }),
      many,
    );
  });
});

describe("exports of scikit-learn's linear models and networks give its values", () => {
  const linear = (name: string) => {
    const one = fixture(name);
    return {
      one,
      classes: one.classes,
      coef: one.coef as readonly (readonly number[])[],
      intercept: one.intercept as readonly number[],
    };
  };

  it("logistic regression of two classes, multinomial, and one against the rest", async () => {
    const { one: two, ...twoParts } = linear("logistic regression of two classes");
    await expectClassifier(linearClassifier({ ...twoParts, transform: "LOGISTIC", normalize: false }), two);
    const { one: three, ...threeParts } = linear("multinomial regression");
    await expectClassifier(linearClassifier({ ...threeParts, transform: "SOFTMAX", normalize: true }), three);
    const { one: rest, ...restParts } = linear("one regression a class");
    await expectClassifier(linearClassifier({ ...restParts, transform: "LOGISTIC", normalize: true }), rest);
  });

  it("perceptrons of two and three classes, and of a value", async () => {
    for (const [name, activation, out] of [
      ["network of two classes", "Relu", "Sigmoid"],
      ["network of three classes", "Tanh", "Softmax"],
    ] as const) {
      const one = fixture(name);
      const { coefs = [], intercepts = [], classes } = one;
      await expectClassifier(perceptron({ coefs, intercepts, activation, out, classes }), one);
    }
    const one = fixture("network regression");
    const { coefs = [], intercepts = [] } = one;
    await expectValues(perceptron({ coefs, intercepts, activation: "Sigmoid", out: "Identity", classes: [] }), one);
  });

  it("networks as PyTorch exports them, without labels", async () => {
    const one = fixture("network of three classes");
    const { model } = torchNetwork(one.coefs ?? [], one.intercepts ?? [], "Tanh", false);
    for (const [opened, { outputs }] of await both(model, one)) {
      expect(opened.producer).toBe("pytorch");
      expect(opened.outputs).toEqual([{ name: "output", kind: "probabilities", classes: null, width: 3 }]);
      const [output] = outputs;
      if (output?.kind !== "probabilities") throw new Error("no probabilities");
      expectClose(output.values, (one.probabilities ?? []).flat());
    }
  });

  it("a pipeline of imputer, scaler, one-hot texts and a regression, with named inputs", async () => {
    const one = fixture("pipeline of encoders and a regression");
    const names = ["age", "pay", "town", "job"];
    const nodes: NodeSpec[] = [
      { operator: "Concat", inputs: ["age", "pay"], outputs: ["numbers"], attributes: { axis: { int: 1 } } },
      {
        operator: "Imputer",
        domain: ml,
        inputs: ["numbers"],
        outputs: ["filled"],
        attributes: { imputed_value_floats: { floats: one.fill ?? [] }, replaced_value_float: { float: Number.NaN } },
      },
      {
        operator: "Scaler",
        domain: ml,
        inputs: ["filled"],
        outputs: ["scaled"],
        attributes: {
          offset: { floats: one.mean ?? [] },
          scale: { floats: (one.scale ?? []).map((scale) => 1 / scale) },
        },
      },
      ...["town", "job"].map(
        (name, index): NodeSpec => ({
          operator: "OneHotEncoder",
          domain: ml,
          inputs: [name],
          outputs: [`${name}_out`],
          attributes: { cats_strings: { texts: one.categories?.[index] ?? [] }, zeros: { int: 1 } },
        }),
      ),
      { operator: "Concat", inputs: ["town_out", "job_out"], outputs: ["hot"], attributes: { axis: { int: -1 } } },
      { operator: "Flatten", inputs: ["hot"], outputs: ["texts"], attributes: { axis: { int: 1 } } },
      { operator: "Concat", inputs: ["scaled", "texts"], outputs: ["features"], attributes: { axis: { int: 1 } } },
    ];
    const inputs = names.map(
      (name, index): ValueSpec => ({ name, type: index < 2 ? "float" : "string", dims: ["N", 1] }),
    );
    const bytes = linearClassifier({
      classes: one.classes,
      coef: one.coef as readonly (readonly number[])[],
      intercept: one.intercept as readonly number[],
      transform: "LOGISTIC",
      normalize: false,
      input: { name: "features", nodes, inputs },
    });
    await expectClassifier(bytes, one);
    const model = await openModel(bytes);
    expect(model.inputs.map((input) => [input.name, input.kind])).toEqual([
      ["age", "number"],
      ["pay", "number"],
      ["town", "category"],
      ["job", "category"],
    ]);
    await model.dispose();
  });
});
