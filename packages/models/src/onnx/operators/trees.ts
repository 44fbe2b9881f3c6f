import { numbersOf } from "../../columns.ts";
import type { GraphNode } from "../graph.ts";
import { asNumbers, type Batch, type Builder, NotCompiled, type Operator } from "../operand.ts";
import { postTransforms, readPostTransform, transformScores } from "../post-transform.ts";
import { classifierScores, linksOf } from "../trees/classifier-scores.ts";
import { readTrees } from "../trees/read-trees.ts";
import { numbers } from "../trees/read-trees-3.ts";
import { snapDoubles } from "../trees/snap-doubles.ts";
import { type Cut, toForest } from "../trees/to-forest.ts";
import type { TreeTable } from "../trees/tree-table.ts";
import { votedTargets } from "../trees/voted-targets.ts";

/** The sums of trees over a batch, one column for each target. */
function sums(
  node: GraphNode,
  input: Batch,
  table: TreeTable,
  base: Float64Array,
  scale: number,
  build: Builder,
): Batch {
  if (input.dims.length !== 1) throw new NotCompiled(`${node.place} takes shape [${input.dims.join(", ")}]`);
  const cuts: Cut[] | null = input.element === "double" ? [] : null;
  const forest = toForest(node, table, { inputs: input.columns.length, base, scale, cuts });
  const given = cuts ? snapDoubles(node, input, cuts, build) : input;
  const result = build.batch("float", [table.targets]);
  build.push({ kind: "forest", inputs: given.columns, outputs: result.columns, forest });
  return result;
}

export const treeEnsembleClassifierOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "TreeEnsembleClassifier",
  compile: (node, [input], build) => {
    const texts = node.texts("classlabels_strings");
    const ints = node.ints("classlabels_int64s");
    const classes = texts.length > 0 ? texts : [...ints].map(String);
    const table = readTrees(node);
    const rules = classifierScores(
      node,
      table,
      numbers(node, "base_values"),
      readPostTransform(node),
      texts.length > 0 ? "string" : "int64",
      classes,
    );
    const scores = sums(node, asNumbers(node, input), table, rules.base, 1, build);
    const label = build.batch(texts.length > 0 ? "string" : "int64", []);
    build.push({
      kind: "host",
      inputs: scores.columns,
      outputs: label.columns,
      run: (columns, rows) => {
        const codes = rules.label(columns.map(numbersOf), rows);
        return [texts.length > 0 ? { levels: texts, codes } : Float64Array.from(codes, (code) => ints[code] ?? 0)];
      },
    });
    const shown = build.batch("float", [classes.length]);
    build.push({
      kind: "host",
      inputs: scores.columns,
      outputs: shown.columns,
      run: (columns, rows) => rules.scores(columns.map(numbersOf), rows),
      ...(rules.links === null ? {} : { links: rules.links }),
    });
    return [label, shown];
  },
};

const aggregates = ["AVERAGE", "SUM", "MIN", "MAX"] as const;

export const treeEnsembleRegressorOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "TreeEnsembleRegressor",
  compile: (node, [input], build) => {
    const table = readTrees(node);
    const { targets } = table;
    const aggregate = aggregates.find((one) => one === (node.text("aggregate_function") ?? "SUM"));
    if (!aggregate) throw node.fault(`aggregate_function is ${JSON.stringify(node.text("aggregate_function"))}`);
    const base = numbers(node, "base_values");
    if (base.length !== 0 && base.length !== targets) {
      throw node.fault(`base_values has ${base.length} values for ${targets} targets`);
    }
    return [regression(node, asNumbers(node, input), table, aggregate, base, readPostTransform(node), build)];
  },
};

export const treeEnsembleOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "TreeEnsemble",
  compile: (node, [input], build) => {
    const aggregate = aggregates[node.int("aggregate_function") ?? 1];
    const transform = postTransforms[node.int("post_transform") ?? 0];
    if (!aggregate) throw node.fault(`aggregate_function is ${node.int("aggregate_function")}`);
    if (!transform) throw node.fault(`post_transform is ${node.int("post_transform")}`);
    const batch = asNumbers(node, input);
    const result = regression(node, batch, readTrees(node), aggregate, new Float64Array(0), transform, build);
    return [batch.element === "double" ? { ...result, element: "double" } : result];
  },
};

function regression(
  node: GraphNode,
  input: Batch,
  table: TreeTable,
  aggregate: (typeof aggregates)[number],
  base: Float64Array,
  transform: (typeof postTransforms)[number],
  build: Builder,
): Batch {
  // ONNX Runtime adds a base value only where a leaf of the row votes for its target.
  const settled = table.targets === 1 || base.every((value) => value === 0) || votedTargets(node, table).every(Boolean);
  if (!settled) throw new NotCompiled(`${node.place} has base values for targets that no leaf votes for`);
  const whole = new Float64Array(table.targets);
  whole.set(base);
  const scale = aggregate === "AVERAGE" ? 1 / table.roots.length : 1;
  const scores = sums(node, input, table, whole, scale, build);
  if (aggregate === "MIN" || aggregate === "MAX")
    throw new NotCompiled(`${node.place} takes the ${aggregate} of its trees`);
  if (transform === "NONE") return scores;
  // ONNX Runtime leaves a single target as it is, against the standard.
  if (transform === "PROBIT" || table.targets === 1)
    throw new NotCompiled(`${node.place} has post_transform ${transform}`);
  const shown = build.batch("float", scores.dims);
  const links = linksOf(transform, table.targets);
  build.push({
    kind: "host",
    inputs: scores.columns,
    outputs: shown.columns,
    run: (columns, rows) => transformScores(transform, columns.map(numbersOf), rows),
    ...(links === null ? {} : { links }),
  });
  return shown;
}
