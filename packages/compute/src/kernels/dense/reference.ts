import type { DenseLayer, Network } from "../../network.ts";

/** Values and how far float32 may lie from them: float64[rows × outputs] each. */
export interface Bounded {
  readonly values: Float64Array;
  readonly bounds: Float64Array;
}

/** Unit roundoff of float32, and what its subnormal numbers lose. */
const unit = 2 ** -24;
const tiny = 1e-37;

/**
 * What the kernel means: rows of a network in float64, with a running bound on the error of any float32 evaluation that
 * sums in some fixed order, fused or not (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002,
 * section 3.1) and whose activations are within 4 units of the last place. Column j is read in row source(j, row).
 */
export function predictReference(
  network: Network,
  columns: readonly Float32Array[],
  source: (column: number, row: number) => number = (_, row) => row,
): Bounded {
  return evaluate(network, columns, (row) => {
    const values = Float64Array.from(columns, (column, j) => column[source(j, row)] ?? 0);
    return { values, sizes: values.map(Math.abs), extra: 0 };
  });
}

/** The same where the first layer's sums are those of the unchanged row, changed column by column. */
export function shiftReference(
  network: Network,
  columns: readonly Float32Array[],
  source: (column: number, row: number) => number,
): Bounded {
  return evaluate(network, columns, (row) => {
    const values = Float64Array.from(columns, (column, j) => column[source(j, row)] ?? 0);
    // The old value went into the sum, and the difference to the new one.
    const sizes = values.map((value, j) => {
      const old = columns[j]?.[row] ?? 0;
      return Math.abs(old) + Math.abs(value - old);
    });
    return { values, sizes, extra: columns.length + 2 };
  });
}

interface Row {
  readonly values: Float64Array;
  /** What the sizes of a sum's terms are measured with. */
  readonly sizes: Float64Array;
  /** Roundings in the first layer beside one for each input and two for product and bias. */
  readonly extra: number;
}

function evaluate(network: Network, columns: readonly Float32Array[], row: (row: number) => Row): Bounded {
  const rows = columns[0]?.length ?? 0;
  const outputs = network.at(-1)?.outputs ?? 0;
  const values = new Float64Array(rows * outputs);
  const bounds = new Float64Array(rows * outputs);
  for (let index = 0; index < rows; index++) {
    const { values: input, sizes, extra } = row(index);
    let x = input;
    let size = sizes;
    let errors: Float64Array = new Float64Array(input.length);
    if (!x.every(Number.isFinite)) x = x.fill(Number.NaN);
    for (const [number, layer] of network.entries()) {
      const sums = sum(layer, x, size, errors, number === 0 ? extra : 0);
      const after = activate(layer, sums.values, sums.bounds);
      x = after.values;
      errors = after.bounds;
      size = x.map(Math.abs);
    }
    values.set(x, index * outputs);
    bounds.set(errors, index * outputs);
  }
  return { values, bounds };
}

function sum(layer: DenseLayer, x: Float64Array, size: Float64Array, errors: Float64Array, extra: number): Bounded {
  const { inputs, outputs, weights, bias } = layer;
  const roundings = (inputs + 2 + extra) * unit;
  const gamma = roundings / (1 - roundings);
  const values = Float64Array.from(bias);
  const bounds = new Float64Array(outputs);
  for (let output = 0; output < outputs; output++) {
    let sizes = Math.abs(bias[output] ?? 0);
    let carried = 0;
    for (let input = 0; input < inputs; input++) {
      const weight = weights[input * outputs + output] ?? 0;
      const error = errors[input] ?? 0;
      values[output] = (values[output] ?? 0) + (x[input] ?? 0) * weight;
      sizes += Math.abs(weight) * ((size[input] ?? 0) + error);
      carried += Math.abs(weight) * error;
    }
    bounds[output] = carried + gamma * sizes + inputs * tiny;
  }
  return { values, bounds };
}

function activate({ activation }: DenseLayer, sums: Float64Array, errors: Float64Array): Bounded {
  switch (activation) {
    case "identity":
      return { values: sums, bounds: errors };
    case "relu":
      return { values: sums.map((x) => Math.max(x, 0)), bounds: errors };
    case "logistic": {
      const values = sums.map(logistic);
      return { values, bounds: errors.map((error, i) => error / 4 + 8 * unit * (values[i] ?? 0) + tiny) };
    }
    case "tanh": {
      const values = sums.map(Math.tanh);
      return { values, bounds: errors.map((error, i) => error + 8 * unit * Math.abs(values[i] ?? 0) + tiny) };
    }
    case "softmax": {
      const top = Math.max(...sums);
      const powers = sums.map((x) => Math.exp(x - top));
      const total = powers.reduce((a, b) => a + b, 0);
      const values = powers.map((power) => power / total);
      // The relative error of a power, and that of their sum.
      const worst = Math.max(...sums.map((x, i) => 2 * (errors[i] ?? 0) + (8 + Math.abs(x - top)) * unit));
      const relative = Math.expm1(2 * worst + (sums.length + 4) * unit);
      return { values, bounds: values.map((value) => value * relative + tiny) };
    }
  }
}

export function logistic(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
