import { type NumberColumn, numbersOf } from "../../columns.ts";
import type { GraphNode } from "../graph.ts";
import { asNumbers, asNumericConstant, type Batch, type Builder, NotCompiled, type Operator } from "../operand.ts";
import { readPostTransform, transformScores } from "../post-transform.ts";
import { broadcast } from "./arithmetic.ts";

/** x · weights + bias, as one layer of a network. `weights` is inputs × outputs, the outputs of one input side by side. */
function layer(build: Builder, batch: Batch, outputs: number, weights: Float32Array, bias: Float32Array): Batch {
  const result = build.batch("float", [outputs]);
  build.push({
    kind: "network",
    inputs: batch.columns,
    outputs: result.columns,
    network: [{ inputs: batch.columns.length, outputs, weights, bias, activation: "identity" }],
  });
  return result;
}

/** A batch of float rows [n, k]. Products in double are left to ONNX Runtime: the kernels compute in float32. */
function floatRows(node: GraphNode, batch: Batch): Batch {
  if (batch.element !== "float" || batch.dims.length !== 1) {
    throw new NotCompiled(`${node.place} multiplies ${batch.element} of shape [${batch.dims.join(", ")}]`);
  }
  return batch;
}

function matrix(
  node: GraphNode,
  tensor: { readonly dims: readonly number[]; readonly values: ArrayLike<number> },
  inputs: number,
  transposed: boolean,
): { weights: Float32Array; outputs: number } {
  const [first = 0, second = 0] = tensor.dims;
  if (tensor.dims.length !== 2) throw new NotCompiled(`${node.place} multiplies by shape [${tensor.dims.join(", ")}]`);
  const [rows, outputs] = transposed ? [second, first] : [first, second];
  if (rows !== inputs) throw node.fault(`multiplies rows of ${inputs} columns by weights of ${rows}`);
  if (outputs === 0) throw node.fault("has no outputs");
  const weights = new Float32Array(inputs * outputs);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      const at = transposed ? output * inputs + input : input * outputs + output;
      weights[input * outputs + output] = tensor.values[at] ?? 0;
    }
  }
  checkFinite(node, weights);
  return { weights, outputs };
}

function checkFinite(node: GraphNode, values: Float32Array): void {
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd !== -1) throw node.fault(`a weight is ${values[odd]}`);
}

export const gemmOperator: Operator = {
  domain: "",
  name: "Gemm",
  compile: (node, [a, b, c], build) => {
    const batch = floatRows(node, asNumbers(node, a));
    if (node.int("transA")) throw new NotCompiled(`${node.place} transposes rows`);
    const { weights, outputs } = matrix(
      node,
      asNumericConstant(node, b),
      batch.columns.length,
      node.int("transB") === 1,
    );
    const [alpha, beta] = [node.float("alpha") ?? 1, node.float("beta") ?? 1];
    const bias = new Float32Array(outputs);
    if (c) {
      const constant = asNumericConstant(node, c);
      for (const [output, at] of broadcast(node, [outputs], constant.dims).entries()) {
        bias[output] = beta * (constant.values[at] ?? 0);
      }
    }
    checkFinite(node, bias);
    return [layer(build, batch, outputs, alpha === 1 ? weights : weights.map((weight) => alpha * weight), bias)];
  },
};

export const matMulOperator: Operator = {
  domain: "",
  name: "MatMul",
  compile: (node, [a, b], build) => {
    const batch = floatRows(node, asNumbers(node, a));
    const { weights, outputs } = matrix(node, asNumericConstant(node, b), batch.columns.length, false);
    return [layer(build, batch, outputs, weights, new Float32Array(outputs))];
  },
};

