import { type Device, openDevice } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../node/index.ts";
import { linkedColumn } from "../../program/linked-column.testing.ts";
import { difference, onBoth } from "../both-runtimes.testing.ts";
import { type Attribute, writeOnnx } from "../write/write-onnx.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const ml = "ai.onnx.ml";

interface Stumps {
  /** For each tree, for each of its two leaves, [id, weight] pairs. */
  readonly votes: readonly (readonly (readonly (readonly [number, number])[])[])[];
  readonly labels?: readonly number[] | readonly string[];
  readonly targets?: number;
  readonly transform?: string;
  readonly base?: readonly number[];
  readonly aggregate?: string;
  readonly mode?: string;
  readonly threshold?: number;
  readonly missingTrue?: boolean;
  readonly double?: boolean;
}

/** Trees of one decision on column 0. */
function stumps(model: Stumps): Uint8Array<ArrayBuffer> {
  const votes = model.labels ? "class" : "target";
  const threshold = model.threshold ?? 0.5;
  const perNode = (values: readonly number[]) => ({ ints: model.votes.flatMap(() => values) });
  const flat = model.votes.flatMap((leaves, tree) =>
    leaves.flatMap((pairs, leaf) => pairs.map(([id, weight]) => ({ tree, node: leaf + 1, id, weight }))),
  );
  const values = model.votes.flatMap(() => [threshold, 0, 0]);
  const attributes: Record<string, Attribute> = {
    nodes_treeids: { ints: model.votes.flatMap((_, tree) => [tree, tree, tree]) },
    nodes_nodeids: perNode([0, 1, 2]),
    nodes_featureids: perNode([0, 0, 0]),
    nodes_modes: { texts: model.votes.flatMap(() => [model.mode ?? "BRANCH_LEQ", "LEAF", "LEAF"]) },
    nodes_truenodeids: perNode([1, 0, 0]),
    nodes_falsenodeids: perNode([2, 0, 0]),
    nodes_missing_value_tracks_true: perNode([model.missingTrue ? 1 : 0, 0, 0]),
    ...(model.double
      ? { nodes_values_as_tensor: { tensor: { name: "v", type: "double", dims: [values.length], values } } }
      : { nodes_values: { floats: values } }),
    [`${votes}_treeids`]: { ints: flat.map((one) => one.tree) },
    [`${votes}_nodeids`]: { ints: flat.map((one) => one.node) },
    [`${votes}_ids`]: { ints: flat.map((one) => one.id) },
    ...(model.double
      ? {
          [`${votes}_weights_as_tensor`]: {
            tensor: { name: "w", type: "double", dims: [flat.length], values: flat.map((one) => one.weight) },
          },
        }
      : { [`${votes}_weights`]: { floats: flat.map((one) => one.weight) } }),
    post_transform: { text: model.transform ?? "NONE" },
    ...(model.base ? { base_values: { floats: model.base } } : {}),
    ...(model.aggregate ? { aggregate_function: { text: model.aggregate } } : {}),
    ...(model.targets ? { n_targets: { int: model.targets } } : {}),
    ...(model.labels
      ? typeof model.labels[0] === "string"
        ? { classlabels_strings: { texts: model.labels.map(String) } }
        : { classlabels_int64s: { ints: model.labels.map(Number) } }
      : {}),
  };
  const width = model.labels?.length ?? model.targets ?? 1;
  const label = typeof model.labels?.[0] === "string" ? "string" : "int64";
  return writeOnnx({
    nodes: [
      {
        operator: model.labels ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor",
        domain: ml,
        inputs: ["X"],
        outputs: model.labels ? ["label", "scores"] : ["scores"],
        attributes,
      },
    ],
    inputs: [{ name: "X", type: model.double ? "double" : "float", dims: ["N", 2] }],
    outputs: [
      ...(model.labels ? [{ name: "label", type: label, dims: ["N"] } as const] : []),
      { name: "scores", type: "float", dims: ["N", width] },
    ],
  });
}

const rows = (...values: number[]) => [Float64Array.from(values), new Float64Array(values.length)];

