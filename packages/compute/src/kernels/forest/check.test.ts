import { describe, expect, it } from "vitest";
import type { Forest } from "../../forest.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { checkForest } from "./check.ts";
import { packForest } from "./pack.ts";
import { allRules, randomForest } from "./random-forest.ts";

/** x ≤ 0.5 ? 1 : (x ≤ 2 ? 10 : 20), and a tree that is one leaf. */
const sound: Forest = {
  inputs: 1,
  outputs: 1,
  base: new Float64Array(1),
  roots: Uint32Array.of(0, 5),
  column: Int32Array.of(0, -1, 0, -1, -1, -1),
  threshold: Float32Array.of(0.5, 0, 2, 0, 0, 0),
  rule: new Uint8Array(6),
  left: Uint32Array.of(1, 0, 3, 1, 2, 3),
  right: Uint32Array.of(2, 1, 4, 2, 3, 4),
  leafOutput: new Uint32Array(4),
  leafValue: Float64Array.of(1, 10, 20, 0.25),
  cover: null,
};

describe("checkForest", () => {
  it("lists the nodes of every tree, parents first, and tells the depth", () => {
    expect([...checkForest(sound).reached]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(checkForest(sound).depth).toBe(2);
  });

  const set = (name: "column" | "leafOutput" | "left" | "right" | "roots", at: number, value: number) => {
    const copy = sound[name].slice();
    copy[at] = value;
    return { ...sound, [name]: copy };
  };
  it.each<[string, Forest, RegExp]>([
    ["a child out of range", set("left", 0, 6), /node 0 goes to node 6, there are 6/],
    ["a root out of range", set("roots", 1, 9), /roots\[1\] is node 9, there are 6/],
    ["a cycle", set("right", 2, 0), /node 0 is reached on two ways/],
    ["a node of two parents", set("right", 2, 1), /node 1 is reached on two ways/],
    ["a node that is its own child", set("left", 2, 2), /node 2 is reached on two ways/],
    ["a tree twice", set("roots", 1, 0), /node 0 is reached on two ways/],
    ["a column that rows don't have", set("column", 2, 1), /node 2 asks column 1, a row has 1/],
    [
      "a threshold that is none",
      { ...sound, threshold: Float32Array.of(0.5, 0, Number.NaN, 0, 0, 0) },
      /node 2 has no threshold/,
    ],
    [
      "a leaf value that is not finite",
      { ...sound, leafValue: Float64Array.of(1, Number.NaN, 20, 0) },
      /leaf 3 adds NaN/,
    ],
    [
      "an infinite leaf value",
      { ...sound, leafValue: Float64Array.of(1, 10, Number.NEGATIVE_INFINITY, 0) },
      /leaf 4 adds -Infinity/,
    ],
    ["a leaf's values out of range", set("right", 4, 5), /leaf 4 has values 2 to 5, there are 4/],
    ["a leaf's values that end before they begin", set("right", 4, 1), /leaf 4 has values 2 to 1/],
    ["an output out of range", set("leafOutput", 3, 1), /leaf 5 adds to output 1, there are 1/],
    ["a base value that is not finite", { ...sound, base: Float64Array.of(Number.NaN) }, /base\[0\] is NaN/],
    ["too few base values", { ...sound, outputs: 2 }, /base has 1 values for 2 outputs/],
    ["no outputs", { ...sound, outputs: 0 }, /outputs must be an integer from 1, got 0/],
    ["arrays of different lengths", { ...sound, rule: new Uint8Array(5) }, /rule has 5 nodes, column 6/],
    ["values without outputs", { ...sound, leafOutput: new Uint32Array(3) }, /leafValue has 4 entries, leafOutput 3/],
  ])("refuses %s", (_, forest, message) => {
    expect(() => checkForest(forest)).toThrow(message);
    expect(() => checkForest(forest)).toThrow(expect.objectContaining({ code: "model-invalid" }));
  });

  it("ends for forests of any numbers: laid out, or refused with a sentence", () => {
    let laidOut = 0;
    for (let seed = 0; seed < 800; seed++) {
      const random = new PhiloxStream(seed, 0);
      const shape = { inputs: 2, outputs: 2, trees: 3, depth: 3, stop: 0.3, rules: allRules, pairs: 2 };
      const forest = randomForest(random, shape);
      for (let change = random.integer(3); change > 0; change--) {
        const name = (["column", "left", "right", "roots", "leafOutput"] as const)[random.integer(5)] ?? "left";
        const array = forest[name];
        if (array.length > 0) array[random.integer(array.length)] = random.integer(array.length + 2) - 1;
      }
      try {
        const { depth, trees } = packForest(forest, () => 1);
        expect(depth).toBeLessThan(forest.column.length);
        expect(trees).toBe(3);
        laidOut++;
      } catch (error) {
        expect(error).toMatchObject({ name: "AssayError", code: "model-invalid" });
      }
    }
    expect(laidOut).toBeGreaterThan(200);
    expect(laidOut).toBeLessThan(780);
  });

  it("refuses sums that can pass the largest double", () => {
    const leafValue = Float64Array.of(1, 1.7e308, 20, 1.7e308);
    expect(() => packForest({ ...sound, leafValue }, () => 1)).toThrow(/sums of output 0 can pass the largest double/);
  });
});
