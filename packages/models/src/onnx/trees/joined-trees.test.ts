import { type Device, loadForest, openDevice, predictForest, uploadTable } from "@assay/compute";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnLink } from "../../model.ts";
import { openModel } from "../../node/index.ts";
import { forestOf } from "../../program/join-forests.ts";
import { linkedColumn } from "../../program/linked-column.testing.ts";
import { difference } from "../both-runtimes.testing.ts";
import { ml, treeAttributes } from "../frameworks/exporters.testing.ts";
import { fixture } from "../frameworks/fixture.testing.ts";
import { type NodeSpec, writeOnnx } from "../write/write-onnx.ts";

let device: Device;
beforeAll(async () => {
  device = await openDevice("cpu");
});
afterAll(() => {
  expect(device.allocatedBytes).toBe(0);
  device.dispose();
});

const boosted = fixture("boosting of three classes");
const trees = boosted.trees ?? [];
const inputs = boosted.x[0]?.length ?? 0;
const columns = Array.from({ length: inputs }, (_, column) =>
  Float64Array.from(boosted.x, (row) => Number(row[column] ?? Number.NaN)),
);

/** A TreeEnsembleRegressor of some of the trees. */
function part(output: string, kept: typeof trees, base: number): NodeSpec {
  return {
    operator: "TreeEnsembleRegressor",
    domain: ml,
    name: output,
    inputs: ["X"],
    outputs: [output],
    attributes: {
      ...treeAttributes(kept, {
        votes: "target",
        leaf: ([value = 0]) => [[0, value]],
        mode: "BRANCH_LEQ",
        hitrates: "covers",
      }),
      n_targets: { int: 1 },
      base_values: { floats: [base] },
    },
  };
}

/** Splits the trees by their class: three regressors. */
const ofClass = (place: number) =>
  part(
    `s${place}`,
    trees.filter((_, tree) => tree % 3 === place),
    place / 4,
  );
const concat = (names: readonly string[], output: string): NodeSpec => ({
  operator: "Concat",
  inputs: names,
  outputs: [output],
  attributes: { axis: { int: 1 } },
});
const three = ["s0", "s1", "s2"];

const graphs: readonly (readonly [string, readonly NodeSpec[], number, string])[] = [
  [
    "a regressor that LightGBM's converter split: parts added by Sum",
    [
      part("a", trees.slice(0, 4), 0),
      part("b", trees.slice(4, 9), 1.5),
      part("c", trees.slice(9), 0),
      { operator: "Sum", inputs: ["a", "b", "c"], outputs: ["Y"] },
    ],
    1,
    "identity",
  ],
  [
    "the mean of two regressors, by Add and Mul",
    [
      part("a", trees.slice(0, 7), 0),
      part("b", trees.slice(7), 0.25),
      { operator: "Add", inputs: ["a", "b"], outputs: ["ab"] },
      { operator: "Mul", inputs: ["ab", "half"], outputs: ["Y"] },
    ],
    1,
    "identity",
  ],
  [
    "the log-odds of two parts, through Sigmoid",
    [
      part("a", trees.slice(0, 7), 0),
      part("b", trees.slice(7), 0.25),
      { operator: "Sub", inputs: ["a", "b"], outputs: ["ab"] },
      { operator: "Sigmoid", inputs: ["ab"], outputs: ["Y"] },
    ],
    1,
    "logistic",
  ],
  [
    "a forest for each of three classes before one Softmax",
    [
      ...[0, 1, 2].map(ofClass),
      concat(three, "s"),
      { operator: "Softmax", inputs: ["s"], outputs: ["Y"], attributes: { axis: { int: 1 } } },
    ],
    3,
    "softmax",
  ],
  [
    "a forest for each of two classes before one Softmax: the difference of two sums",
    [
      ...[0, 1].map(ofClass),
      concat(["s0", "s1"], "s"),
      { operator: "Softmax", inputs: ["s"], outputs: ["Y"], attributes: { axis: { int: 1 } } },
    ],
    2,
    "logistic",
  ],
  [
    "one against the rest, normalised",
    [
      ...[0, 1, 2].map(ofClass),
      ...three.map((name): NodeSpec => ({ operator: "Sigmoid", inputs: [name], outputs: [`p${name}`] })),
      concat(
        three.map((name) => `p${name}`),
        "p",
      ),
      { operator: "Normalizer", domain: ml, inputs: ["p"], outputs: ["Y"], attributes: { norm: { text: "L1" } } },
    ],
    3,
    "logistic-share",
  ],
  [
    "p beside 1 − p",
    [
      part("a", trees, 0.1),
      { operator: "Sigmoid", inputs: ["a"], outputs: ["p"] },
      { operator: "Sub", inputs: ["one", "p"], outputs: ["q"] },
      concat(["q", "p"], "Y"),
    ],
    2,
    "logistic",
  ],
];

