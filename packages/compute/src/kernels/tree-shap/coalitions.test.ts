import { describe, expect, it } from "vitest";
import { type Forest, goesLeft } from "../../forest.ts";
import { PhiloxStream } from "../../random/philox-stream.ts";
import { allRules, randomForest } from "../forest/random-forest.ts";
import { type CoalitionLink, loadCoalitions, maxCoalitionPlayers } from "./coalitions.ts";
import { columns, largestDifference } from "./samples.testing.ts";

/** The number of one row, by walking every tree. */
function outputOf(forest: Forest, row: readonly number[], { kind, place }: CoalitionLink): number {
  const sums = Float64Array.from(forest.base);
  for (const root of forest.roots) {
    let node = root;
    while ((forest.column[node] ?? -1) >= 0) {
      const left = goesLeft(forest, node, row[forest.column[node] ?? 0] ?? Number.NaN);
      node = (left ? forest.left : forest.right)[node] ?? 0;
    }
    for (let entry = forest.left[node] ?? 0; entry < (forest.right[node] ?? 0); entry++) {
      const output = forest.leafOutput[entry] ?? 0;
      sums[output] = (sums[output] ?? 0) + (forest.leafValue[entry] ?? 0);
    }
  }
  const made = sums.map((sum) => (kind === "softmax" ? Math.exp(sum) : 1 / (1 + Math.exp(-sum))));
  return (made[place] ?? Number.NaN) / made.reduce((total, value) => total + value, 0);
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** φ_i = Σ_S |S|! (M − |S| − 1)! / M! · (v(S ∪ i) − v(S)), v over all 2^M sets, each from rows that are put together. */
function byDefinition(
  forest: Forest,
  rows: readonly Float32Array[],
  background: readonly Float32Array[],
  players: Int32Array,
  link: CoalitionLink,
): { base: number; values: Float64Array } {
  const count = Math.max(...players) + 1;
  const [rowCount, zCount] = [rows[0]?.length ?? 0, background[0]?.length ?? 0];
  const values = new Float64Array(rowCount * count);
  const worth = (row: number, set: number): number => {
    let sum = 0;
    for (let z = 0; z < zCount; z++) {
      const mixed = rows.map((column, index) =>
        Number((((set >> (players[index] ?? 0)) & 1) === 1 ? column[row] : background[index]?.[z]) ?? Number.NaN),
      );
      sum += outputOf(forest, mixed, link) / zCount;
    }
    return sum;
  };
  for (let row = 0; row < rowCount; row++) {
    const v = Array.from({ length: 2 ** count }, (_, set) => worth(row, set));
    for (let i = 0; i < count; i++) {
      for (const [set, value] of v.entries()) {
        if ((set >> i) & 1) continue;
        const size = set.toString(2).replaceAll("0", "").length;
        const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
        values[row * count + i] = (values[row * count + i] ?? 0) + weight * ((v[set | (1 << i)] ?? 0) - value);
      }
    }
  }
  return { base: worth(0, 0), values };
}

describe("values of what several sums make together", () => {
  it.each([
    ["softmax", 3, 6, 5],
    ["softmax", 4, 10, 3],
    ["logistic-share", 3, 7, 4],
    ["softmax", 2, 1, 2],
  ] as const)("%s of %i sums, %i players: as over all sets of players", (kind, outputs, players, depth) => {
    const random = new PhiloxStream(71, players * 8 + outputs);
    const forest = randomForest(random, { inputs: players + 2, outputs, trees: 9, depth, rules: allRules });
    // Two columns more than players: some players have several.
    const of = Int32Array.from({ length: players + 2 }, (_, column) => column % players);
    const rows = columns(random, players + 2, 4);
    const background = columns(random, players + 2, 5);
    for (let place = 0; place < outputs; place++) {
      const link = { kind, place };
      const loaded = loadCoalitions(forest, { background, link, players: of });
      const values = loaded.explain(rows, 0, 4);
      const expected = byDefinition(forest, rows, background, of, link);
      expect(Math.abs(loaded.base - expected.base)).toBeLessThan(1e-13);
      expect(largestDifference(values, expected.values)).toBeLessThan(1e-12);
      expect(loaded.explain(rows, 2, 3)).toEqual(values.slice(2 * players, 3 * players));
      for (let row = 0; row < 4; row++) {
        const own = outputOf(
          forest,
          rows.map((column) => column[row] ?? 0),
          link,
        );
        const sum = values.slice(row * players, (row + 1) * players).reduce((a, b) => a + b, loaded.base);
        expect(Math.abs(sum - own)).toBeLessThan(1e-12);
      }
    }
  });

  it("over classes add up to nothing: what one gains the others lose", () => {
    const random = new PhiloxStream(72, 0);
    const forest = randomForest(random, { inputs: 5, outputs: 3, trees: 6, depth: 4 });
    const rows = columns(random, 5, 6);
    const background = columns(random, 5, 7);
    const players = Int32Array.of(0, 1, 2, 3, 4);
    const total = new Float64Array(6 * 5);
    for (let place = 0; place < 3; place++) {
      const loaded = loadCoalitions(forest, { background, link: { kind: "softmax", place }, players });
      for (const [index, value] of loaded.explain(rows, 0, 6).entries()) total[index] = (total[index] ?? 0) + value;
    }
    expect(largestDifference(total, new Float64Array(30))).toBeLessThan(1e-14);
  });

  it("holds where sums are far apart", () => {
    const random = new PhiloxStream(73, 0);
    const forest = randomForest(random, { inputs: 4, outputs: 3, trees: 5, depth: 3 });
    const far = { ...forest, leafValue: forest.leafValue.map((value) => value * 1000) };
    const rows = columns(random, 4, 5);
    const background = columns(random, 4, 5);
    const players = Int32Array.of(0, 1, 2, 3);
    for (const kind of ["softmax", "logistic-share"] as const) {
      const values = loadCoalitions(far, { background, link: { kind, place: 1 }, players }).explain(rows, 0, 5);
      expect(values.every(Number.isFinite)).toBe(true);
      if (kind === "softmax") expect(values.every((value) => Math.abs(value) <= 1)).toBe(true);
    }
  });

  it("refuses more players than sets can be gone through", () => {
    const random = new PhiloxStream(74, 0);
    const inputs = maxCoalitionPlayers + 1;
    const forest = randomForest(random, { inputs, outputs: 3, trees: 1, depth: 2 });
    const options = {
      background: columns(random, inputs, 2),
      link: { kind: "softmax", place: 0 } as const,
      players: Int32Array.from({ length: inputs }, (_, column) => column),
    };
    expect(() => loadCoalitions(forest, options)).toThrow(/15 players are too many; at most 14/);
    expect(() =>
      loadCoalitions(forest, { ...options, background: columns(random, inputs, 0), players: new Int32Array(inputs) }),
    ).toThrow(/no rows/);
  });
});