/** Coefficients [targets × inputs] and intercepts as a layer; integers and doubles are rounded to float32 first, as ONNX Runtime does. */
function linearLayer(node: GraphNode, batch: Batch, targets: number, build: Builder): Batch {
  const coefficients = node.floats("coefficients");
  const inputs = batch.columns.length;
  if (batch.dims.length !== 1) throw new NotCompiled(`${node.place} takes shape [${batch.dims.join(", ")}]`);
  if (coefficients.length !== targets * inputs) {
    throw node.fault(`coefficients has ${coefficients.length} values for ${targets} × ${inputs} columns`);
  }
  const { weights } = matrix(node, { dims: [targets, inputs], values: coefficients }, inputs, true);
  const intercepts = Float32Array.from(node.floats("intercepts"));
  if (intercepts.length !== 0 && intercepts.length !== targets) {
    throw node.fault(`intercepts has ${intercepts.length} values for ${targets}`);
  }
  checkFinite(node, intercepts);
  return layer(build, batch, targets, weights, intercepts.length === 0 ? new Float32Array(targets) : intercepts);
}

/**
 * The class of the largest score, and all scores. Of two classes with one row of coefficients the label is s > 0 and the
 * scores are (σ(−s), σ(s)) with LOGISTIC, (1 − s, s) with any other transform: so ONNX Runtime does it
 * (linearclassifier.cc).
 */
export const linearClassifierOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "LinearClassifier",
  compile: (node, [input], build) => {
    const batch = asNumbers(node, input);
    const texts = node.texts("classlabels_strings");
    const numbers = node.ints("classlabels_ints");
    const classes = texts.length > 0 ? texts.length : numbers.length;
    const targets = node.floats("intercepts").length;
    if (targets === 0) throw new NotCompiled(`${node.place} has no intercepts`);
    if (!(classes === targets || (targets === 1 && classes === 2))) {
      throw node.fault(`${classes} class labels for ${targets} rows of coefficients`);
    }
    const transform = readPostTransform(node);
    if (transform === "PROBIT" || classes < 2)
      throw new NotCompiled(`${node.place} has ${classes} class and post_transform ${transform}`);
    const scores = linearLayer(node, batch, targets, build);
    const label = build.batch(texts.length > 0 ? "string" : "int64", []);
    build.push({
      kind: "host",
      inputs: scores.columns,
      outputs: label.columns,
      run: (columns, rows) => {
        const codes = labelCodes(columns.map(numbersOf), rows);
        return [texts.length > 0 ? { levels: texts, codes } : Float64Array.from(codes, (code) => numbers[code] ?? 0)];
      },
    });
    const shown = build.batch("float", [classes]);
    build.push({
      kind: "host",
      inputs: scores.columns,
      outputs: shown.columns,
      run: (columns, rows) => {
        const values = columns.map(numbersOf);
        const [only] = values;
        if (targets > 1 || !only) return transformScores(transform, values, rows);
        if (transform !== "LOGISTIC") return [Float32Array.from(only, (score) => 1 - score), only];
        return transformScores("LOGISTIC", [only.map((score) => -score), only], rows);
      },
    });
    return [label, shown];
  },
};

function labelCodes(scores: readonly NumberColumn[], rows: number): Uint32Array {
  const [first] = scores;
  return Uint32Array.from({ length: rows }, (_, row) => {
    if (scores.length === 1) return (first?.[row] ?? 0) > 0 ? 1 : 0;
    let best = 0;
    for (let index = 1; index < scores.length; index++) {
      if ((scores[index]?.[row] ?? 0) > (scores[best]?.[row] ?? 0)) best = index;
    }
    return best;
  });
}

export const linearRegressorOperator: Operator = {
  domain: "ai.onnx.ml",
  name: "LinearRegressor",
  compile: (node, [input], build) => {
    const targets = node.int("targets") ?? 1;
    if (targets < 1) throw node.fault(`targets is ${targets}`);
    if (readPostTransform(node) !== "NONE") throw new NotCompiled(`${node.place} has a post_transform`);
    return [linearLayer(node, asNumbers(node, input), targets, build)];
  },
};