/** The same link of sums that are a forest's outputs themselves. */
const asOwn = (link: ColumnLink): ColumnLink => ({
  ...link,
  sums: link.sums.map((_, of) => ({ terms: [{ of, weight: 1 }], shift: 0 })),
});

const write = (nodes: readonly NodeSpec[], width: number) =>
  writeOnnx({
    nodes,
    initializers: [
      { name: "half", type: "float", dims: [1], values: [0.5] },
      { name: "one", type: "float", dims: [1], values: [1] },
    ],
    inputs: [{ name: "X", type: "float", dims: ["N", inputs] }],
    outputs: [{ name: "Y", type: "float", dims: ["N", width] }],
  });

describe("several ensembles whose sums come together are one forest", () => {
  it.each(graphs)("%s", async (_, nodes, width, link) => {
    const bytes = write(nodes, width);
    const [ours, theirs] = [await openModel(bytes), await openModel(bytes, { onnxruntimeOnly: true })];
    try {
      expect(ours.runtime).toBe("kernels");
      const { forest } = ours;
      if (forest === null) throw new Error("no forest");
      const parts = nodes.filter((node) => node.operator === "TreeEnsembleRegressor").length;
      expect(forest.forest.outputs).toBe(parts);
      expect(forest.forest.inputs).toBe(inputs);
      expect([...forest.sources]).toEqual(Array.from({ length: inputs }, (__, index) => index));
      expect(forest.forest.cover).not.toBeNull();
      expect(forest.links?.map((one) => one.link)).toEqual(new Array(width).fill(link));

      const main = async (model: typeof ours) => {
        const output = (await model.predict(columns, { device })).outputs[0];
        if (output === undefined || output.kind === "label") throw new Error("no numbers");
        return output.values;
      };
      const [own, reference] = [await main(ours), await main(theirs)];
      expect(difference([...own], [...reference])).toBeLessThan(1e-6);

      // The forest with what follows it, and what its links say, are the model.
      const table = uploadTable(device, forest.encode(columns));
      const predict = async (of: typeof forest.forest) => {
        const loaded = loadForest(device, of);
        try {
          const sums = await predictForest(loaded, table);
          return Array.from({ length: of.outputs }, (__, output) =>
            Float64Array.from({ length: table.rows }, (___, row) => sums[row * of.outputs + output] ?? 0),
          );
        } finally {
          loaded.free();
        }
      };
      const sums = await predict(forest.forest);
      const applied = forest.apply(sums);
      for (const [place, one] of (forest.links ?? []).entries()) {
        const expected = Array.from({ length: table.rows }, (__, row) => own[row * width + place] ?? 0);
        expect(difference([...(applied[place] ?? [])], expected)).toBeLessThan(1e-12);
        expect(difference(linkedColumn(one, sums), expected)).toBeLessThan(1e-7);
        // And each sum that a link speaks of is the one output of a forest of its own; all of them are those of another.
        for (const sum of one.sums) {
          const [alone = new Float64Array(0)] = await predict(forestOf(forest.forest, [sum]));
          const joined = linkedColumn({ link: "identity", sums: [sum], place: 0 }, sums);
          expect(difference([...alone], joined)).toBeLessThan(1e-9);
        }
        const together = await predict(forestOf(forest.forest, one.sums));
        expect(difference(linkedColumn(asOwn(one), together), expected)).toBeLessThan(1e-7);
      }
      table.free();
    } finally {
      await ours.dispose();
      await theirs.dispose();
    }
  });

  it("but not where one asks what another says", async () => {
    const nodes: NodeSpec[] = [
      part("a", trees, 0),
      { operator: "Concat", inputs: ["X", "a"], outputs: ["wide"], attributes: { axis: { int: 1 } } },
      { ...part("Y", trees.slice(0, 3), 0), inputs: ["wide"] },
    ];
    const model = await openModel(write(nodes, 1));
    expect(model.runtime).toBe("kernels");
    expect(model.forest).toBeNull();
    await model.dispose();
  });
});