describe("a classifier's two outputs are ONNX Runtime's", () => {
  const one = (low: number, high: number, id = 0): Stumps["votes"] => [[[[id, low]], [[id, high]]]];
  const both: Stumps["votes"] = [
    [
      [
        [0, 0.8],
        [1, 0.2],
      ],
      [
        [0, 0.3],
        [1, 0.7],
      ],
    ],
  ];
  const three: Stumps["votes"] = [
    [
      [
        [0, 0.8],
        [1, 0.2],
        [2, 0],
      ],
      [
        [0, 0.3],
        [1, -0.7],
        [2, 0.9],
      ],
    ],
  ];
  const models: readonly (readonly [string, Stumps, "kernels" | "onnxruntime"])[] = [
    ["votes of one id, some negative", { votes: one(-0.3, 0.7), labels: [0, 1] }, "kernels"],
    ["votes of one id, none negative", { votes: one(0.3, 0.7), labels: [5, 7] }, "kernels"],
    ["votes of one id and a base value", { votes: one(-0.3, 0.7), labels: ["no", "yes"], base: [0.4] }, "kernels"],
    [
      "votes of one id, none negative, and a base value",
      { votes: one(0.3, 0.7), labels: [5, 7], base: [-0.1] },
      "kernels",
    ],
    ["votes of one id and two base values", { votes: one(-0.3, 0.7), labels: [0, 1], base: [0.1, 0.2] }, "onnxruntime"],
    ["votes of the second id alone", { votes: one(-0.3, 0.7, 1), labels: [0, 1] }, "onnxruntime"],
    ["votes of both ids", { votes: both, labels: [0, 1] }, "kernels"],
    ["votes of both ids with texts", { votes: both, labels: ["a", "b"], base: [0.1] }, "kernels"],
    ["votes of both ids of other numbers", { votes: both, labels: [5, 7] }, "onnxruntime"],
    ["three classes", { votes: three, labels: [5, 7, 9] }, "kernels"],
    ["three classes and base values", { votes: three, labels: ["a", "b", "c"], base: [1, 2, 3] }, "kernels"],
    ["a class that only some rows vote for", { votes: [[[[0, -0.8]], [[1, -0.3]]]], labels: [1, 2, 3] }, "onnxruntime"],
  ];
  const transforms = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"];

  it.each(models)("%s", async (_, model, runtime) => {
    for (const transform of transforms) {
      const result = await onBoth(stumps({ ...model, transform }), rows(0, 0.5, 1, Number.NaN), device);
      expect(result.kernels ? "kernels" : "onnxruntime", `${transform}: ${result.reason}`).toBe(runtime);
      if (!result.kernels) continue;
      expect(result.kernels.label).toEqual(result.onnxruntime.label);
      expect(difference(result.kernels.scores ?? [], result.onnxruntime.scores ?? []), transform).toBeLessThan(2e-7);
    }
  });

  it.each(models)("says what each score is of the sums, where that is told: %s", async (_, model) => {
    for (const transform of transforms) {
      const opened = await openModel(stumps({ ...model, transform }), { name: "model.onnx" });
      const { forest } = opened;
      await opened.dispose();
      if (forest === null) continue;
      if (transform === "SOFTMAX_ZERO" && new Set(forest.forest.leafOutput).size > 1) {
        expect(forest.links).toBeNull();
        continue;
      }
      const sums = Array.from({ length: forest.forest.outputs }, (__, of) =>
        Float64Array.of(-1.5, -0.25, 0, 0.5, 2).map((value) => value + of / 8),
      );
      const columns = forest.apply(sums);
      expect(forest.links, transform).toHaveLength(columns.length);
      for (const [place, link] of (forest.links ?? []).entries()) {
        expect(difference([...(columns[place] ?? [])], linkedColumn(link, sums)), `${transform} ${place}`).toBeLessThan(
          1e-6,
        );
      }
    }
  });

  it("leaves PROBIT to ONNX Runtime", async () => {
    const { reason } = await onBoth(stumps({ votes: both, labels: [0, 1], transform: "PROBIT" }), rows(0), device);
    expect(reason).toMatch(/PROBIT/);
  });
});

describe("every way to branch goes where ONNX Runtime goes", () => {
  const modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];
  const near = (threshold: number) => {
    const bits = new Uint32Array(Float32Array.of(threshold).buffer);
    return [-1, 0, 1].map((step) => new Float32Array(Uint32Array.of((bits[0] ?? 0) + step).buffer)[0] ?? 0);
  };

  it.each(modes)("%s, with missing values on either side", async (mode) => {
    for (const missingTrue of [false, true]) {
      for (const threshold of [0.1, -3.5, 7]) {
        const model: Stumps = { votes: [[[[0, 1]], [[0, 2]]]], targets: 1, mode, threshold, missingTrue };
        const values = rows(...near(threshold), Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0);
        const { kernels, onnxruntime } = await onBoth(stumps(model), values, device);
        expect(kernels?.scores, `${mode} ${threshold} missing ${missingTrue}`).toEqual(onnxruntime.scores);
      }
    }
  });

  it.each(modes)("%s over doubles, also between two float32", async (mode) => {
    const equality = mode === "BRANCH_EQ" || mode === "BRANCH_NEQ";
    for (const threshold of equality ? [7, 0.5] : [0.1, -0.1, 7, 1e-50, -1e300]) {
      const close = [
        threshold,
        threshold + 1e-12,
        threshold - 1e-12,
        threshold * (1 + 2 ** -52),
        threshold * (1 - 2 ** -53),
      ];
      const model: Stumps = { votes: [[[[0, 1]], [[0, 2]]]], targets: 1, mode, threshold, double: true };
      const values = rows(...close, ...near(threshold), 0, -0, Number.NaN, 1e301, -1e301);
      const { kernels, onnxruntime } = await onBoth(stumps(model), values, device);
      expect(kernels?.scores, `${mode} ${threshold}`).toEqual(onnxruntime.scores);
    }
  });

  it("leaves equality with a double that no float32 is to ONNX Runtime", async () => {
    const model: Stumps = {
      votes: [[[[0, 1]], [[0, 2]]]],
      targets: 1,
      mode: "BRANCH_EQ",
      threshold: 0.1,
      double: true,
    };
    const { reason, onnxruntime } = await onBoth(stumps(model), rows(0.1, Math.fround(0.1)), device);
    expect(reason).toMatch(/equality with 0.1/);
    expect(onnxruntime.scores).toEqual([1, 2]);
  });
});

describe("regressions are ONNX Runtime's", () => {
  const leaf = (first: number, second: number) => [[0, first] as const, [1, second] as const];
  const two: Stumps["votes"] = [
    [leaf(0.3, 1), leaf(0.7, 0)],
    [leaf(0.1, -1), leaf(0.2, 0.5)],
  ];

  it.each(["SUM", "AVERAGE", "MIN", "MAX"])("%s of two targets and base values", async (aggregate) => {
    for (const transform of ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"]) {
      const model: Stumps = { votes: two, targets: 2, aggregate, transform, base: [0.25, 1] };
      const { kernels, onnxruntime, reason } = await onBoth(stumps(model), rows(0, 1), device);
      if (aggregate === "MIN" || aggregate === "MAX") expect(reason).toMatch(aggregate);
      else expect(difference(kernels?.scores ?? [], onnxruntime.scores ?? []), transform).toBeLessThan(2e-7);
    }
  });

  it("leaves targets that only some rows vote for to ONNX Runtime where they have base values", async () => {
    const some: Stumps = { votes: [[leaf(0.3, 1), [[0, 0.7]]]], targets: 2 };
    const { kernels, onnxruntime } = await onBoth(stumps(some), rows(0, 1), device);
    expect(difference(kernels?.scores ?? [], onnxruntime.scores ?? [])).toBeLessThan(2e-7);
    const based = await onBoth(stumps({ ...some, base: [0.25, 1] }), rows(0, 1), device);
    expect(based.reason).toMatch(/target 1 gets a vote depends on the row/);
  });

  it("leaves a transform of one target to ONNX Runtime, which leaves it out", async () => {
    const model: Stumps = { votes: [[[[0, 0.25]], [[0, 0.75]]]], targets: 1, transform: "LOGISTIC" };
    const { reason, onnxruntime } = await onBoth(stumps(model), rows(0, 1), device);
    expect(reason).toMatch(/LOGISTIC/);
    expect(onnxruntime.scores).toEqual([0.25, 0.75]);
  });
});

describe("TreeEnsemble of ai.onnx.ml 5", () => {
  /** Node 0 asks for membership, its false branch is node 1: x ≤ 10; leaves 1, 2, 4. */
  const members = (values: readonly number[], type: "double" | "float", extra: Record<string, Attribute> = {}) =>
    writeOnnx({
      mlOpset: 5,
      nodes: [
        {
          operator: "TreeEnsemble",
          domain: ml,
          inputs: ["X"],
          outputs: ["scores"],
          attributes: {
            n_targets: { int: 1 },
            tree_roots: { ints: [0] },
            nodes_featureids: { ints: [0, 0] },
            nodes_modes: { tensor: { name: "m", type: "uint8", dims: [2], values: [6, 0] } },
            nodes_splits: { tensor: { name: "s", type, dims: [2], values: [0, 10] } },
            nodes_truenodeids: { ints: [0, 1] },
            nodes_trueleafs: { ints: [1, 1] },
            nodes_falsenodeids: { ints: [1, 2] },
            nodes_falseleafs: { ints: [0, 1] },
            leaf_targetids: { ints: [0, 0, 0] },
            leaf_weights: { tensor: { name: "w", type, dims: [3], values: [1, 2, 4] } },
            membership_values: {
              tensor: { name: "v", type, dims: [values.length + 1], values: [...values, Number.NaN] },
            },
            ...extra,
          },
        },
      ],
      inputs: [{ name: "X", type, dims: ["N", 2] }],
      outputs: [{ name: "scores", type, dims: ["N", 1] }],
    });

  it.each(["double", "float"] as const)("asks for membership in a set, in %s", async (type) => {
    const bytes = members([1, 2, 3, 9], type);
    const { kernels, onnxruntime } = await onBoth(bytes, rows(1, 2, 3, 9, 2.5, 4, 12, Number.NaN), device);
    expect(kernels?.scores).toEqual([1, 1, 1, 1, 2, 2, 4, 4]);
    expect(onnxruntime.scores).toEqual(kernels?.scores);
  });

  it("takes a tree of one leaf", async () => {
    const bytes = members([1], "float", {
      nodes_truenodeids: { ints: [2, 1] },
      nodes_falsenodeids: { ints: [2, 2] },
      nodes_falseleafs: { ints: [1, 1] },
    });
    const { kernels, onnxruntime } = await onBoth(bytes, rows(1, 12), device);
    expect(kernels?.scores).toEqual([4, 4]);
    expect(onnxruntime.scores).toEqual([4, 4]);
  });
});
